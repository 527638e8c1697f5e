package wengert.gan.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import wengert.gan.config.RunConfig;

/// `./wengert config`.
@Command(name = "config", description = "Prints the merged configuration as YAML: every key, what it means, "
        + "its value.", mixinStandardHelpOptions = true)
final class ConfigCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "PRESET | CONFIG.yaml",
            description = "What to start from; dcgan unless said otherwise.")
    private String what;

    @Mixin
    private ConfigOptions options;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(RunConfig.load(what, options.sets(), options.options()).toYaml());
        out.flush();
        return 0;
    }
}
