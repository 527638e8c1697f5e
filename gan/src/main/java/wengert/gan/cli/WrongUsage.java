package wengert.gan.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Wrong usage: what was wrong, what was probably meant, and where the help is. Exit code 2.
final class WrongUsage implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("wengert: " + e.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(e, err)
                && e.getMessage().startsWith("Missing a command")) {
            command.usage(err);
        }
        err.println("Help: ./wengert " + (command.getParent() == null ? "" : command.getCommandName() + " ")
                + "--help");
        err.flush();
        return 2;
    }
}
