package wengert.benchmarks;

import org.openjdk.jmh.annotations.Param;

/// Does a step of the optimiser cost more than its bytes: four arrays read, three written?
public class OptimizerBench extends WorkloadBench {
    /// A name of [Workloads].
    @Param({"adam-4M"})
    public String name;

    @Override
    protected String name() {
        return name;
    }
}
