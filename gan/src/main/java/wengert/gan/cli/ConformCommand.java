package wengert.gan.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import wengert.gan.conform.Conformance;
import wengert.gan.conform.Report;
import wengert.tensor.spi.Device;

/// `./wengert conform DIR`.
@Command(name = "conform", mixinStandardHelpOptions = true, description = {
    "Replays reference vectors on this machine's backends, in f64 and f32: operators with first and second "
            + "order, "
    + "optimisers, schedules, whole GAN trainings. Prints the worst error of each. Exit code 1 if any is "
    + "too large."})
final class ConformCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Where ops and training lie, a .json and a "
            + ".safetensors file of each.")
    private Path directory;

    @Option(names = "--device", paramLabel = "NAME", description = "Only this one, such as cuda or "
            + "auto; may be repeated. Default: reference, cpu.")
    private List<String> devices = List.of("reference", "cpu");

    @Option(names = "--only", paramLabel = "TEXT", description = "Only cases whose name contains this, such "
            + "as conv2d or gan/wgan-gp.")
    private String only = "";

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        List<Device> on = new ArrayList<>();
        devices.forEach(name -> on.add(Device.parse(name)));
        on.forEach(Device::backend);
        long begin = System.nanoTime();
        Report report = Conformance.run(directory, on, name -> name.contains(only));
        out.println(report.table());
        report.failures().forEach(line -> out.println("FAILED  " + line));
        out.printf(Locale.ROOT, "%d cases in %d settings: %s, %.1f s%n", report.cases(),
                report.settings().size(),
                report.passed() ? "all agree" : report.failures().size() + " do not agree",
                (System.nanoTime() - begin) / 1e9);
        out.flush();
        return report.passed() ? 0 : 1;
    }
}
