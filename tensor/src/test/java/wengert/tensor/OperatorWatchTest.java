package wengert.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperatorWatchTest {
    @Test
    void standsAroundOperatorsWhileTheCodeRunsAndNotAfterwards() {
        List<String> seen = new ArrayList<>();
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
        OperatorWatch.during((name, kernels) -> {
            seen.add(name);
            kernels.run();
            seen.add("/" + name);
        }, () -> assertEquals(20, x.transpose(0, 1).mul(2).sum().item()));
        x.tanh();
        assertEquals(List.of("mulScalar", "/mulScalar", "sum", "/sum"), seen);
    }

    @Test
    void endsWithTheCodeThatFails() {
        List<String> seen = new ArrayList<>();
        assertThrows(IllegalStateException.class,
                () -> OperatorWatch.during((name, kernels) -> seen.add(name), () -> {
                    throw new IllegalStateException();
                }));
        Tensor.ones(2).tanh();
        assertEquals(List.of(), seen);
    }
}
