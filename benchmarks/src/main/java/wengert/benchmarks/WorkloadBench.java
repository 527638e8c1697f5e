package wengert.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Workloads under JMH: for those who trust its forks and statistics more than [Bench], and for its
/// profilers. A subclass is a family of kernels.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-XX:+UseParallelGC", "-Xmn64m"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public abstract class WorkloadBench {
    private Workload workload;
    private Runnable work;

    /// For subclasses.
    protected WorkloadBench() {
    }

    /// A name of [Workloads].
    protected abstract String name();

    /// Makes the operands.
    @Setup
    public void prepare() {
        workload = Workloads.find(name());
        work = new Wengert().prepare(name());
    }

    /// Does the work once.
    @Benchmark
    public void run(Rate rate) {
        work.run();
        rate.add(workload.amount(), workload.limit());
    }
}
