package wengert.gan.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class VersionTest {
    @Test
    void theVersionIsThePomsAndNotThePlaceholder() {
        assertTrue(Version.number().matches("\\d+\\.\\d+\\.\\d+"), Version.number());
    }
}
