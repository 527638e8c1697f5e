package wengert.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;

/// A number depends on seed, stream, draw and element, and on nothing else.
class GeneratorTest {
    @Test
    void streamsDoNotDisturbEachOther() {
        Tensor alone = Generator.seeded(1).stream("z").normal(8);
        Generator busy = Generator.seeded(1);
        busy.stream("data").permutation(100);
        busy.stream("dropout").uniform(1000);
        assertTrue(alone.sameBits(busy.stream("z").normal(8)));
        assertFalse(alone.sameBits(Generator.seeded(2).stream("z").normal(8)));
        assertFalse(alone.sameBits(Generator.seeded(1).stream("y").normal(8)));
    }

    @Test
    void drawsFollowEachOtherAndCanBeRevisited() {
        Generator.Stream z = Generator.seeded(7).stream("z");
        Tensor first = z.normal(5);
        Tensor second = z.normal(5);
        assertFalse(first.sameBits(second));
        assertTrue(second.sameBits(z.at(1).normal(5)));
        assertTrue(first.sameBits(z.at(0).normal(7).slice(0, 0, 5, 1).contiguous()), "element by element");
    }

    @Test
    void theStateIsTheNumberOfDraws() {
        Generator a = Generator.seeded(3);
        a.stream("x").uniform(3);
        a.stream("x").uniform(3);
        a.stream("y").normal(1);
        Generator b = Generator.seeded(3);
        b.stream("z").normal(1);
        b.restore(a.draws());
        assertTrue(a.stream("x").uniform(4).sameBits(b.stream("x").uniform(4)));
        assertTrue(Generator.seeded(3).stream("z").normal(2).sameBits(b.stream("z").normal(2)));
    }

    @Test
    void numbersAreTheSameOnEveryDeviceAndInEveryDtype() {
        Tensor f32 = Generator.seeded(5).stream("z").normal(1001);
        Tensor reference = Generator.seeded(5).stream("z").as(DType.F32, Device.REFERENCE).normal(1001);
        assertArrayEquals(f32.toFloatArray(), reference.toFloatArray());
        assertArrayEquals(f32.toDoubleArray(),
                Generator.seeded(5).stream("z").as(DType.F64, Device.CPU).normal(1001).toDoubleArray());
    }

    @Test
    void integersStayBelowTheirBoundAndReachAll() {
        long[] values = Generator.seeded(1).stream("labels").integers(10, 2000).toLongArray();
        boolean[] seen = new boolean[10];
        for (long v : values) {
            seen[(int) v] = true;
        }
        for (boolean s : seen) {
            assertTrue(s);
        }
        assertEquals(2000, values.length);
    }
}
