package wengert.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.SpeedProbe;

/// Where and when something was measured.
///
/// @param cpu       the processor's name and how many of it there are
/// @param backend   what the CPU backend says of itself, with the vector width
/// @param java      the JVM and its version
/// @param date      of today
/// @param threads   that compute
/// @param flops     operations per second at best, measured, all threads
/// @param bandwidth bytes per second at best, measured
/// @param device    that computes
record Machine(String cpu, String backend, String java, String date, int threads, double flops,
        double bandwidth, Device device) {
    private static final int PROBES = 3;

    /// Looks and measures, two or three seconds. Other programs can only slow a probe down, so the best one
    /// counts.
    static Machine measure(int threads) throws InterruptedException {
        return measure(threads, Device.CPU);
    }

    /// The same of a card: the peak is that of a large product, the bandwidth that of a copy.
    static Machine measure(int threads, Device device) throws InterruptedException {
        if (!device.equals(Device.CPU)) {
            var engine = new Wengert(device);
            var clock = new Clock(device, 0.2, 0.1, PROBES);
            Workload product = Workloads.find("matmul-4096x4096x4096");
            Workload copy = Workloads.find("copy-64M");
            return of(device, threads, product.flops() / clock.seconds(engine.prepare(product.name())),
                    copy.bytes() / clock.seconds(engine.prepare(copy.name())));
        }
        SpeedProbe probe = Device.CPU.backend().find(SpeedProbe.class);
        double flops = 0;
        for (int i = 0; i < PROBES; i++) {
            flops = Math.max(flops, probe.measure().allThreads());
        }
        return of(device, threads, flops, Bandwidth.measure(threads));
    }

    private static Machine of(Device device, int threads, double flops, double bandwidth) {
        return new Machine(processors(), device.backend().description(),
                System.getProperty("java.vendor.version", System.getProperty("java.vm.name")) + " ("
                        + Runtime.version() + ")",
                LocalDate.now().toString(), threads, flops, bandwidth, device);
    }

    private static String processors() {
        int count = Runtime.getRuntime().availableProcessors();
        String name = System.getProperty("os.arch");
        try {
            name = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(l -> l.startsWith("model name")).map(l -> l.substring(l.indexOf(':') + 1).strip())
                    .findFirst().orElse(name);
        } catch (IOException e) {
            // another system than Linux: its architecture is all that is known
        }
        return count + " processors " + name + ", " + System.getProperty("os.name");
    }

    /// The best rate for work that is limited so, per second.
    double best(Workload.Limit limit) {
        return limit == Workload.Limit.FLOPS ? flops : bandwidth;
    }

    /// The lines above a table, each within 80 columns.
    List<String> lines() {
        return List.of(cpu, backend, "Java " + java + ", " + date, String.format(Locale.ROOT,
                "%d threads: measured peak %.0f GFLOP/s, memory %.1f GB/s (%s)", threads,
                flops * 1e-9, bandwidth * 1e-9, device.equals(Device.CPU) ? "triad of 3 x 256 MiB"
                        : "product of 4096, copy of 256 MiB"));
    }
}
