package wengert.benchmarks;

import org.openjdk.jmh.annotations.Param;

/// How many passes over the data do normalisations take in training, forward and backward? Five arrays is
/// what they must move: x twice, y, dy, dx.
public class NormBench extends WorkloadBench {
    /// A name of [Workloads].
    @Param({"batchnorm-fwdbwd", "layernorm-fwdbwd"})
    public String name;

    @Override
    protected String name() {
        return name;
    }
}
