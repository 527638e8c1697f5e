package wengert.gan.conform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wengert.tensor.io.Json;
import wengert.tensor.spi.Device;

/// The reference vectors agree, and a wrong one is noticed.
class ConformanceTest {
    private static Path vectors() throws URISyntaxException {
        return Path.of(ConformanceTest.class.getResource("/conformance/ops.json").toURI()).getParent();
    }

    @Test
    void everyVectorAgreesInEverySetting() throws Exception {
        Report report = Conformance.run(vectors(), List.of(Device.REFERENCE, Device.CPU));
        assertEquals(List.of(), report.failures());
        assertEquals(4, report.settings().size());
        assertEquals(115 + 10 + 5 + 7, report.cases());
        assertTrue(report.passed());
    }

    @Test
    void oneChangedNumberIsNamedWithItsCase(@TempDir Path copy) throws Exception {
        for (String name : List.of("ops.json", "ops.safetensors", "training.json", "training.safetensors")) {
            Files.copy(vectors().resolve(name), copy.resolve(name));
        }
        change(copy.resolve("ops.safetensors"), "conv2d/groups:grad2:w", 3, 1e-6);
        Report report = Conformance.run(copy, List.of(Device.CPU));
        assertFalse(report.passed());
        assertEquals(1, report.failures().size());
        String failure = report.failures().getFirst();
        assertTrue(failure.contains("conv2d/groups") && failure.contains("grad2:w")
                && failure.contains("element 3"), failure);
    }

    /// Adds to one f64 number of a safetensors file.
    private static void change(Path file, String tensor, int element, double by) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) buffer.getLong(0);
        var json = (java.util.Map<?, ?>) Json.parse(new String(bytes, 8, header,
                java.nio.charset.StandardCharsets.UTF_8), 1 << 24, "test");
        var entry = (java.util.Map<?, ?>) json.get(tensor);
        int at = 8 + header + ((Number) ((List<?>) entry.get("data_offsets")).get(0)).intValue()
                + 8 * element;
        buffer.putDouble(at, buffer.getDouble(at) + by);
        Files.write(file, bytes);
    }
}
