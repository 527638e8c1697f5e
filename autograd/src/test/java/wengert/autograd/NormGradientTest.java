package wengert.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import wengert.tensor.Generator;
import wengert.tensor.Tensor;
import wengert.tensor.ops.Normalized;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;

class NormGradientTest {
    private static final double EPS = 1e-3;

    private static Tensor normal(String name, int... sizes) {
        return Generator.seeded(3).stream(name).as(DType.F64, Device.REFERENCE).normal(sizes);
    }

    /// With gamma as drawn, and with gamma 0: a rule that divides by it gives NaN.
    @ParameterizedTest
    @ValueSource(doubles = {1, 0})
    void batchNormIsRightAtEveryOrder(double gammaScale) {
        Tensor gamma = normal("gamma", 2).mul(gammaScale);
        Tensor beta = normal("beta", 2);
        Orders.assertSame(in -> in[0].batchNorm(in[1], in[2], EPS).y(), in -> composite(in[0], in[1], in[2]),
                4, normal("x", 3, 2, 2, 2), gamma, beta);
        Orders.assertSame(in -> in[0].batchNorm(in[1], in[2], EPS).y().tanh(),
                in -> composite(in[0], in[1], in[2]).tanh(), 3, normal("x", 5, 2), gamma, beta);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 0})
    void evalModeIsRightAtEveryOrder(double gammaScale) {
        Tensor mean = normal("mean", 2);
        Tensor var = normal("var", 2).square();
        Orders.assertSame(in -> in[0].batchNormEval(mean, var, in[1], in[2], EPS).tanh(),
                in -> in[0].sub(mean.reshape(1, 2, 1, 1)).div(var.add(EPS).sqrt().reshape(1, 2, 1, 1))
                        .mul(in[1].reshape(1, 2, 1, 1)).add(in[2].reshape(1, 2, 1, 1)).tanh(),
                3, normal("x", 3, 2, 2, 2), normal("gamma", 2).mul(gammaScale), normal("beta", 2));
    }

    @Test
    void otherNormsAreRightAtEveryOrder() {
        Tensor x = normal("x", 2, 4, 3);
        Tensor gamma = normal("gamma", 4);
        Tensor beta = normal("beta", 4);
        Orders.assertSame(in -> in[0].instanceNorm(in[1], in[2], EPS),
                in -> standardised(in[0], 2).mul(in[1].reshape(1, 4, 1)).add(in[2].reshape(1, 4, 1)), 3, x,
                gamma, beta);
        Orders.assertSame(in -> in[0].groupNorm(2, in[1], in[2], EPS),
                in -> standardised(in[0].reshape(2, 2, 6), 2).reshape(2, 4, 3).mul(in[1].reshape(1, 4, 1))
                        .add(in[2].reshape(1, 4, 1)),
                3, x, gamma, beta);
        Orders.assertSame(in -> in[0].layerNorm(2, in[1], null, EPS),
                in -> standardised(in[0], 1, 2).mul(in[1]), 3, x, normal("scale", 4, 3));
    }

    private static Variable composite(Variable x, Variable gamma, Variable beta) {
        int[] axes = x.shape().rank() == 2 ? new int[] {0} : new int[] {0, 2, 3};
        int[] along = x.shape().rank() == 2 ? new int[] {1, 2} : new int[] {1, 2, 1, 1};
        return standardised(x, axes).mul(gamma.reshape(along)).add(beta.reshape(along));
    }

    private static Variable standardised(Variable x, int... axes) {
        Variable centred = x.sub(x.meanKeep(axes));
        return centred.div(centred.square().meanKeep(axes).add(EPS).sqrt());
    }

    @Test
    void statisticsAreConstants() {
        Variable x = Variable.of(normal("x", 4, 2)).requiresGrad(true);
        Normalized<Variable> n = x.batchNorm(null, null, EPS);
        assertTrue(n.y().requiresGrad());
        assertFalse(n.mean().requiresGrad());
        assertFalse(n.var().requiresGrad());
    }

    /// The buffers change between forward and backward, as they do when D sees two batches before it goes
    /// back.
    @Test
    void givenStatisticsMayChangeAfterwards() {
        Tensor mean = normal("mean", 2);
        Tensor var = normal("var", 2).square();
        Variable x = Variable.of(normal("x", 4, 2)).requiresGrad(true);
        Variable gamma = Variable.of(normal("gamma", 2)).requiresGrad(true);
        double[] expected = gamma.value().div(var.add(EPS).sqrt()).expand(4, 2).toDoubleArray();
        Variable y = x.batchNormEval(mean, var, gamma, null, EPS);
        mean.fillInPlace(100);
        var.fillInPlace(100);
        y.sum().backward();
        assertArrayEquals(expected, x.grad().toDoubleArray(), 1e-12);
    }

    @Test
    void onlyWantedGradientsAreComputed() {
        Tensor x = normal("x", 4, 2);
        Variable beta = Variable.of(normal("beta", 2)).requiresGrad(true);
        Variable.of(x).batchNorm(normal("gamma", 2), beta, EPS).y().sum().backward();
        assertArrayEquals(new double[] {4, 4}, beta.grad().toDoubleArray());
        Variable gamma = Variable.of(normal("gamma", 2)).requiresGrad(true);
        Variable.of(x).batchNorm(gamma, null, EPS).y().square().sum().backward();
        double[] unit = x.batchNorm(null, null, EPS).y().square().sum(0).mul(2).mul(gamma.value())
                .toDoubleArray();
        assertArrayEquals(unit, gamma.grad().toDoubleArray(), 1e-12);
    }

    /// A normalisation of [N, C, 3] with a rectifier behind it.
    private interface Norm {
        Variable of(Variable x, Variable gamma, Variable beta, double slope);
    }

    private static final List<Norm> NORMS = List.of((x, g, b, slope) -> x.batchNorm(g, b, EPS, slope).y(),
            (x, g, b, slope) -> x.groupNorm(2, g, b, EPS, slope),
            (x, g, b, slope) -> x.instanceNorm(g, b, EPS, slope),
            (x, g, b, slope) -> x.layerNorm(2, scaled(g), scaled(b), EPS, slope));

    /// A gamma of layer norm from one per channel.
    private static Variable scaled(Variable v) {
        int length = v.shape().size(0) == 4 ? 3 : 9;
        return v.reshape(v.shape().size(0), 1).mul(Variable.of(normal("each", 1, length).to(v.dtype())
                .to(v.device())));
    }

    /// Gradients of order 1 and 2; those of order 2 by the plain pass, which has kernels, or recorded.
    private static List<Tensor> gradients(Function<Variable[], Variable> f, boolean recorded,
            Tensor... inputs) {
        Variable[] in = new Variable[inputs.length];
        for (int i = 0; i < in.length; i++) {
            in[i] = Variable.of(inputs[i]).requiresGrad(true);
        }
        Variable y = f.apply(in);
        var all = new ArrayList<Tensor>(List.of(y.value()));
        Variable s = null;
        for (Variable g : Autograd.of(y.mul(in[3]).sum()).createGraph(true).grad(in)) {
            all.add(g.value());
            Variable term = g.mul(Variable.of(normal("direction" + all.size(), g.shape().toArray())
                    .to(g.dtype()).to(g.device()))).sum();
            s = s == null ? term : s.add(term);
        }
        for (Variable g : Autograd.of(s).createGraph(recorded).materializeGrads(true).grad(in)) {
            all.add(g.value());
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource({"reference,1", "reference,0", "reference,0.2", "cpu,1", "cpu,0", "cpu,0.2", "cpu,-0.5"})
    void theKernelOfTheSecondOrderIsTheRuleOfTheSecondOrder(String device, double slope) {
        Device d = Device.parse(device);
        for (Norm norm : NORMS) {
            for (double gamma : new double[] {1, 0}) {
                Tensor[] in = {normal("x", 5, 4, 3).to(d), normal("gamma", 4).mul(gamma).to(d),
                    normal("beta", 4).to(d), normal("dy", 5, 4, 3).to(d)};
                Function<Variable[], Variable> f = v -> norm.of(v[0], v[1], v[2], slope);
                List<Tensor> plain = gradients(f, false, in);
                List<Tensor> recorded = gradients(f, true, in);
                for (int i = 0; i < plain.size(); i++) {
                    assertArrayEquals(recorded.get(i).toDoubleArray(), plain.get(i).toDoubleArray(), 1e-9);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"reference,F32,0", "reference,F32,0.2", "reference,F64,0.2", "cpu,F32,0", "cpu,F32,0.2",
        "cpu,F32,-0.5", "cpu,F64,0.2", "cpu,F64,0"})
    void aRectifierInTheKernelGivesTheBitsOfOneBehindIt(String device, DType dtype, double slope) {
        Device d = Device.parse(device);
        for (int[] shape : new int[][] {{5, 4, 3}, {7, 6, 9}, {2, 4, 3}}) {
            for (Norm norm : NORMS) {
                int length = shape[1] == 4 ? 3 : 9;
                if (length != shape[2]) {
                    continue;
                }
                int c = shape[1];
                Tensor[] in = {normal("x", shape).to(dtype).to(d), normal("gamma", c).to(dtype).to(d),
                    normal("beta", c).to(dtype).to(d), normal("dy", shape).to(dtype).to(d)};
                List<Tensor> fused = gradients(v -> norm.of(v[0], v[1], v[2], slope), false,
                        in);
                List<Tensor> apart = gradients(
                        v -> norm.of(v[0], v[1], v[2], 1).leakyRelu(slope), false, in);
                for (int i = 0; i < fused.size(); i++) {
                    assertTrue(fused.get(i).sameBits(apart.get(i)), i + " " + Arrays.toString(shape));
                }
            }
        }
    }

    @Test
    void otherNormsWithARectifierAreRightAtEveryOrder() {
        Tensor x = normal("x", 2, 4, 3);
        Tensor gamma = normal("gamma", 4);
        Tensor beta = normal("beta", 4);
        for (Norm norm : NORMS) {
            Orders.assertSame(in -> norm.of(in[0], in[1], in[2], 0.2),
                    in -> norm.of(in[0], in[1], in[2], 1).leakyRelu(0.2), 4, x, gamma, beta);
        }
    }
}
