package wengert.benchmarks;

import org.openjdk.jmh.annotations.Param;

/// How fast are reductions that must give the same bits on any number of threads, so that they fold in a
/// fixed tree?
public class ReductionBench extends WorkloadBench {
    /// A name of [Workloads].
    @Param({"sum-4M", "sum-channels-4M", "softmax-4M"})
    public String name;

    @Override
    protected String name() {
        return name;
    }
}
