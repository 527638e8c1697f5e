package wengert.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.View;

/// How close does the f32 matrix product come to the machine's peak: at square sizes, where few rows or
/// columns leave little to share, and with operands that lie transposed, as in backward passes?
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-XX:+UseParallelGC", "-Xmn64m"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MatmulBench {
    /// Rows, columns, terms.
    @Param({"64x64x64", "256x256x256", "1024x1024x1024", "64x8192x100", "64x1024x1024", "4096x64x256"})
    public String size;

    /// Which operand is a transposed view.
    @Param({"none", "a", "b"})
    public String transposed;

    private final Backend backend = Device.CPU.backend();
    private View a;
    private View b;
    private View y;
    private double flops;

    /// Makes the operands.
    @Setup
    public void operands() {
        String[] s = size.split("x");
        int m = Integer.parseInt(s[0]);
        int n = Integer.parseInt(s[1]);
        int k = Integer.parseInt(s[2]);
        a = transposed.equals("a") ? Layer.random(Device.CPU, k, m).permute(1, 0)
                : Layer.random(Device.CPU, m, k);
        b = transposed.equals("b") ? Layer.random(Device.CPU, n, k).permute(1, 0)
                : Layer.random(Device.CPU, k, n);
        y = Layer.random(Device.CPU, m, n);
        flops = 2.0 * m * n * k;
    }

    /// y = a·b.
    @Benchmark
    public View matmul(Rate rate) {
        backend.matmul(a, b, y);
        rate.add(flops, Workload.Limit.FLOPS);
        return y;
    }
}
