package wengert.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import wengert.tensor.spi.Conv2dGeometry;

class KernelCountsTest {
    @Test
    void productsAndConvolutionsCountTwoForEachMultiplyAdd() {
        Tensor x = Tensor.ones(2, 4, 8, 8);
        Tensor w = Tensor.ones(6, 4, 3, 3);
        double before = KernelCounts.flops();
        x.conv2d(w, null, Conv2dGeometry.of(1, 1));
        assertEquals(2.0 * 2 * 6 * 8 * 8 * 4 * 3 * 3, KernelCounts.flops() - before);

        before = KernelCounts.flops();
        Tensor.ones(5, 3, 4).matmul(Tensor.ones(4, 7)).tanh();
        assertEquals(2.0 * 5 * 3 * 7 * 4, KernelCounts.flops() - before,
                "tanh is bound by memory and not counted");
    }

    @Test
    void whatRunsWithoutIsNotCounted() {
        Tensor x = Tensor.zeros(3, 3);
        long before = KernelCounts.of("matmul");
        double flops = KernelCounts.flops();
        KernelCounts.without(() -> {
            KernelCounts.without(() -> x.matmul(x));
            x.matmul(x);
        });
        assertEquals(before, KernelCounts.of("matmul"));
        assertEquals(flops, KernelCounts.flops());
        x.matmul(x);
        assertEquals(before + 1, KernelCounts.of("matmul"));
    }
}
