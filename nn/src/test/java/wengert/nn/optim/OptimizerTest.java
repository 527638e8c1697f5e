package wengert.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import wengert.autograd.Autograd;
import wengert.autograd.Frozen;
import wengert.autograd.Parameter;
import wengert.autograd.Variable;
import wengert.tensor.Generator;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.GradException;
import wengert.tensor.spi.TensorException;

class OptimizerTest {
    /// The example of [UpdateRule].
    record SignDescent(double lr) implements UpdateRule {
        @Override
        public void update(Tensor p, Tensor g, ParameterState s, double lrNow) {
            p.inPlace(by()).combine(1, -lrNow, g.sign());
        }
    }

    static List<UpdateRule> rules() {
        return List.of(Sgd.of(0.1).momentum(0.9), Sgd.of(0.1).nesterov(0.9), Adam.of(0.1),
                Adam.of(0.1).amsgrad(true),
                AdamW.of(0.1), RmsProp.of(0.1).momentum(0.5).centered(true), Adagrad.of(0.1).initial(0.1));
    }

    private static Parameter parameter(String name, double... values) {
        return new Parameter(name, Tensor.of(values, values.length));
    }

    private static void gradient(Parameter p, double... values) {
        p.grad(Tensor.of(values, values.length));
    }

    @Test
    void aRuleOfOnesOwnWorks() {
        Parameter p = parameter("p", 1, 1);
        gradient(p, -5, 0.1);
        new Optimizer(List.of(p), new SignDescent(0.5)).step();
        assertArrayEquals(new double[] {1.5, 0.5}, p.value().toDoubleArray());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void withoutGradientNothingHappensAtAll(UpdateRule rule) {
        Parameter p = parameter("p", 1, 2);
        Parameter q = parameter("q", 3, 4);
        Optimizer optimizer = new Optimizer(List.of(p, q), rule);
        gradient(p, 1, -1);
        gradient(q, 1, -1);
        optimizer.step();
        Map<String, Tensor> state = optimizer.state();
        Tensor before = p.value().copy();

        p.zeroGrad();
        optimizer.step();

        assertTrue(p.value().sameBits(before));
        assertEquals(1, optimizer.count(p));
        assertEquals(2, optimizer.count(q));
        optimizer.state().forEach((name, x) -> {
            if (name.startsWith("p/")) {
                assertTrue(x.sameBits(state.get(name)), name);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aGradientThatIsGoneIsRefusedBeforeAnythingChanges(UpdateRule rule) {
        Parameter p = new Parameter("p", Tensor.of(new float[] {1, 2}, 2));
        Parameter q = new Parameter("q", Tensor.of(new float[] {1, 2}, 2));
        p.grad(Tensor.ones(2));
        try (var _ = Scope.open("step")) {
            q.grad(Tensor.ones(2));
        }
        var optimizer = new Optimizer(List.of(p), rule).add(List.of(q), rule);
        TensorException e = assertThrows(TensorException.class, optimizer::step);
        assertTrue(e.getMessage().contains(rule.by()) && e.getMessage().contains("'q'")
                && e.getMessage().contains("'step'"), e.getMessage());
        assertEquals(0, optimizer.count(p));
        assertArrayEquals(new float[] {1, 2}, p.value().toFloatArray());
    }

    @Test
    void aZeroGradientWithoutDecayIsNoChange() {
        for (UpdateRule rule : List.of(Sgd.of(0.1).momentum(0.9), Adam.of(0.1), RmsProp.of(0.1),
                Adagrad.of(0.1))) {
            Parameter p = parameter("p", 1, 2);
            gradient(p, 0, 0);
            new Optimizer(List.of(p), rule).step();
            assertArrayEquals(new double[] {1, 2}, p.value().toDoubleArray(), rule.name());
        }
    }

    /// A penalty through a network whose lower layer is frozen: D(x) = v · leakyRelu(W x, 0.2).
    @Test
    void aFrozenParameterKeepsItsBitsItsMomentsAndItsCount() {
        Parameter w = new Parameter("w", Tensor.of(new double[] {1, -2, 0.5, 1}, 2, 2));
        Parameter v = parameter("v", 2, -1);
        Optimizer adam = new Optimizer(List.of(w), Adam.of(0.01).weightDecay(0.1));
        adam.add(List.of(v), Sgd.of(0.001));
        Tensor start = w.value().copy();
        for (int i = 0; i < 3; i++) {
            w.grad(Tensor.of(new double[] {1, 2, 3, 4}, 2, 2));
            adam.step();
        }
        w.zeroGrad();
        w.value().copyInPlace(start);
        Map<String, Tensor> before = adam.state();

        try (var _ = Frozen.of(List.of(w))) {
            penalty(w, v).backward();
            assertNull(w.grad());
            w.grad(Tensor.of(new double[] {1, 1, 1, 1}, 2, 2)); // left over from elsewhere
            adam.step();
        }

        assertTrue(w.value().sameBits(start));
        assertEquals(3, adam.count(w));
        before.forEach((name, x) -> assertTrue(x.sameBits(adam.state().get(name)), name));
        assertArrayEquals(new double[] {119.6, -44.2}, v.grad().toDoubleArray(), 1e-12);
        assertArrayEquals(new double[] {1.8804, -0.9558}, v.value().toDoubleArray(), 1e-12);
    }

    @Test
    void withoutFreezingThePenaltyReachesEverything() {
        Parameter w = new Parameter("w", Tensor.of(new double[] {1, -2, 0.5, 1}, 2, 2));
        Parameter v = parameter("v", 2, -1);
        Variable penalty = penalty(w, v);
        assertEquals(141.7, penalty.value().item(), 1e-12);
        penalty.backward();
        // row k: 10 · Σ over samples of v_k · slope · ∂D/∂x, slopes (1, 1) and (0.2, 0.2)
        assertArrayEquals(new double[] {31.2, -104, -15.6, 52}, w.grad().toDoubleArray(), 1e-12);
        assertArrayEquals(new double[] {119.6, -44.2}, v.grad().toDoubleArray(), 1e-12);
        try (var _ = Frozen.of(List.of(w, v))) {
            w.zeroGrad();
            v.zeroGrad();
            Variable frozen = penalty(w, v);
            assertEquals(141.7, frozen.value().item(), 1e-12);
            frozen.backward();
            assertNull(w.grad());
            assertNull(v.grad());
        }
    }

    private static Variable penalty(Parameter w, Parameter v) {
        Variable x = Variable.of(Tensor.of(new double[] {1, 0.2, -1, 0.5}, 2, 2)).requiresGrad(true);
        Variable d = x.matmul(w.transpose(0, 1)).leakyRelu(0.2).matmul(v);
        assertArrayEquals(new double[] {0.5, -0.8}, d.value().toDoubleArray(), 1e-15);
        Variable g = Autograd.of(d.sum()).createGraph(true).grad(x).get(0);
        return g.square().sum(1).mean().mul(10);
    }

    @Test
    void whatNoLongerRequiresAGradientIsLeftAlone() {
        Parameter p = parameter("p", 1);
        gradient(p, 1);
        p.requiresGrad(false);
        Optimizer optimizer = new Optimizer(List.of(p), Sgd.of(0.1));
        optimizer.step();
        assertEquals(1, p.value().item());
        assertEquals(0, optimizer.count(p));
    }

    @Test
    void aGraphFromBeforeTheStepNamesTheParameterAndTheStep() {
        Parameter w = parameter("fc.weight", 2);
        Optimizer optimizer = new Optimizer(List.of(w), Adam.of(0.1));
        Variable y = w.mul(w).sum();
        gradient(w, 1);
        optimizer.step();
        String message = assertThrows(GradException.class, y::backward).getMessage();
        assertTrue(message.contains("'fc.weight'") && message.contains("modified by Adam.step"), message);
        assertTrue(message.contains("is at version 1; expected version 0"), message);
    }

    @Test
    void duplicatesAndEmptyListsAreNamed() {
        Parameter p = parameter("p", 1);
        Parameter q = parameter("q", 1);
        assertEquals("Sgd: the list of parameters is empty; pass module.parameters()",
                assertThrows(TensorException.class, () -> new Optimizer(List.of(), Sgd.of(1))).getMessage());
        assertEquals("Sgd: parameter 'p' [1] appears twice; it would be updated twice in each step",
                assertThrows(TensorException.class, () -> new Optimizer(List.of(p, q, p),
                Sgd.of(1))).getMessage());
        Optimizer optimizer = new Optimizer(List.of(q), Adam.of(1));
        assertThrows(TensorException.class, () -> optimizer.add(List.of(p, q), Sgd.of(1)));
        optimizer.add(List.of(p), Sgd.of(1));
        assertEquals(2, optimizer.groups().size());
    }

    @Test
    void equalNamesAreRefusedWhenStatesAreKeyedByThem() {
        Optimizer optimizer = new Optimizer(List.of(parameter("p", 1), parameter("p", 2)), Adam.of(1));
        assertTrue(assertThrows(TensorException.class, optimizer::state).getMessage().contains("'p'"));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, -0.1})
    void aLearningRateThatIsNoneIsRefused(double lr) {
        assertEquals("Adam: learning rate must be a finite number of at least 0, got " + lr,
                assertThrows(TensorException.class, () -> Adam.of(lr)).getMessage());
        assertThrows(TensorException.class, () -> Sgd.of(lr));
        assertThrows(TensorException.class, () -> AdamW.of(lr));
        assertThrows(TensorException.class, () -> RmsProp.of(lr));
        assertThrows(TensorException.class, () -> Adagrad.of(lr));
        Parameter p = parameter("p", 1);
        gradient(p, 1);
        Optimizer optimizer = new Optimizer(List.of(p), Sgd.of(0.1));
        assertThrows(TensorException.class, () -> optimizer.step((_, _) -> lr, 0));
        assertThrows(TensorException.class, () -> optimizer.groups().get(0).lr(lr));
        assertEquals(1, p.value().item());
    }

    @Test
    void otherSettingsAreCheckedToo() {
        assertThrows(TensorException.class, () -> Adam.of(1).betas(1, 0.9));
        assertThrows(TensorException.class, () -> Adam.of(1).betas(0.9, -0.1));
        assertThrows(TensorException.class, () -> Adam.of(1).eps(-1));
        assertThrows(TensorException.class, () -> Adam.of(1).weightDecay(Double.NaN));
        assertThrows(TensorException.class, () -> new Sgd(1, 0, 0, 0, true));
        assertThrows(TensorException.class, () -> new Sgd(1, 0.9, 0.5, 0, true));
        assertThrows(TensorException.class, () -> Schedule.step(0, 1));
        assertThrows(TensorException.class, () -> Schedule.cosine(0, 1));
        assertThrows(TensorException.class, () -> Schedule.linear(1, 0, 0));
    }

    @Test
    void groupsHaveRulesAndRatesOfTheirOwn() {
        Parameter p = parameter("p", 1);
        Parameter q = parameter("q", 1);
        Optimizer optimizer = new Optimizer(List.of(p), Sgd.of(0.1)).add(List.of(q),
                Sgd.of(0.01).weightDecay(1));
        gradient(p, 1);
        gradient(q, 1);
        optimizer.step(Schedule.exponential(0.5), 1);
        assertEquals(1 - 0.05, p.value().item(), 1e-15);
        assertEquals(1 - 0.005 * 2, q.value().item(), 1e-15);
        assertEquals(0.05, optimizer.groups().get(0).lr(), 1e-18);
        optimizer.zeroGrad();
        assertNull(p.grad());
        assertNull(q.grad());
    }

    @Test
    void schedulesCanBeChained() {
        Schedule warm = Schedule.linear(0.25, 1, 4).then(Schedule.step(2, 0.5));
        assertEquals(0.25, warm.lr(1, 0), 1e-15);
        assertEquals((0.25 + 0.75 / 2) * 0.5, warm.lr(1, 2), 1e-15);
        assertEquals(0.3, Schedule.constant().lr(0.3, 99));
    }

    @Test
    void aLinearScheduleCountsUpdatesAndNeedsNoStateToResume() {
        Schedule s = Schedule.linear(1, 0, 4);
        double[] want = {2e-4, 1.5e-4, 1e-4, 5e-5};
        for (int update = 0; update < 4; update++) {
            assertEquals(want[update], s.lr(2e-4, update), 1e-19);
        }
    }

    /// loss = mean (w·x − 1)² over windows of two micro-batches, each divided by 2.
    @Test
    void anAccumulatedWindowIsOneUpdate() {
        Parameter w = parameter("w", 0.5);
        Optimizer adam = new Optimizer(List.of(w), Adam.of(0.01).betas(0.5, 0.999));
        double[][] batches = {{1, 2}, {3, 4}, {5, 6}, {7, 8}};
        double[] after = {0.49000000004, 0.480211369738};
        for (int window = 0; window < 2; window++) {
            adam.zeroGrad();
            for (int a = 0; a < 2; a++) {
                w.mul(Tensor.of(batches[2 * window + a], 2)).sub(1).square().mean().div(2).backward();
            }
            adam.step();
            assertEquals(after[window], w.value().item(), 1e-11);
        }
        assertEquals(2, adam.count(w));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void stepsInsideOfScopesGiveTheSameBitsAndStateOutlivesThem(UpdateRule rule) {
        Parameter free = new Parameter("p", noise("start"));
        Parameter scoped = new Parameter("p", noise("start"));
        Optimizer a = new Optimizer(List.of(free), rule);
        Optimizer b = new Optimizer(List.of(scoped), rule);
        for (int i = 0; i < 3; i++) {
            free.grad(noise("g" + i));
            a.step();
            scoped.grad(noise("g" + i));
            try (var _ = Scope.open("step")) {
                b.step();
            }
        }
        assertTrue(free.value().sameBits(scoped.value()));
        Map<String, Tensor> want = a.state();
        b.state().forEach((name, x) -> assertTrue(x.sameBits(want.get(name)), name));
    }

    private static Tensor noise(String stream) {
        return Generator.seeded(5).stream(stream).normal(3000);
    }

    @Test
    void aStateIsASnapshotKeyedByName() {
        Parameter p = parameter("body.0.weight", 1);
        Parameter never = parameter("never", 1);
        Optimizer optimizer = new Optimizer(List.of(p, never), Adam.of(0.1));
        gradient(p, 1);
        optimizer.step();
        Map<String, Tensor> state = optimizer.state();
        Tensor moment = state.get("body.0.weight/exp_avg").copy();
        optimizer.step();

        assertEquals(List.of("groups/0/lr", "body.0.weight/step", "body.0.weight/exp_avg",
                "body.0.weight/exp_avg_sq"),
                List.copyOf(state.keySet()));
        assertTrue(state.get("body.0.weight/exp_avg").sameBits(moment));
        assertEquals(DType.I64, state.get("body.0.weight/step").dtype());
    }

    @Test
    void aStateThatDoesNotFitIsReportedWholeAndChangesNothing() {
        Parameter p = parameter("p", 1, 2);
        Optimizer optimizer = new Optimizer(List.of(p), Adam.of(0.1));
        gradient(p, 1, 1);
        optimizer.step();
        Map<String, Tensor> before = optimizer.state();
        Map<String, Tensor> state = new LinkedHashMap<>(before);
        state.put("groups/0/lr", Tensor.of(new double[] {Double.NaN}));
        state.put("p/exp_avg", Tensor.zeros(3));
        state.put("q/exp_avg", Tensor.zeros(2));

        TensorException e = assertThrows(TensorException.class, () -> optimizer.load(state));

        assertEquals("""
                optimizer: the state does not fit, nothing was loaded:
                  groups/0/lr is NaN
                  p/exp_avg must be floating [2], got f32 [3]
                  q/exp_avg is unexpected""", e.getMessage());
        optimizer.state().forEach((name, x) -> assertTrue(x.sameBits(before.get(name)), name));
        before.remove("p/step");
        assertTrue(assertThrows(TensorException.class, () -> optimizer.load(before)).getMessage()
                .contains("p/step is missing"));
    }

    @Test
    void parametersMayMoveBetweenSteps() {
        Parameter p = parameter("p", 1, 2);
        Optimizer optimizer = new Optimizer(List.of(p), Adam.of(0.1));
        gradient(p, 1, 1);
        optimizer.step();
        p.replace(p.value().to(DType.F32));
        p.grad(Tensor.of(new float[] {1, 1}, 2));
        optimizer.step();
        assertEquals(2, optimizer.count(p));
        assertEquals(DType.F32, optimizer.state().get("p/exp_avg").dtype());
        assertArrayEquals(new double[] {0.8, 1.8}, p.value().toDoubleArray(), 1e-5);
    }

    @Test
    void theParameterStaysTheSameTensor() {
        Parameter p = parameter("p", 1);
        Tensor value = p.value();
        gradient(p, 1);
        Tensor g = p.grad().copy();
        new Optimizer(List.of(p), Sgd.of(0.1).weightDecay(0.1).momentum(0.9)).step();
        assertSame(value, p.value());
        assertFalse(value.sameBits(Tensor.of(new double[] {1}, 1)));
        assertTrue(p.grad().sameBits(g));
    }
}
