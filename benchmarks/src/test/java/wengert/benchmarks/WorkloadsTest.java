package wengert.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import wengert.tensor.KernelCounts;

class WorkloadsTest {
    static Stream<Workload> all() {
        return Stream.concat(Workloads.NAMED.stream(), Workloads.KERNELS.stream());
    }

    @Test
    void namesAreThoseThatOthersCompareWith() {
        assertEquals(List.of("dcgan32-b64", "quickstart-step", "dcgan64-b64", "wgangp32-ln-b64",
                "wgangp32-bn-b64", "conv-fwd-64x64x32-k4s2", "conv-fwdbwd-64x64x32-k4s2",
                "conv-fwdbwd-64x128x16-k3s1", "matmul-1024", "matmul-256", "tanh-4M", "add-4M",
                "batchnorm-fwdbwd", "tape-50-tiny"), Workloads.NAMED.stream().map(Workload::name).toList());
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyWorkloadRuns(Workload workload) {
        new Wengert(2).prepare(workload.name()).run();
        assertTrue(workload.flops() > 0 && workload.bytes() > 0, "a dot of the roofline needs both");
    }

    @Test
    void aStepComputesWhatItsCostSays() {
        assertEquals(Cost.gan(2, 3, false, 16, 8, 4).flops(),
                computedBy(new Gans(2, 3, false, false, 16, 8, 4)));
        double penalty = Cost.gan(2, 3, true, 16, 8, 4).flops();
        assertEquals(penalty, computedBy(new Gans(2, 3, true, true, 16, 8, 4)), "layer norm in D");
        assertEquals(penalty, computedBy(new Gans(2, 3, false, true, 16, 8, 4)), "batch norm in D");
    }

    private static double computedBy(Runnable step) {
        double before = KernelCounts.flops();
        step.run();
        return KernelCounts.flops() - before;
    }
}
