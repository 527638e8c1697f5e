package wengert.benchmarks.gpu;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import wengert.benchmarks.Clock;
import wengert.benchmarks.Table;
import wengert.benchmarks.Wengert;
import wengert.benchmarks.Workload;
import wengert.benchmarks.Workloads;
import wengert.tensor.Memory;
import wengert.tensor.spi.Device;

/// How fast single kernels are: those that memory bounds as a share of what the driver's own copy reaches,
/// products and convolutions by the libraries and by own kernels, and what a launch costs.
final class Speeds {
    private static final String COPY = "copy-64M";

    private final Device device;
    private final Wengert engine;
    private final Clock clock;
    private final List<String> failures = new ArrayList<>();

    /// @param quick small sizes, one run
    Speeds(Device device, boolean quick) {
        this.device = device;
        engine = quick ? new Wengert(device, 1, 64) : new Wengert(device);
        clock = quick ? new Clock(device, 0, 0, 1) : new Clock(device, 0.1, 0.05, 5);
    }

    /// @return whether everything ran
    boolean run(PrintWriter to) {
        memoryBound(to);
        products(to);
        convolutions(to);
        launches(to);
        failures.forEach(to::println);
        return failures.isEmpty();
    }

    private void memoryBound(PrintWriter to) {
        Workload copy = Workloads.find(COPY);
        double copied = copy.bytes() / seconds(COPY);
        to.printf(Locale.ROOT, "%nbound by memory, f32, [1024, 64, 32, 32]; the driver's copy: %.0f GB/s%n",
                copied * 1e-9);
        to.printf("%-30s %9s %9s %11s%n", "", "ms", "GB/s", "% of copy");
        for (Workload w : of(Workload.Limit.BYTES)) {
            if (!w.name().equals(COPY)) {
                double seconds = seconds(w.name());
                to.printf(Locale.ROOT, "%-30s %9s %9.0f %11.0f%n", w.name(), Table.millis(seconds),
                        w.bytes() / seconds * 1e-9, 100 * w.bytes() / seconds / copied);
            }
        }
    }

    private void products(PrintWriter to) {
        to.printf("%nproducts, f32%n%-30s %18s %18s %18s %10s%n", "", "cuBLAS", "cuBLAS, TF32", "own",
                "own/cuBLAS");
        to.printf("%-30s %9s %8s %9s %8s %9s %8s%n", "", "ms", "TFLOP/s", "ms", "TFLOP/s", "ms", "TFLOP/s");
        for (Workload w : of(Workload.Limit.FLOPS)) {
            if (w.name().startsWith("matmul-")) {
                three(w, Property.PRODUCT, to);
            }
        }
    }

    private void convolutions(PrintWriter to) {
        to.printf("%nconvolutions, f32, batch 128; channels x pixels - channels k(ernel) s(tride)%n"
                + "%-30s %18s %18s %18s %10s%n", "", "cuDNN", "cuDNN, TF32", "own", "own/cuDNN");
        to.printf("%-30s %9s %8s %9s %8s %9s %8s%n", "", "ms", "TFLOP/s", "ms", "TFLOP/s", "ms", "TFLOP/s");
        for (Workload w : of(Workload.Limit.FLOPS)) {
            if (w.name().startsWith("conv-")) {
                three(w, Property.CONVOLUTION, to);
            }
        }
    }

    /// One row: by the library, by the library with TF32, by own kernels.
    private void three(Workload w, String property, PrintWriter to) {
        double library = seconds(w.name());
        double tf32;
        double own;
        try (var on = new Property(Property.TF32, "true")) {
            tf32 = seconds(w.name());
        }
        try (var on = new Property(property, "own")) {
            own = seconds(w.name());
        }
        to.printf(Locale.ROOT, "%-30s %9s %8.1f %9s %8.1f %9s %8.1f %10.2f%n", w.name(),
                Table.millis(library), w.flops() / library * 1e-12, Table.millis(tf32),
                w.flops() / tf32 * 1e-12, Table.millis(own), w.flops() / own * 1e-12, own / library);
    }

    private void launches(PrintWriter to) {
        to.printf(Locale.ROOT, "%na launch, relu of one number with all that is around it: %.1f us%n",
                seconds("launch") * 1e6);
        to.printf(Locale.ROOT, "50 times tanh(x w) on [4, 16], forward and backward: %.0f us%n",
                seconds("tape-50-tiny") * 1e6);
    }

    private static List<Workload> of(Workload.Limit limit) {
        return Workloads.CARD.stream().filter(w -> w.limit() == limit).toList();
    }

    /// NaN where the work fails.
    private double seconds(String workload) {
        try {
            return clock.seconds(engine.prepare(workload));
        } catch (RuntimeException | OutOfMemoryError e) {
            failures.add("FAILED  " + workload + ": " + e);
            return Double.NaN;
        } finally {
            System.gc(); // operands outside of scopes: their memory on the card comes back with the objects
            Memory.trim(device);
        }
    }
}
