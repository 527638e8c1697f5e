package wengert.gan.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;
import wengert.gan.config.ConfigException;

/// One clear message for whatever went wrong; the stack trace only when asked for.
final class Failures implements IExecutionExceptionHandler {
    private final BooleanSupplier stacktrace;

    Failures(BooleanSupplier stacktrace) {
        this.stacktrace = stacktrace;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        command.getErr().println("wengert: " + options(message(e)));
        if (stacktrace.getAsBoolean()) {
            e.printStackTrace(command.getErr());
        }
        command.getErr().flush();
        return e instanceof ConfigException ? 2 : 1;
    }

    /// What to say when the heap is full.
    ///
    /// @param e with a table of who holds it, or without
    static String outOfMemory(OutOfMemoryError e) {
        String said = e.getMessage() == null ? "" : e.getMessage();
        return "wengert: out of memory: the heap has " + Runtime.getRuntime().maxMemory() / (1 << 20)
                + " MiB at most. Give it more, as in WENGERT_OPTS=-Xmx8g ./wengert …, or ask for less: a"
                + " smaller batch, fewer images" + (said.contains("\n") ? "\n" + said : "");
    }

    /// The library names settings by their keys; the data have an option of their own.
    static String options(String message) {
        return message.replaceAll("\\bdata=(?=bundled|idx:|cifar10:|folder:)", "--data ");
    }

    /// The JDK's file exceptions carry the bare path as their message.
    private static String message(Exception e) {
        return switch (e) {
            case NoSuchFileException _, FileNotFoundException _ -> "there is no file " + e.getMessage();
            case AccessDeniedException _ -> "no permission for " + e.getMessage();
            case FileAlreadyExistsException _ -> "there is already something at " + e.getMessage();
            case IOException _ -> "reading or writing failed: " + e.getMessage();
            default -> e.getMessage() == null ? "an error without a message, " + e.getClass().getSimpleName()
                    + "; run again with --stacktrace" : e.getMessage();
        };
    }
}
