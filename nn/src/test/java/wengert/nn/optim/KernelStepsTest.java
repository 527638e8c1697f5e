package wengert.nn.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import wengert.autograd.Parameter;
import wengert.tensor.Generator;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;

/// The kernels against the formulas they stand for.
class KernelStepsTest {
    /// A rule that no kernel knows: its formula runs.
    private record Formula(UpdateRule rule) implements UpdateRule {
        @Override
        public double lr() {
            return rule.lr();
        }

        @Override
        public String name() {
            return rule.name();
        }

        @Override
        public void update(Tensor p, Tensor g, ParameterState s, double lr) {
            rule.update(p, g, s, lr);
        }
    }

    static Stream<UpdateRule> rules() {
        return Stream.of(Sgd.of(0.1), Sgd.of(0.1).momentum(0.9).dampening(0.3).weightDecay(0.1),
                Sgd.of(0.1).nesterov(0.9), Adam.of(0.01).betas(0, 0.9), Adam.of(0.01).weightDecay(0.1),
                Adam.of(0.01).amsgrad(true), AdamW.of(0.01), RmsProp.of(0.01),
                RmsProp.of(0.01).centered(true).momentum(0.9).weightDecay(0.1), Adagrad.of(0.05).lrDecay(0.1)
                .initial(0.1));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void kernelsAndFormulasAgree(UpdateRule rule) {
        List<Parameter> one = parameters();
        List<Parameter> other = parameters();
        Optimizer kernels = new Optimizer(one, rule);
        Optimizer formulas = new Optimizer(other, new Formula(rule));
        for (int t = 0; t < 20; t++) {
            gradients(one, t);
            gradients(other, t);
            kernels.step();
            formulas.step();
        }
        for (int i = 0; i < one.size(); i++) {
            double[] got = one.get(i).value().toDoubleArray();
            double[] want = other.get(i).value().toDoubleArray();
            double tolerance = one.get(i).dtype() == DType.F32 ? 4e-6 : 0;
            for (int j = 0; j < got.length; j++) {
                assertEquals(want[j], got[j], tolerance, rule + " parameter " + i);
            }
        }
        assertEquals(formulas.state().keySet(), kernels.state().keySet());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aGradientThatIsNoRowOfNumbersGoesThroughTheFormula(UpdateRule rule) {
        Parameter p = new Parameter("p", noise("p", 6).reshape(2, 3));
        Parameter q = new Parameter("q", noise("p", 6).reshape(2, 3));
        p.grad(noise("g", 6).reshape(3, 2).transpose(0, 1));
        q.grad(p.grad().contiguous());
        new Optimizer(List.of(p), rule).step();
        new Optimizer(List.of(q), rule).step();
        double[] want = q.value().toDoubleArray();
        double[] got = p.value().toDoubleArray();
        for (int i = 0; i < 6; i++) {
            assertEquals(want[i], got[i], 1e-6);
        }
    }

    @Test
    void parametersWithOneBufferAreUpdatedOneAfterTheOther() {
        Tensor buffer = Tensor.zeros(4);
        Parameter p = new Parameter("p", buffer);
        Parameter q = new Parameter("q", buffer.slice(0, 1, 3));
        p.grad(Tensor.ones(4));
        q.grad(Tensor.ones(2));
        new Optimizer(List.of(p, q), Sgd.of(1)).step();
        assertTrue(buffer.sameBits(Tensor.of(new float[] {-1, -2, -2, -1}, 4)));
    }

    @Test
    void whatAStepChangesIsCountedInItsName() {
        Parameter p = new Parameter("p", Tensor.zeros(3));
        p.grad(Tensor.ones(3));
        int version = p.value().view().storage().version();
        Optimizer adam = new Optimizer(List.of(p), Adam.of(0.1));
        adam.step();
        assertEquals(version + 1, p.value().view().storage().version());
        assertEquals("Adam.step", p.value().view().storage().modifiedBy());
        assertEquals(0, p.grad().view().storage().version());
        Map<String, Tensor> state = adam.state();
        assertEquals(0.1f, state.get("p/exp_avg").toFloatArray()[0], 1e-8f);
    }

    /// Those of f64 are no kernel's business, also where they come first.
    private static List<Parameter> parameters() {
        List<Parameter> list = new ArrayList<>();
        for (int n : new int[] {40, 1, 0, 9000, 33}) {
            list.add(new Parameter("p" + n, noise("p" + n, n).to(n == 40 ? DType.F64 : DType.F32)));
        }
        return list;
    }

    private static void gradients(List<Parameter> parameters, int t) {
        for (Parameter p : parameters) {
            p.grad(noise(p.name() + t, p.shape().length()).to(p.dtype()));
        }
    }

    private static Tensor noise(String stream, int n) {
        return Generator.seeded(7).stream(stream).normal(n);
    }
}
