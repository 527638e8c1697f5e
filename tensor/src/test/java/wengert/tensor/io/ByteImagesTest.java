package wengert.tensor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;

class ByteImagesTest {
    private final ByteImages images = new ByteImages(3, 1, 1, 2, new byte[] {0, 1, 2, 3, (byte) 254, -1},
            new int[] {7, 8, 9});

    @Test
    void aBatchHoldsTheChosenImagesInOrder() {
        Tensor x = images.batch(2, 0, 2);
        assertEquals(Shape.of(3, 1, 1, 2), x.shape());
        assertArrayEquals(new float[] {(float) (254 / 127.5 - 1), 1, -1, (float) (1 / 127.5 - 1),
            (float) (254 / 127.5 - 1), 1}, x.toFloatArray());
        assertArrayEquals(new long[] {9, 7, 9}, images.labels(2, 0, 2).toLongArray());
        assertEquals(Shape.of(0, 1, 1, 2), images.batch().shape());
    }

    @Test
    void aGivenBatchIsFilledInPlaceWhateverItsStridesAndDevice() {
        Tensor plain = Tensor.zeros(2, 1, 1, 2);
        int version = plain.view().storage().version();
        assertSame(plain, images.fill(plain, 1, 2));
        assertEquals(version + 1, plain.view().storage().version());
        Tensor strided = Tensor.zeros(2, 1, 1, 2).transpose(0, 3);
        images.fill(strided, 1, 2);
        Tensor other = Tensor.full(0, DType.F32, Device.REFERENCE, Shape.of(2, 1, 1, 2));
        images.fill(other, 1, 2);
        assertArrayEquals(images.batch(1, 2).toFloatArray(), plain.toFloatArray());
        assertArrayEquals(images.batch(1, 2).toFloatArray(), strided.toFloatArray());
        assertArrayEquals(images.batch(1, 2).toFloatArray(), other.toFloatArray());
    }

    @Test
    void whatDoesNotFitIsRefusedAndTheBatchIsLeftAlone() {
        Tensor x = Tensor.zeros(2, 1, 1, 2);
        assertThrows(IndexOutOfBoundsException.class, () -> images.fill(x, 1, 3));
        assertThrows(ShapeException.class, () -> images.fill(x, 1));
        assertThrows(ShapeException.class, () -> images.fill(x.to(DType.F64), 1, 2));
        assertArrayEquals(new float[4], x.toFloatArray());
        assertThrows(IndexOutOfBoundsException.class, () -> images.labels(-1));
        assertThrows(ShapeException.class, () -> new ByteImages(2, 1, 1, 2, new byte[3], new int[0]));
        assertThrows(ShapeException.class, () -> new ByteImages(2, 1, 1, 2, new byte[4], new int[1]));
        var without = new ByteImages(1, 1, 1, 1, new byte[1], new int[0]);
        assertThrows(IllegalStateException.class, () -> without.labels(0));
    }

    @Test
    void aMarginIsBlackOnEverySide() {
        ByteImages wider = new ByteImages(2, 2, 1, 2, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, new int[] {3, 4})
                .padded(1);
        assertEquals("2 images [2,3,4] with labels", wider.toString());
        assertArrayEquals(new byte[] {
            0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 3, 4, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 5, 6, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 7, 8, 0, 0, 0, 0, 0}, wider.pixels());
        assertEquals(-1, wider.batch(0).toFloatArray()[0]);
    }
}
