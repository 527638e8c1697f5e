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

/// How close do the three convolution kernels come to the machine's peak on the layers of a DCGAN, where 90 %
/// of a training step goes? The data gradient is the forward pass of the generator's transposed convolution.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ConvBench {
    /// Channels, pixels, output channels, kernel, stride, padding; batch 64.
    @Param({"1,32,64,4,2,1", "64,32,128,4,2,1", "64,16,128,4,2,1", "128,16,256,4,2,1", "128,8,256,4,2,1",
        "256,8,512,4,2,1", "3,64,64,4,2,1", "128,16,128,3,1,1"})
    public String layer;

    private Layer kernels;

    /// Makes the operands.
    @Setup
    public void operands() {
        kernels = new Layer(layer);
    }

    /// y from x and w.
    @Benchmark
    public void forward(Rate rate) {
        kernels.forward();
        rate.add(kernels.flops());
    }

    /// dx from dy and w.
    @Benchmark
    public void dataGradient(Rate rate) {
        kernels.dataGradient();
        rate.add(kernels.flops());
    }

    /// dw from x and dy.
    @Benchmark
    public void weightGradient(Rate rate) {
        kernels.weightGradient();
        rate.add(kernels.flops());
    }
}
