package wengert.tensor.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static wengert.tensor.ops.Numbers.assertRefused;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;

/// Sizes whose product leaves 32 bits, where a wrapped count may be negative, 0, or worst of all plausible.
class LargeShapesTest {
    @ParameterizedTest
    @CsvSource({"65536,65537,4295032832,16.0", "65536,65536,4294967296,16.0", "50000,50000,2500000000,9.3",
        "2097152,1024,2147483648,8.0"})
    void whatNoTensorCanHoldIsRefusedWithNumbers(int rows, int columns, String elements, String gib) {
        String shape = "[" + rows + "," + columns + "]";
        Tensor column = Tensor.zeros(rows, 1);
        Tensor row = Tensor.zeros(1, columns);
        Tensor wide = Tensor.scalar(1).expand(rows, columns);
        assertEquals(Long.parseLong(elements), wide.shape().elements());
        assertRefused(() -> Tensor.zeros(rows, columns), shape, elements, gib + " GiB", "f32");
        assertRefused(() -> Tensor.of(new float[0], rows, columns), shape, elements);
        assertRefused(() -> column.add(row), shape, elements);
        assertRefused(() -> column.matmul(row), shape, elements);
        assertRefused(() -> column.repeat(1, columns).copy(), shape, elements);
        assertRefused(() -> Tensor.zeros(1, 1).pad(0, columns - 1, 0, rows - 1, 0), shape, elements);
        assertRefused(wide::contiguous, shape, elements);
        assertRefused(() -> wide.reshape(-1), shape, elements);
        assertRefused(wide::flatten, shape, elements);
    }

    @Test
    void kernelsAreNotAskedToCountFurtherThanTheyCan() {
        for (Device device : List.of(Device.REFERENCE, Device.CPU)) {
            Tensor wide = Tensor.scalar(1).to(device).expand(65536, 65536);
            List<UnaryOperator<Tensor>> folds = List.of(Tensor::sum, Tensor::mean, Tensor::max, x -> x.sum(1),
                    x -> x.argmax(0), Tensor::logSumExp);
            for (UnaryOperator<Tensor> fold : folds) {
                assertRefused(() -> fold.apply(wide), "[65536,65536]", "4294967296 elements");
            }
            assertEquals(65536, wide.select(0, 3).sum().item());
        }
    }

    @Test
    void theMostElementsThatATensorMayHaveAreCountedRight() {
        Tensor most = Tensor.scalar(1).expand(Shape.MOST_ELEMENTS);
        assertEquals(1, most.mean().item());
        assertRefused(() -> Tensor.scalar(1).expand(Shape.MOST_ELEMENTS + 1).mean(),
                String.valueOf(Shape.MOST_ELEMENTS));
        assertRefused(() -> Tensor.zeros(Shape.MOST_ELEMENTS + 1), String.valueOf(Shape.MOST_ELEMENTS));
    }

    @Test
    void axesThatOverflowAreRefused() {
        Tensor x = Tensor.zeros(1, 1, 1, 4);
        assertRefused(() -> x.upsampleNearest2d(1, 1 << 30), "upsampleNearest2d", "4294967296");
        assertRefused(() -> x.repeat(1, 1, 1, 1 << 30), "repeat", "4294967296");
        assertRefused(() -> x.pad(0, Integer.MAX_VALUE, Integer.MAX_VALUE), "pad", "4294967298");
        assertRefused(() -> x.expand(1 << 30, 1, 1, 4).concat(0, x.expand(1 << 30, 1, 1, 4)), "concat",
                "2147483648");
    }
}
