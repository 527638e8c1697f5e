package wengert.gan.cli;

import java.io.FileDescriptor;
import java.lang.reflect.Field;

/// Gives `System.err` back what the launcher set aside.
///
/// The JVM announces the incubating Vector API on standard error in each run, and no option silences it. So
/// the launcher starts it with descriptor 2 on a filter that drops this one line, with the true standard
/// error on another descriptor, whose number it passes in the property `wengert.stderr`. What the JVM itself
/// has to say goes through the filter; what this program says goes straight to where the user wanted it, in
/// order.
final class StandardError {
    private StandardError() {
    }

    /// Does nothing when the program was not started by the launcher.
    static void restore() {
        Integer descriptor = Integer.getInteger("wengert.stderr");
        if (descriptor == null) {
            return;
        }
        try {
            Field number = FileDescriptor.class.getDeclaredField("fd");
            number.setAccessible(true);
            number.setInt(FileDescriptor.err, descriptor);
        } catch (ReflectiveOperationException | RuntimeException e) {
            // descriptor 2 still leads to the user, through the filter
            System.getLogger("wengert").log(System.Logger.Level.DEBUG, "standard error stays on the filter",
                    e);
        }
    }
}
