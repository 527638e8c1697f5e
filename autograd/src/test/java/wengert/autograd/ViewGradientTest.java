package wengert.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static wengert.autograd.Values.assertGrad;
import static wengert.autograd.Values.assertRefused;
import static wengert.autograd.Values.assertValue;
import static wengert.autograd.Values.leaf;

import org.junit.jupiter.api.Test;
import wengert.tensor.Tensor;

/// Views share memory, and so versions.
class ViewGradientTest {
    @Test
    void writingThroughAnExpandedViewIsRefused() {
        Tensor base = Tensor.of(new double[] {2}, 1);
        Tensor wide = base.expand(1, 3);
        Tensor other = Tensor.of(new double[] {1, 2, 3}, 1, 3);
        assertRefused(() -> wide.mulInPlace(2), "mulInPlace", "overlaps itself", "[1,3]", "contiguous()");
        assertRefused(() -> wide.fillInPlace(5), "fillInPlace", "overlaps itself");
        assertRefused(() -> wide.copyInPlace(other), "copyInPlace", "overlaps itself");
        assertRefused(() -> wide.addInPlace(other), "addInPlace", "overlaps itself");
        assertRefused(() -> wide.flip(1).slice(1, 0, 2).mulInPlace(2), "overlaps itself");
        assertRefused(() -> base.expand(2, 1).diagonal(0, 0, 1).expand(4).mulInPlace(2), "overlaps itself");
        assertValue(base, 2);
        assertEquals(0, base.view().storage().version());
        assertValue(wide.contiguous().mulInPlace(2), 4, 4, 4);
        assertValue(base, 2);
    }

    @Test
    void oneElementOfAnExpandedViewMayBeWritten() {
        Tensor base = Tensor.of(new double[] {2, 3}, 2, 1);
        base.expand(2, 3).select(1, 1).mulInPlace(10);
        assertValue(base, 20, 30);
    }

    @Test
    void fillingASliceOfASavedValueIsNoticed() {
        Variable x = leaf(1, 2, 3);
        x.value().view().storage().label("x");
        Variable y = x.mul(x).sum();
        x.value().slice(0, 0, 2).fillInPlace(0);
        assertRefused(y::backward, "modified in place", "'x'", "is at version 1; expected version 0", "mul#",
                "modified by fillInPlace");
        assertNull(x.grad());
    }

    @Test
    void savedSlicesNoticeWritesToTheWhole() {
        Variable x = leaf(1, 2, 3);
        Variable part = x.slice(0, 1, 3).flip(0);
        Variable y = part.mul(part).sum();
        x.value().fillInPlace(0);
        assertRefused(y::backward, "modified in place", "expected version 0");
    }

    @Test
    void additionSavesNothing() {
        Variable x = leaf(1, 2, 3);
        Variable y = x.add(x).sum();
        x.value().slice(0, 0, 2).fillInPlace(0);
        y.backward();
        assertGrad(x, 2, 2, 2);
    }

    @Test
    void partsOfAValueSaveNothing() {
        Variable x = leaf(1, 2, 3, 4);
        Variable y = x.flip(0).slice(0, 0, 4, 2).concat(0, x.narrow(0, 1, 2)).pad(1, 2, 2).roll(1, 0).sum();
        x.value().fillInPlace(0);
        y.backward();
        assertGrad(x, 0, 2, 1, 1);
    }

    @Test
    void unusedPartsHaveZeroGradient() {
        Variable x = leaf(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        Variable used = x.chunk(5, 0).get(2);
        used.mul(used).sum().backward();
        assertGrad(x, 0, 0, 0, 0, 10, 12, 0, 0, 0, 0);
    }
}
