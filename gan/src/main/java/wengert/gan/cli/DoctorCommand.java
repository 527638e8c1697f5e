package wengert.gan.cli;

import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.DeviceException;
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
        line(out, "cuda", cuda());
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

    /// Whether there is a driver, and whether there is a backend that would use it.
    private static String cuda() {
        String driver;
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup(System.mapLibraryName("cuda") + (isLinux() ? ".1" : ""), arena);
            driver = "NVIDIA driver found";
        } catch (IllegalArgumentException e) {
            driver = "no NVIDIA driver";
        }
        try {
            return driver + ", " + Device.cuda(0).backend().description();
        } catch (DeviceException e) {
            return driver + ", no CUDA backend on the class path: training runs on the CPU";
        }
    }

    private static boolean isLinux() {
        return System.getProperty("os.name").equals("Linux");
    }

    private static void line(PrintWriter out, String what, String value) {
        out.printf("%-10s %s%n", what, value);
    }
}
