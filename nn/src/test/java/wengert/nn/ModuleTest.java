package wengert.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import wengert.autograd.Parameter;
import wengert.autograd.Variable;
import wengert.nn.init.Init;
import wengert.nn.init.InitRules;
import wengert.tensor.Generator;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.DTypeException;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.TensorException;

class ModuleTest {
    /// The example of [Module].
    static final class Net extends Module implements Layer {
        private final Linear hidden = child("hidden", new Linear(2, 16));
        private final Linear out = child("out", new Linear(16, 1));

        @Override
        public <T extends TensorOps<T>> T forward(T x) {
            T h = within("hidden", () -> hidden.forward(x)).tanh();
            return within("out", () -> out.forward(h));
        }
    }

    /// One layer under two names, and a parameter that another module uses too.
    static final class Sharing extends Module {
        final Linear a = child("a", new Linear(2, 2));
        final Linear again = child("again", a);
        final Parameter tied = parameter("tied", a.weight());
    }

    private static Generator random() {
        return Generator.seeded(7);
    }

    private static Sequential norms() {
        return new Sequential().add("conv", new Conv2d(1, 2, 3)).add("norm", new BatchNorm2d(2));
    }

    @Test
    void theExampleRunsOnValuesAndOnVariables() {
        Net net = new Net();
        net.init(Generator.seeded(42));
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);

        Tensor y = net.forward(x);
        net.forward(Variable.of(x)).square().mean().backward();

        assertEquals(Shape.of(2, 1), y.shape());
        for (Parameter p : net.parameters()) {
            assertEquals(p.shape(), p.grad().shape());
        }
    }

    @Test
    void parametersAndBuffersAreNamedByPathInOrder() {
        Sequential net = new Sequential(norms(), new Linear(4, 1));
        net.init(random());

        assertEquals(List.of("0.conv.weight", "0.conv.bias", "0.norm.weight", "0.norm.bias", "1.weight",
                "1.bias"),
                List.copyOf(net.namedParameters().keySet()));
        assertEquals(List.of("0.norm.running_mean", "0.norm.running_var", "0.norm.num_batches_tracked"),
                List.copyOf(net.namedBuffers().keySet()));
        assertEquals(List.copyOf(net.namedParameters().values()), net.parameters());
        net.namedParameters().forEach((name, p) -> assertEquals(name, p.name()));
        assertEquals(18 + 2 + 2 + 2 + 4 + 1, net.parameterCount());
    }

    @Test
    void whatIsSharedCountsOnceUnderItsFirstName() {
        Sharing net = new Sharing();
        net.init(random());

        assertEquals(List.of("tied", "a.bias"), List.copyOf(net.namedParameters().keySet()));
        assertSame(net.a.weight(), net.tied);
        assertEquals("tied", net.tied.name());
        assertEquals(2, net.stateDict().size());
        assertEquals(6, net.parameterCount());
    }

    @Test
    void cyclesAreRejected() {
        Sequential outer = new Sequential();
        Sequential inner = new Sequential();
        outer.add("inner", inner);

        TensorException e = assertThrows(TensorException.class, () -> inner.add("outer", outer));

        assertEquals("module: adding Sequential as 'outer' would make a cycle, because it contains this "
                + "Sequential", e.getMessage());
        assertThrows(TensorException.class, () -> outer.add("self", outer));
        assertEquals(1, outer.children().size());
    }

    @Test
    void namesAreUniqueAndHaveNoDots() {
        Sequential net = new Sequential().add("a", new Relu());
        assertEquals("module: Sequential has a 'a' already; names of parameters, buffers and modules are "
                + "unique in a module",
                assertThrows(TensorException.class, () -> net.add("a", new Relu())).getMessage());
        assertThrows(TensorException.class, () -> net.add("a.b", new Relu()));
        assertThrows(TensorException.class, () -> net.add("", new Relu()));
    }

    @Test
    void readingAWeightBeforeInitSaysWhatToDo() {
        Linear layer = new Linear(2, 3);
        String want = "parameter 'weight' f32 [3,2] has no values yet; call init(generator) on the root "
                + "module, or load a state dict, before using it";

        assertEquals(want, assertThrows(TensorException.class, () -> layer.weight().value()).getMessage());
        assertEquals(want,
                assertThrows(TensorException.class, () -> layer.forward(Tensor.ones(1, 2))).getMessage());
        assertEquals(want, assertThrows(TensorException.class,
                () -> layer.forward(Variable.of(Tensor.ones(1, 2)))).getMessage());
        assertEquals("buffer 'running_mean' f32 [2] has no values yet; call init(generator) on the root "
                + "module, or load a state dict, before using it", assertThrows(TensorException.class,
                        () -> new BatchNorm1d(2, BatchNorm.Options.standard().affine(false))
                                .forward(Tensor.ones(4, 2))).getMessage());
    }

    @Test
    void modesReachEveryModuleAndAreIdempotent() {
        Sequential net = new Sequential(norms());
        assertTrue(net.isTraining());
        net.eval();
        net.eval();
        assertTrue(net.tree().values().stream().noneMatch(Module::isTraining));
        net.train();
        net.train();
        assertTrue(net.tree().values().stream().allMatch(Module::isTraining));
    }

    @Test
    void initialValuesDependOnSeedAndNameAlone() {
        Sequential small = new Sequential().add("a", new Linear(3, 4)).add("b", new Linear(4, 2));
        Sequential large = new Sequential().add("first", new Linear(3, 3)).add("a", new Linear(3, 4))
                .add("more", new BatchNorm1d(4)).add("b", new Linear(4, 2));
        Generator shared = random();
        large.init(shared);
        small.init(shared);

        small.stateDict().forEach((name, x) -> assertTrue(x.sameBits(large.stateDict().get(name)), name));
        assertEquals(Map.of(), shared.draws());
        small.init(Generator.seeded(8));
        assertFalse(small.stateDict().get("a.weight").sameBits(large.stateDict().get("a.weight")));
    }

    @Test
    void theRootsNameTellsTwoNetworksApart() {
        Linear g = new Linear(3, 4);
        Linear d = new Linear(3, 4);
        g.init(random(), InitRules.defaults(), "generator");
        d.init(random(), InitRules.defaults(), "discriminator");

        assertFalse(g.weight().value().sameBits(d.weight().value()));
        assertEquals("weight", g.weight().name());
    }

    @Test
    void initialisedAndLoadedTensorsBelongToNoScope() {
        Sequential net = norms();
        Map<String, Tensor> state;
        try (var _ = Scope.open("start")) {
            net.init(random());
            state = net.stateDict();
        }
        Sequential other = norms();
        try (var _ = Scope.open("load")) {
            other.loadStateDict(state);
        }
        other.stateDict().forEach((name, x) -> assertTrue(x.sameBits(state.get(name)), name));
    }

    @Test
    void aStateGoesRoundAndIsASnapshot() {
        Sequential a = norms();
        Sequential b = norms();
        a.init(random());
        b.init(Generator.seeded(99));
        a.forward(Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, 1, 1, 4, 4));
        Map<String, Tensor> state = a.stateDict();
        Parameter identity = b.parameters().get(0);

        b.loadStateDict(state);
        b.stateDict().forEach((name, x) -> assertTrue(x.sameBits(state.get(name)), name));
        assertSame(identity, b.parameters().get(0));
        assertEquals(1, state.get("norm.num_batches_tracked").toLongArray()[0]);

        Tensor before = state.get("conv.weight").copy();
        a.parameters().get(0).value().fillInPlace(0);
        assertTrue(state.get("conv.weight").sameBits(before));
        assertFalse(b.parameters().get(0).value().sameBits(a.parameters().get(0).value()));
    }

    @Test
    void aStateThatDoesNotFitIsReportedWholeAndChangesNothing() {
        Sequential net = norms();
        net.init(random());
        Map<String, Tensor> before = net.stateDict();
        Map<String, Tensor> state = new LinkedHashMap<>(before);
        state.put("conv.weight", Tensor.zeros(2, 3, 3, 3));
        state.put("norm.num_batches_tracked", Tensor.scalar(1));
        state.put("norm.weight", Tensor.zeros(2));
        state.remove("norm.running_var");
        state.remove("conv.bias");
        state.put("extra", Tensor.zeros(1));

        TensorException e = assertThrows(TensorException.class, () -> net.loadStateDict(state));

        assertEquals("""
                loadStateDict: the state does not fit this Sequential; nothing was loaded
                  missing: conv.bias f32 [2]; norm.running_var f32 [2]
                  unexpected: extra f32 [1]
                  mismatched: conv.weight expected f32 [2,1,3,3], got f32 [2,3,3,3]; \
                norm.num_batches_tracked expected i64 [], got f32 []""", e.getMessage());
        assertThrows(TensorException.class, () -> net.loadStateDict(state, false));
        net.stateDict().forEach((name, x) -> assertTrue(x.sameBits(before.get(name)), name));
    }

    @Test
    void withoutStrictnessMissingAndUnexpectedNamesAreIgnored() {
        Sequential net = norms();
        net.init(random());
        Map<String, Tensor> state = Map.of("conv.bias", Tensor.of(new double[] {1, 2}, 2), "extra",
                Tensor.zeros(1));
        TensorException e = assertThrows(TensorException.class, () -> net.loadStateDict(state));
        assertTrue(e.getMessage().endsWith("pass strict = false to ignore names that are missing or "
                + "unexpected"));

        net.loadStateDict(state, false);

        assertEquals(DType.F32, net.namedParameters().get("conv.bias").dtype());
        assertTrue(net.namedParameters().get("conv.bias").value().sameBits(Tensor.of(new float[] {1, 2}, 2)));
    }

    @Test
    void movingKeepsIdentitiesAndReachesEverythingFloating() {
        Sequential net = norms();
        net.init(random());
        List<Parameter> before = net.parameters();
        net.forward(Variable.of(Tensor.ones(2, 1, 4, 4))).sum().backward();

        net.to(DType.F64);
        net.to(Device.REFERENCE);

        assertEquals(before, net.parameters());
        for (Parameter p : before) {
            assertEquals(DType.F64, p.value().dtype());
            assertEquals(Device.REFERENCE, p.value().device());
            assertNull(p.grad());
        }
        assertEquals(DType.F64, net.namedBuffers().get("norm.running_mean").dtype());
        assertEquals(DType.I64, net.namedBuffers().get("norm.num_batches_tracked").dtype());
        assertEquals(Device.REFERENCE, net.namedBuffers().get("norm.num_batches_tracked").device());
        assertThrows(DTypeException.class, () -> net.to(DType.I64));
        Tensor y = net.forward(Tensor.full(1, DType.F64, Device.REFERENCE, Shape.of(2, 1, 4, 4)));
        assertEquals(DType.F64, y.dtype());
    }

    @Test
    void movedBeforeInitAModuleStartsThere() {
        Sequential early = norms();
        Sequential late = norms();
        early.to(DType.F64);
        early.init(random(), InitRules.defaults().with("weight", Init.normal(0, 1)));
        late.init(random(), InitRules.defaults().with("weight", Init.normal(0, 1)));
        late.to(DType.F64);

        early.stateDict().forEach((name, x) -> {
            assertEquals(late.stateDict().get(name).dtype(), x.dtype(), name);
            if (name.equals("conv.weight")) {
                assertTrue(x.sameBits(late.stateDict().get(name)));
            }
        });
    }

    @Test
    void zeroGradForgetsOrFills() {
        Linear net = new Linear(2, 1);
        net.init(random());
        net.zeroGrad(true);
        assertNull(net.weight().grad());

        net.bias().requiresGrad(false);
        net.forward(Variable.of(Tensor.of(new float[] {Float.NaN, 1}, 1, 2))).sum().backward();
        net.zeroGrad(true);
        assertTrue(net.weight().grad().sameBits(Tensor.zeros(1, 2)));
        assertNull(net.bias().grad());
        net.zeroGrad();
        assertNull(net.weight().grad());
    }

    @Test
    void aFrozenNetworkGetsNoGradientsAndPassesThemOn() {
        Linear net = new Linear(2, 1);
        net.init(random());
        Variable x = Variable.of(Tensor.ones(1, 2)).requiresGrad(true);
        try (var _ = net.frozen()) {
            net.forward(x).sum().backward();
        }
        assertNull(net.weight().grad());
        assertTrue(x.grad().sameBits(net.weight().value()));
        net.forward(x).sum().backward();
        assertTrue(net.weight().grad().sameBits(Tensor.ones(1, 2)));
    }

    @Test
    void copyBuffersTakesIntegersAsIntegers() {
        BatchNorm1d source = new BatchNorm1d(1);
        BatchNorm1d copy = new BatchNorm1d(1);
        source.init(random());
        copy.init(random());
        for (int i = 0; i < 6; i++) {
            source.forward(Tensor.of(new float[] {i, i + 2}, 2, 1));
        }
        copy.copyBuffers(source);
        copy.namedBuffers().forEach((name, x) -> {
            assertTrue(x.sameBits(source.namedBuffers().get(name)), name);
            assertNotSame(x, source.namedBuffers().get(name));
        });
        assertEquals(DType.I64, copy.namedBuffers().get("num_batches_tracked").dtype());
        assertEquals(6, copy.namedBuffers().get("num_batches_tracked").item());
        assertThrows(TensorException.class, () -> copy.copyBuffers(new Linear(1, 1)));
    }

    @Test
    void anErrorSaysInWhichLayer() {
        Sequential net = new Sequential().add("body", norms());
        net.init(random());
        TensorException e = assertThrows(TensorException.class, () -> net.forward(Tensor.ones(1, 4, 8, 8)));
        assertTrue(e.getMessage().startsWith("conv2d: "), e.getMessage());
        assertTrue(e.getMessage().endsWith("\n  at body.conv"), e.getMessage());

        Net own = new Net();
        own.init(random());
        e = assertThrows(TensorException.class, () -> own.forward(Tensor.ones(1, 3)));
        assertTrue(e.getMessage().endsWith("\n  at hidden"), e.getMessage());
    }

    @Test
    void rulesChooseInitialisersByLayerAndName() {
        InitRules dcgan = InitRules.defaults()
                .with(Conv2d.class, "weight", Init.constant(2))
                .with(BatchNorm.class, "weight", Init.constant(3))
                .with("bias", Init.constant(4));
        Sequential net = norms().add("linear", new Linear(1, 1));
        net.init(random(), dcgan);

        assertEquals(2, net.namedParameters().get("conv.weight").value().toFloatArray()[0]);
        assertEquals(3, net.namedParameters().get("norm.weight").value().toFloatArray()[0]);
        for (String bias : List.of("conv.bias", "norm.bias", "linear.bias")) {
            assertEquals(4, net.namedParameters().get(bias).value().toFloatArray()[0]);
        }
        float w = net.namedParameters().get("linear.weight").value().toFloatArray()[0];
        assertTrue(Math.abs(w) <= 1 && w != 0);
    }

    @Test
    void aModuleShowsItsTree() {
        Sequential net = new Sequential().add("body", norms()).add("act", new LeakyRelu(0.2));
        assertEquals("""
                Sequential
                  body: Sequential
                    conv: Conv2d(1 → 2, kernel 3, stride 1, padding 0)  weight [2,1,3,3]  bias [2]
                    norm: BatchNorm2d(2, eps 1.0E-5, momentum 0.1)  weight [2]  bias [2]
                  act: LeakyRelu[slope=0.2]
                24 parameters""", net.toString());
    }
}
