package wengert.gan.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import wengert.gan.report.Report;
import wengert.gan.run.RunDirectory;
import wengert.gan.run.TrainingRun;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.SpeedProbe;

/// What a training says at its end: the report, where everything lies, what to try next.
final class Summary {
    private final TrainingRun run;
    private final boolean complete;
    private final double seconds;

    /// @param seconds of training, in this process
    Summary(TrainingRun run, boolean complete, double seconds) {
        this.run = run;
        this.complete = complete;
        this.seconds = seconds;
    }

    void write(PrintWriter out) throws IOException {
        RunDirectory d = run.directory();
        Path root = d.root();
        Report.of(root, run.config(), complete ? "finished" : "stopped after " + run.step() + " of "
                + run.config().whole("steps") + " iterations", commands(), results(), machine())
                .write(d.report());
        out.printf(Locale.ROOT, "%n%s after %d iterations, %.0f s%n", complete ? "finished" : "stopped",
                run.step(), seconds);
        if (run.speed().images() > 0) {
            out.println("  speed        " + speed());
        }
        out.println("  report       " + d.report());
        out.println("  pictures     " + d.sample(run.step()).getParent());
        out.println("  checkpoints  " + d.checkpoints());
        if (!complete) {
            out.println("to go on:      ./wengert train --resume " + root);
            return;
        }
        out.println("  generator    " + d.network(run.config().flag("ema.enabled") ? "generator_ema"
                : "generator"));
        out.println("try next:");
        out.println("  ./wengert sample " + root + " --count 100 --seed 7 --out samples.png");
        out.println("  ./wengert train --resume " + root + " --steps " + 2 * run.config().whole("steps"));
        out.println("  ./wengert train wgan-gp");
    }

    /// `590 images/s; 61 GFLOP/s, 36 % of this machine's peak (171)`: products and convolutions over all of
    /// the time.
    private String speed() {
        TrainingRun.Speed s = run.speed();
        String images = String.format(Locale.ROOT, "%.0f images/s", s.images() / s.seconds());
        SpeedProbe probe = Device.parse(run.config().text("device")).backend().find(SpeedProbe.class);
        if (probe == null || s.flops() == 0) {
            return images;
        }
        double rate = s.flops() / s.seconds();
        double peak = probe.measure().allThreads();
        return images + String.format(Locale.ROOT, "; %.0f GFLOP/s, %.0f %% of this machine's peak (%.0f)",
                rate * 1e-9, 100 * rate / peak, peak * 1e-9);
    }

    private List<String> commands() {
        List<String> commands = new ArrayList<>();
        commands.add("./wengert train " + run.directory().config() + " --out again");
        commands.add("./wengert train --resume " + run.directory().root()
                + (complete ? " --steps " + 2 * run.config().whole("steps") : ""));
        if (complete) {
            commands.add("./wengert sample " + run.directory().root() + " --count 100 --out samples.png");
        }
        return commands;
    }

    private Map<String, String> results() {
        Map<String, String> results = new LinkedHashMap<>();
        results.put("iterations", String.valueOf(run.step()));
        results.put("generator", String.format(Locale.ROOT, "%,d parameters",
                run.generator().parameterCount()));
        results.put("discriminator", String.format(Locale.ROOT, "%,d parameters",
                run.discriminator().parameterCount()));
        results.put("data", run.images().description());
        results.put("time", String.format(Locale.ROOT, "%.0f s in this process", seconds));
        return results;
    }

    private Map<String, String> machine() {
        Map<String, String> machine = new LinkedHashMap<>();
        machine.put("Wengert", Version.number());
        machine.put("Java", Runtime.version() + ", " + System.getProperty("java.vendor"));
        machine.put("backend", Device.parse(run.config().text("device")).backend().description());
        machine.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                + Runtime.getRuntime().availableProcessors() + " processors");
        return machine;
    }
}
