package wengert.benchmarks;

import java.util.List;

/// The work that [Bench] times, the same for every engine. All f32.
///
/// @param name  what it is called on the command line
/// @param work  what is done, for a reader who wants to do the same elsewhere
/// @param flops floating-point operations of one run, a multiply-add counting two; 0 where bytes are what counts
/// @param bytes bytes that one run must at least move, for work bound by memory; 0 where flops are what counts
record Workload(String name, String work, double flops, double bytes) {
}

/// The catalogue.
final class Workloads {
    static final List<Workload> ALL = List.of(
            new Workload("dcgan32-b64", "one D step and one G step", gan(1, 256, 128, 64), 0),
            new Workload("dcgan64-b64", "one D step and one G step", gan(3, 512, 256, 128, 64), 0),
            new Workload("wgangp32-ln-b64", "", 0, 0),
            new Workload("wgangp32-bn-b64", "", 0, 0),
            new Workload("conv-fwd-64x64x32-k4s2", "", conv(64, 64, 16, 128, 4), 0),
            new Workload("conv-fwdbwd-64x64x32-k4s2", "", 3 * conv(64, 64, 16, 128, 4), 0),
            new Workload("conv-fwdbwd-64x128x16-k3s1", "", 3 * conv(64, 128, 16, 128, 3), 0),
            new Workload("matmul-1024", "", 2.0 * 1024 * 1024 * 1024, 0),
            new Workload("matmul-256", "", 2.0 * 256 * 256 * 256, 0),
            new Workload("tanh-4M", "", 0, 8.0 * (1 << 22)),
            new Workload("add-4M", "", 0, 12.0 * (1 << 22)),
            new Workload("batchnorm-fwdbwd", "", 0, 4.0 * 64 * 64 * 32 * 32 * 5),
            new Workload("tape-50-tiny", "", 0, 0));

    private Workloads() {
    }

    private static double conv(int n, int c, int p, int k, int r) {
        return 2.0 * n * k * p * p * c * r * r;
    }

    private static double gan(int channels, int... widths) {
        return 0;
    }
}
