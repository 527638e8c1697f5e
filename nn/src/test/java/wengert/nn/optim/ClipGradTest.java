package wengert.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import wengert.autograd.Parameter;
import wengert.tensor.Tensor;
import wengert.tensor.spi.GradException;

class ClipGradTest {
    private static Parameter with(String name, float... gradient) {
        Parameter p = new Parameter(name, Tensor.zeros(gradient.length));
        p.grad(Tensor.of(gradient, gradient.length));
        return p;
    }

    @Test
    void longGradientsAreScaledTogether() {
        Parameter a = with("a", 3, 0);
        Parameter b = with("b", 0, 4);
        Parameter none = new Parameter("none", Tensor.zeros(1));
        assertEquals(5, ClipGrad.norm(List.of(a, none, b), 1), 1e-12);
        assertArrayEquals(new float[] {0.6f, 0}, a.grad().toFloatArray(), 1e-6f);
        assertArrayEquals(new float[] {0, 0.8f}, b.grad().toFloatArray(), 1e-6f);
        assertTrue(ClipGrad.norm(List.of(a, b), 1) <= 1);
    }

    @Test
    void shortGradientsKeepTheirBitsAndVersion() {
        Parameter a = with("a", 0.1f, -0.0f, 1e-40f);
        Tensor before = a.grad().copy();
        int version = a.grad().view().storage().version();
        assertEquals(0.1f, ClipGrad.norm(List.of(a), 1), 1e-12);
        assertTrue(a.grad().sameBits(before));
        assertEquals(version, a.grad().view().storage().version());
    }

    @Test
    void theNormDoesNotOverflowInF32() {
        assertEquals(Math.sqrt(2) * 3e30f, ClipGrad.norm(List.of(with("a", 3e30f, 3e30f)), 1), 1e24);
    }

    @Test
    void aNormThatIsNotFiniteIsReturnedOrRefusedByName() {
        Parameter good = with("good", 5);
        Parameter bad = with("bad", 1, Float.NaN);
        GradException e = assertThrows(GradException.class, () -> ClipGrad.norm(List.of(good, bad), 1, true));
        assertEquals("clipGradNorm: the gradient of parameter 'bad' [2] has the norm NaN; nothing was "
                + "changed", e.getMessage());
        assertEquals(5, good.grad().item());
        assertTrue(Double.isNaN(ClipGrad.norm(List.of(good, bad), 1)));
    }

    @Test
    void valuesAreClamped() {
        Parameter p = with("p", -3, 0.5f, 3, Float.NaN);
        ClipGrad.value(List.of(p), 1);
        assertArrayEquals(new float[] {-1, 0.5f, 1, Float.NaN}, p.grad().toFloatArray());
        assertEquals("clipGradValue", p.grad().view().storage().modifiedBy());
    }
}
