package wengert.benchmarks;

/// Work that [Bench] times, the same for every engine. All f32.
///
/// @param name  what it is called on the command line
/// @param work  what is done, for a reader who wants to do the same elsewhere
/// @param asks  the question that its time answers
/// @param flops floating-point operations of one run: a multiply-add counts two, a function one
/// @param bytes bytes that one run must at least move: every operand read once, every result written once
/// @param limit which of the two its speed is given in
public record Workload(String name, String work, String asks, double flops, double bytes, Limit limit) {
    /// What bounds the work.
    public enum Limit {
        /// arithmetic
        FLOPS,
        /// memory
        BYTES
    }

    /// Operations or bytes, whatever it is limited by.
    public double amount() {
        return limit == Limit.FLOPS ? flops : bytes;
    }

    /// `GFLOP/s` or `GB/s`.
    public String unit() {
        return limit == Limit.FLOPS ? "GFLOP/s" : "GB/s";
    }
}
