package wengert.tensor.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static wengert.tensor.ops.Numbers.assertRefused;
import static wengert.tensor.ops.Numbers.assertShape;
import static wengert.tensor.ops.Numbers.assertValues;
import static wengert.tensor.ops.Numbers.count;
import static wengert.tensor.ops.Numbers.vector;
import static wengert.tensor.ops.Numbers.zeros;

import org.junit.jupiter.api.Test;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;

class JoiningTest {
    @Test
    void partsStandOneAfterTheOther() {
        Tensor x = count(2, 2);
        assertValues(x.concat(1, x.transpose(0, 1), zeros(2, 1)), 0, 1, 0, 2, 0, 2, 3, 1, 3, 0);
        assertValues(x.concat(-2, x.slice(0, 1, 2)), 0, 1, 2, 3, 2, 3);
        assertShape(x.concat(0), 2, 2);
        assertShape(x.concat(0, zeros(0, 2), zeros(0, 2)), 2, 2);
        assertShape(zeros(0, 2).concat(0, zeros(0, 2)), 0, 2);
    }

    @Test
    void dtypesMeetAtTheLatest() {
        Tensor x = Tensor.of(new int[] {1, 2}, 2);
        assertEquals(DType.F32, x.concat(0, Tensor.ones(1)).dtype());
        assertEquals(DType.I64, x.concat(0, Tensor.arange(2)).dtype());
        assertEquals(DType.BOOL, Tensor.of(new boolean[] {true}, 1)
                .concat(0, Tensor.of(new boolean[] {false}, 1))
                .dtype());
    }

    @Test
    void misfitsNameTheirPlace() {
        Tensor x = count(2, 3);
        assertRefused(() -> x.concat(0, x, count(2, 4)), "concat", "axis 0", "part 0 is [2,3]",
                "part 2 is [2,4]");
        assertRefused(() -> x.concat(0, count(3)), "part 1 is [3]");
        assertRefused(() -> x.concat(2, x), "axis 2 does not exist");
        assertRefused(() -> x.stack(0, count(3, 2)), "stack", "[2,3]", "[3,2]");
        assertRefused(() -> x.stack(3, x), "new axis 3", "[2,3]");
        assertRefused(() -> x.concat(0, x.to(Device.CPU)), "one device", "reference", "cpu");
    }

    @Test
    void stackMakesANewAxis() {
        Tensor a = vector(1, 2);
        Tensor b = vector(3, 4);
        assertShape(a.stack(0, b), 2, 2);
        assertValues(a.stack(-1, b), 1, 3, 2, 4);
        assertValues(vector(5).squeeze().stack(0, vector(6).squeeze()), 5, 6);
    }

    @Test
    void paddingListsTheLastAxisFirst() {
        Tensor x = count(1, 2);
        assertValues(x.pad(9, 1, 0, 0, 1), 9, 0, 1, 9, 9, 9);
        assertSame(x, x.pad(9, 0, 0));
        assertValues(zeros(0).pad(5, 1, 2), 5, 5, 5);
        assertEquals(DType.I64, Tensor.arange(2).pad(3, 1, 1).dtype());
        assertRefused(() -> x.pad(0, 1), "two amounts for each axis", "[1]");
        assertRefused(() -> x.pad(0, 1, 1, 1, 1, 1, 1), "at most the 2 axes");
        assertRefused(() -> x.pad(0, 0, -1), "must not be negative");
        assertRefused(() -> Tensor.arange(2).pad(0.5, 1, 1), "0.5", "i64");
    }

    @Test
    void reflectionLeavesTheBorderOut() {
        assertValues(vector(1, 2, 3, 4).padReflect(2, 3), 3, 2, 1, 2, 3, 4, 3, 2, 1);
        assertShape(count(2, 3, 4, 4).padReflect(1, 2, 3, 0), 2, 3, 7, 7);
        assertRefused(() -> vector(1, 2).padReflect(2, 0), "padReflect", "axis 0", "reaches 1",
                "got padding 2 and 0");
        assertRefused(() -> vector(1, 2).padReflect(-1, 0), "must not be negative");
    }

    @Test
    void repeatTiles() {
        Tensor x = count(2, 2);
        assertShape(x.repeat(2, 1, 3), 2, 2, 6);
        assertValues(x.repeat(2, 1, 3), 0, 1, 0, 1, 0, 1, 2, 3, 2, 3, 2, 3, 0, 1, 0, 1, 0, 1, 2, 3, 2, 3, 2,
                3);
        assertShape(x.repeat(0, 1), 0, 2);
        assertValues(vector(7).squeeze().repeat(3), 7, 7, 7);
        assertRefused(() -> x.repeat(2), "at least 2 numbers", "[2,2]");
        assertRefused(() -> x.repeat(1, -1), "must not be negative");
    }

    @Test
    void rollGoesRound() {
        Tensor x = count(5);
        assertValues(x.roll(2, 0), 3, 4, 0, 1, 2);
        assertValues(x.roll(-6, 0), 1, 2, 3, 4, 0);
        assertSame(x, x.roll(10, 0));
        assertShape(zeros(0).roll(3, 0), 0);
        assertValues(count(2, 2).roll(1, -2), 2, 3, 0, 1);
    }
}
