package wengert.gan.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The program that `./wengert` starts. Exit codes: 0 done, 1 failed, 2 wrong usage.
@Command(
        name = "wengert",
        description = "Trains generative adversarial networks on tensors and a tape of its own.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    private Main() {
    }

    /// Runs one command and ends the JVM with its exit code.
    ///
    /// @param args the command line
    public static void main(String[] args) {
        StandardError.restore();
        if (args.length == 1 && args[0].equals("--version")) {
            // asked often and by scripts: a third of the time without the command line's model
            System.out.println(Version.text());
            return;
        }
        System.exit(new CommandLine(new Main()).execute(args));
    }

    /// A command line without a command is wrong usage.
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing a command.");
    }
}
