package wengert.benchmarks.gpu;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import wengert.gan.conform.Conformance;
import wengert.gan.conform.Report;
import wengert.tensor.Generator;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;

/// Whether the card agrees with the reference vectors: every operator with first and second order,
/// optimisers, whole GAN trainings, in f64 and f32. And whether its random numbers are the CPU's, to the bit.
final class Parity {
    private static final int[] LENGTHS = {1, 3, 4097, 1 << 20};

    private final Device device;
    private final boolean quick;

    /// @param quick one case of each operator, one optimiser, one training
    Parity(Device device, boolean quick) {
        this.device = device;
        this.quick = quick;
    }

    /// @return whether all agree
    boolean run(Path vectors, PrintWriter to) throws IOException {
        to.println("\nparity with PyTorch's reference vectors, and of random numbers with the CPU's");
        long begin = System.nanoTime();
        Report report = Conformance.run(vectors, List.of(device), quick ? firstOfEach() : _ -> true);
        to.println(report.table());
        report.failures().forEach(line -> to.println("FAILED  " + line));
        boolean random = true;
        for (DType dtype : List.of(DType.F32, DType.F64)) {
            random &= random(dtype, to);
        }
        to.printf(Locale.ROOT, "%d cases in %d settings: %s, %.1f s%n", report.cases(),
                report.settings().size(), report.passed() ? "all agree"
                        : report.failures().size() + " do not agree",
                (System.nanoTime() - begin) * 1e-9);
        return report.passed() && random;
    }

    /// The first case of each operator; `optim/…` and `gan/…` count as operators.
    private static Predicate<String> firstOfEach() {
        Map<String, String> first = new HashMap<>();
        return id -> first.computeIfAbsent(id.substring(0, Math.max(0, id.indexOf('/'))), _ -> id)
                .equals(id);
    }

    private boolean random(DType dtype, PrintWriter to) {
        boolean same = true;
        for (int length : LENGTHS) {
            for (boolean normal : new boolean[] {false, true}) {
                same &= Arrays.equals(draw(Device.CPU, dtype, normal, length),
                        draw(device, dtype, normal, length));
            }
        }
        to.printf("%-24s %5d %14s%n", "random numbers " + dtype, 2 * LENGTHS.length,
                same ? "bit-equal" : "FAILED: they differ");
        return same;
    }

    private static double[] draw(Device device, DType dtype, boolean normal, int length) {
        Generator.Stream stream = Generator.seeded(11).stream("parity").as(dtype, device);
        Tensor drawn = normal ? stream.normal(length) : stream.uniform(length);
        return drawn.toDoubleArray();
    }
}
