package wengert.gan.data;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;
import wengert.tensor.io.FormatException;

/// Assertions about refusals, for the tests of this package.
final class Refused {
    private Refused() {
    }

    /// Images that a run cannot have are refused with a message that holds all of the texts.
    static void data(Executable call, String... texts) {
        holds(assertThrows(DataException.class, call), texts);
    }

    /// A damaged file is refused with a message that holds all of the texts.
    static void format(Executable call, String... texts) {
        holds(assertThrows(FormatException.class, call), texts);
    }

    private static void holds(RuntimeException e, String... texts) {
        for (String text : texts) {
            assertTrue(e.getMessage().contains(text), () -> "'" + text + "' in: " + e.getMessage());
        }
    }
}
