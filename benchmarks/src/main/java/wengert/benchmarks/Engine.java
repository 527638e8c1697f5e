package wengert.benchmarks;

/// Something that can do the work of the [Workloads]: this project, or a peer found by
/// [java.util.ServiceLoader].
public interface Engine {
    /// Name in tables: `wengert`, `pytorch`.
    String name();

    /// Makes what a workload needs.
    ///
    /// @param workload a name of [Workloads]
    /// @return runs the work once; null if this engine does not do that work
    Runnable prepare(String workload);
}
