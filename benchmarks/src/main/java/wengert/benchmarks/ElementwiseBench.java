package wengert.benchmarks;

import org.openjdk.jmh.annotations.Param;

/// Do functions of large arrays cost more than their bytes? On arrays larger than the caches a function is
/// free if its arithmetic hides behind the memory.
public class ElementwiseBench extends WorkloadBench {
    /// A name of [Workloads].
    @Param({"add-4M", "bias-4M", "leakyrelu-4M", "relu-4M", "sqrt-4M", "tanh-4M", "exp-4M", "log-4M",
        "sigmoid-4M", "softplus-4M"})
    public String name;

    @Override
    protected String name() {
        return name;
    }
}
