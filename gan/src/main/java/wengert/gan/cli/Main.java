package wengert.gan.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The program that `./wengert` starts. Exit codes: 0 done, 1 failed, 2 wrong usage.
@Command(
        name = "wengert",
        description = "Trains generative adversarial networks on tensors and a tape of its own.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "First steps:",
            "  ./wengert train              a DCGAN on the bundled images: 3 to 5 minutes",
            "  ./wengert config             every setting, explained",
            "  ./wengert doctor             what this machine offers",
            "  ./wengert bench              how fast it is; with --peers: beside PyTorch"},
        subcommands = {TrainCommand.class, SampleCommand.class, ConfigCommand.class, ConformCommand.class,
            DoctorCommand.class})
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(names = "--stacktrace", scope = ScopeType.INHERIT, description = "With an error, also say where "
            + "it arose.")
    private boolean stacktrace;

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
        PrintWriter err = new PrintWriter(System.err, true);
        int code;
        try {
            code = run(args, new PrintWriter(System.out, true), err);
        } catch (OutOfMemoryError e) {
            err.println(Failures.outOfMemory(e));
            code = 1;
        }
        System.exit(code);
    }

    /// Runs one command, for a program that is more than this one.
    ///
    /// @param out for what the command prints
    /// @param err for what went wrong
    /// @return the exit code
    public static int run(String[] args, PrintWriter out, PrintWriter err) {
        var main = new Main();
        return new CommandLine(main).setOut(out).setErr(err)
                .setExecutionExceptionHandler(new Failures(() -> main.stacktrace))
                .setParameterExceptionHandler(new WrongUsage())
                .execute(args);
    }

    /// A command line without a command is wrong usage.
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing a command.");
    }
}
