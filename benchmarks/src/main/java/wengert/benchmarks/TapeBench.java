package wengert.benchmarks;

import org.openjdk.jmh.annotations.Param;

/// What does the tape itself cost? In the tiny network the kernels take next to nothing; the whole steps show
/// what is left of it where it matters.
public class TapeBench extends WorkloadBench {
    /// A name of [Workloads].
    @Param({"tape-50-tiny", "dcgan32-b64", "wgangp32-bn-b64"})
    public String name;

    @Override
    protected String name() {
        return name;
    }
}
