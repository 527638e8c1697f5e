package wengert.gan.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.DeviceFamily;
import wengert.tensor.spi.SpeedProbe;

/// `./wengert doctor`.
@Command(name = "doctor", mixinStandardHelpOptions = true,
        description = "Says what this machine offers: Java, backends, threads, vector width, measured peak, "
                + "CUDA.")
final class DoctorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Runtime machine = Runtime.getRuntime();
        line(out, "wengert", Version.number());
        line(out, "java", System.getProperty("java.vm.name") + " " + Runtime.version() + " in "
                + System.getProperty("java.home"));
        line(out, "system", System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch") + ", " + machine.availableProcessors() + " processors");
        line(out, "heap", machine.maxMemory() / (1 << 20) + " MiB at most; more with WENGERT_OPTS=-Xmx8g");
        for (Device device : new Device[] {Device.CPU, Device.REFERENCE}) {
            line(out, device.toString(), device.backend().description());
        }
        speed(out, Device.CPU.backend());
        cuda(out);
        out.flush();
        return 0;
    }

    private static void speed(PrintWriter out, Backend cpu) {
        SpeedProbe probe = cpu.find(SpeedProbe.class);
        if (probe == null) {
            return;
        }
        SpeedProbe.Speed speed = probe.measure();
        line(out, "FMA peak", String.format(Locale.ROOT,
                "%.0f GFLOP/s on one core, %.0f on %d threads (f32, measured)",
                speed.oneThread() / 1e9, speed.allThreads() / 1e9, speed.threads()));
        line(out, "memory", String.format(Locale.ROOT, "%.0f GB/s copying on %d threads (measured)",
                speed.bytesPerSecond() / 1e9, speed.threads()));
    }

    private static void cuda(PrintWriter out) {
        DeviceFamily family = Device.family("cuda");
        if (family == null) {
            line(out, "cuda", "not on the class path: add cuda-kernels/target/wengert-cuda-"
                    + Version.number() + ".jar");
            return;
        }
        int cards = family.count();
        line(out, "cuda", cards == 0 ? "no card can be used; what it needs:"
                : cards + (cards == 1 ? " card" : " cards") + " can be used: --device cuda");
        NeedTable.lines(family.report()).forEach(out::println);
    }

    private static void line(PrintWriter out, String what, String value) {
        out.printf("%-10s %s%n", what, value);
    }
}
