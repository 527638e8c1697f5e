package wengert.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import wengert.autograd.GradCheck;
import wengert.autograd.Variable;
import wengert.nn.init.Init;
import wengert.nn.init.InitRules;
import wengert.tensor.Generator;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.TensorException;

class SpectralNormTest {
    private static Linear linear() {
        Linear layer = SpectralNorm.of(new Linear(2, 2, false));
        layer.to(DType.F64);
        layer.init(Generator.seeded(1));
        layer.loadStateDict(Map.of("weight_orig", Tensor.of(new double[] {3, 0, 0, 4}, 2, 2),
                "weight_u", Tensor.of(new double[] {0.6, 0.8}, 2), "weight_v", Tensor.of(new double[] {1, 0},
                2)));
        return layer;
    }

    /// W = diag(3, 4), u = (0.6, 0.8): v = Wᵀu/‖·‖ = (1.8, 3.2)/√13.48, u = Wv/‖·‖ = (5.4, 12.8)/√193,
    /// σ = uᵀWv = √193/√13.48.
    @Test
    void oneForwardMakesOneStepByHand() {
        Linear layer = linear();
        double sigma = Math.sqrt(193 / 13.48);

        Tensor y = layer.forward(Tensor.of(new double[] {1, 1}, 1, 2));

        assertArrayEquals(new double[] {3 / sigma, 4 / sigma}, y.toDoubleArray(), 1e-14);
        double[] v = {1.8 / Math.sqrt(13.48), 3.2 / Math.sqrt(13.48)};
        double[] u = {5.4 / Math.sqrt(5.4 * 5.4 + 12.8 * 12.8), 12.8 / Math.sqrt(5.4 * 5.4 + 12.8 * 12.8)};
        assertArrayEquals(v, layer.namedBuffers().get("weight_v").toDoubleArray(), 1e-15);
        assertArrayEquals(u, layer.namedBuffers().get("weight_u").toDoubleArray(), 1e-15);
    }

    @Test
    void evaluationUsesTheVectorsAsTheyAre() {
        Linear layer = linear();
        layer.eval();
        Tensor y = layer.forward(Tensor.of(new double[] {1, 1}, 1, 2));
        assertArrayEquals(new double[] {3 / 1.8, 4 / 1.8}, y.toDoubleArray(), 1e-14); // σ = uᵀWv = 0.6·3
        assertArrayEquals(new double[] {1, 0}, layer.namedBuffers().get("weight_v").toDoubleArray());
    }

    /// d/dW Σ y with y = W x / σ: x / σ − u vᵀ · Σ(W x) / σ², with W inside of σ counted and u, v constant.
    @Test
    void theGradientCountsTheWeightInsideOfSigma() {
        Linear layer = linear();
        layer.eval();
        layer.forward(Variable.of(Tensor.of(new double[] {1, 1}, 1, 2))).sum().backward();
        double s = 1.8;
        double[] want = {1 / s - 0.6 * 7 / (s * s), 1 / s, 1 / s - 0.8 * 7 / (s * s), 1 / s};
        assertArrayEquals(want, layer.weight().grad().toDoubleArray(), 1e-14);
    }

    @Test
    void theLargestSingularValueBecomesOne() {
        Conv2d conv = SpectralNorm.of(new Conv2d(3, 4, 3, 1, 0, false));
        conv.init(Generator.seeded(3));
        for (int i = 0; i < 200; i++) {
            conv.weight(Tensor.zeros());
        }
        conv.eval();
        Tensor w = conv.weight(Tensor.zeros()).reshape(4, 27);
        Tensor x = Tensor.ones(27);
        double length = 0;
        for (int i = 0; i < 200; i++) {
            x = w.transpose(0, 1).matmul(w.matmul(x));
            length = Math.sqrt(x.square().sum().item());
            x = x.div(length);
        }
        assertEquals(1, length, 1e-3); // of WᵀW: σ²
    }

    @Test
    void stateNamesAndShapesArePyTorchs() {
        ConvTranspose2d up = SpectralNorm.of(new ConvTranspose2d(6, 2, 4, 2, 1));
        up.init(Generator.seeded(1));
        Map<String, Tensor> state = up.stateDict();
        assertEquals(Set.of("bias", "weight_orig", "weight_u", "weight_v"), state.keySet());
        assertEquals(Shape.of(6, 2, 4, 4), state.get("weight_orig").shape());
        assertEquals(Shape.of(2), state.get("weight_u").shape());
        assertEquals(Shape.of(6 * 16), state.get("weight_v").shape());
        assertEquals(1, state.get("weight_v").square().sum().item(), 1e-6);
        assertEquals("weight_orig", up.weight().name());
        assertEquals(Shape.of(1, 2, 8, 8), up.forward(Tensor.ones(1, 6, 4, 4)).shape());
    }

    @Test
    void embeddingsAndRulesKnowTheWeight() {
        Embedding table = SpectralNorm.of(new Embedding(3, 2));
        table.init(Generator.seeded(1), InitRules.defaults().with("weight", Init.constant(1)));
        Tensor y = table.forward(Tensor.of(new long[] {2, 0}, 2), Tensor.zeros());
        // a 3×2 matrix of ones has the singular value √6, whatever the vectors were before the step
        assertArrayEquals(new float[] {1 / (float) Math.sqrt(6), 1 / (float) Math.sqrt(6),
        1 / (float) Math.sqrt(6),
            1 / (float) Math.sqrt(6)}, y.toFloatArray(), 1e-6f);
    }

    @Test
    void aGraphSurvivesTheNextForwardAndFreezingStopsNoStep() {
        Linear layer = linear();
        Variable x = Variable.of(Tensor.of(new double[] {1, 1}, 1, 2));
        Variable fake = layer.forward(x);
        Variable real = layer.forward(x);
        fake.add(real).sum().backward();
        Tensor u = layer.namedBuffers().get("weight_u").copy();
        try (var _ = layer.frozen()) {
            layer.forward(x);
        }
        assertFalse(u.sameBits(layer.namedBuffers().get("weight_u")));
    }

    @Test
    void secondOrderGoesThroughSigma() {
        Linear layer = linear();
        layer.eval();
        GradCheck.of(in -> in.get(0).mul(layer.forward(in.get(1))).square().sum()).orders(2).check(
                Tensor.of(new double[] {0.3, -0.7}, 1, 2), Tensor.of(new double[] {0.9, 0.4}, 1, 2));
    }

    @Test
    void aLayerIsNormalisedOnceAndKeepsItsType() {
        Conv2d conv = new Conv2d(1, 1, 3);
        Conv2d same = SpectralNorm.of(conv);
        assertSame(conv, same);
        assertEquals("spectral norm: this Conv2d has one already",
                assertThrows(TensorException.class, () -> SpectralNorm.of(conv)).getMessage());
        assertTrue(List.of("bias", "weight_orig").equals(List.copyOf(conv.namedParameters().keySet())));
    }
}
