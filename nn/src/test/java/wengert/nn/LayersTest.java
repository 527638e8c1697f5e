package wengert.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import wengert.autograd.GradCheck;
import wengert.autograd.Parameter;
import wengert.autograd.Variable;
import wengert.tensor.Generator;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.TensorException;

/// What holds for every layer, and what is special in single ones.
class LayersTest {
    /// A layer, an input and the output's shape.
    static Stream<Arguments> layers() {
        Shape image = Shape.of(2, 4, 6, 6);
        return Stream.of(
                Arguments.of(new Linear(6, 3), image, Shape.of(2, 4, 6, 3)),
                Arguments.of(new Linear(6, 3, false), Shape.of(6), Shape.of(3)),
                Arguments.of(new Conv2d(4, 8, 4, 2, 1), image, Shape.of(2, 8, 3, 3)),
                Arguments.of(new Conv2d(4, 8, 3, 2, new Conv2dGeometry(2, 1, 0, 1, 1, 2, 2), false), image,
                        Shape.of(2, 8, 2, 6)),
                Arguments.of(new ConvTranspose2d(4, 3, 4, 2, 1), image, Shape.of(2, 3, 12, 12)),
                Arguments.of(new ConvTranspose2d(4, 6, 3, 3, new Conv2dGeometry(2, 2, 1, 1, 1, 1, 2), 1, 0,
                true), image,
                        Shape.of(2, 6, 12, 11)),
                Arguments.of(SpectralNorm.of(new Conv2d(4, 8, 3)), image, Shape.of(2, 8, 4, 4)),
                Arguments.of(SpectralNorm.of(new ConvTranspose2d(4, 3, 2)), image, Shape.of(2, 3, 7, 7)),
                Arguments.of(SpectralNorm.of(new Linear(6, 3)), image, Shape.of(2, 4, 6, 3)),
                Arguments.of(new BatchNorm2d(4), image, image),
                Arguments.of(new BatchNorm2d(4, BatchNorm.Options.standard().track(false)), image, image),
                Arguments.of(new BatchNorm1d(4), Shape.of(3, 4), Shape.of(3, 4)),
                Arguments.of(new BatchNorm1d(4), Shape.of(3, 4, 2), Shape.of(3, 4, 2)),
                Arguments.of(new LayerNorm(4, 6, 6), image, image),
                Arguments.of(new LayerNorm(Shape.of(6), 1e-6, false), image, image),
                Arguments.of(new GroupNorm(2, 4), image, image),
                Arguments.of(new InstanceNorm(4), image, image),
                Arguments.of(new InstanceNorm(4, 1e-5, true), image, image),
                Arguments.of(new Dropout(0.5), image, image),
                Arguments.of(new Relu(), image, image),
                Arguments.of(new LeakyRelu(0.2), image, image),
                Arguments.of(new Tanh(), image, image),
                Arguments.of(new Sigmoid(), image, image),
                Arguments.of(new Elu(1), image, image),
                Arguments.of(new Silu(), image, image),
                Arguments.of(new Gelu(), image, image),
                Arguments.of(new Softplus(), image, image),
                Arguments.of(new MaxPool2d(2), image, Shape.of(2, 4, 3, 3)),
                Arguments.of(new MaxPool2d(3, 2, 1), image, Shape.of(2, 4, 3, 3)),
                Arguments.of(new AvgPool2d(2), image, Shape.of(2, 4, 3, 3)),
                Arguments.of(new Upsample(2, Upsample.Mode.NEAREST), image, Shape.of(2, 4, 12, 12)),
                Arguments.of(new Upsample(2, Upsample.Mode.BILINEAR), image, Shape.of(2, 4, 12, 12)),
                Arguments.of(new PixelShuffle(2), image, Shape.of(2, 1, 12, 12)),
                Arguments.of(new Reshape(6, 24), image, Shape.of(2, 6, 24)),
                Arguments.of(new Flatten(), image, Shape.of(2, 144)));
    }

    private static final Set<Class<?>> DIFFER_BY_MODE =
            Set.of(BatchNorm1d.class, BatchNorm2d.class, Dropout.class);

    private static Tensor noise(Shape shape) {
        return Generator.seeded(9).stream("x").as(DType.F64, Device.CPU).normal(shape.toArray());
    }

    private static Sequential net(Layer layer) {
        Sequential net = new Sequential(layer);
        net.to(DType.F64);
        net.init(Generator.seeded(4));
        return net;
    }

    @ParameterizedTest
    @MethodSource("layers")
    void bothKindsOfValueGiveTheSameNumbersAndEveryParameterLearns(Layer layer, Shape in, Shape out) {
        Sequential net = net(layer);
        net.eval();
        Tensor y = net.forward(noise(in));
        Variable x = Variable.of(noise(in)).requiresGrad(true);
        Variable recorded = net.forward(x);
        recorded.square().sum().backward();

        assertEquals(out, y.shape());
        assertTrue(y.sameBits(recorded.value()));
        assertEquals(in, x.grad().shape());
        for (Parameter p : net.parameters()) {
            assertNotNull(p.grad(), p.name());
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void dtypeAndDeviceReachEveryParameterBufferAndResult(Layer layer, Shape in, Shape out) {
        Sequential net = new Sequential(layer);
        net.to(DType.F64);
        net.to(Device.REFERENCE);
        net.init(Generator.seeded(4));
        Tensor y = net.forward(noise(in).to(Device.REFERENCE));

        assertEquals(DType.F64, y.dtype());
        assertEquals(Device.REFERENCE, y.device());
        net.stateDict().forEach((name, x) -> {
            assertEquals(name.endsWith("num_batches_tracked") ? DType.I64 : DType.F64, x.dtype(), name);
            assertEquals(Device.REFERENCE, x.device(), name);
        });
    }

    @ParameterizedTest
    @MethodSource("layers")
    void trainingAndEvaluationDifferWhereDeclaredOnly(Layer layer, Shape in, Shape out) {
        Sequential net = net(layer);
        boolean normalised = layer instanceof WeightedLayer w && w.isNormalised();
        boolean differs = normalised || DIFFER_BY_MODE.contains(layer.getClass())
                && !net.toString().contains("not tracking");
        Tensor train = net.forward(noise(in));
        net.eval();
        Tensor eval = net.forward(noise(in));
        if (normalised) { // after one more step of the power iteration the result is another one
            net.train();
            eval = net.forward(noise(in));
        }
        assertEquals(differs, !train.sameBits(eval));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void aStateGoesRound(Layer layer, Shape in, Shape out) {
        Sequential net = net(layer);
        net.forward(noise(in));
        Map<String, Tensor> state = net.stateDict();
        net.init(Generator.seeded(5));
        net.loadStateDict(state);
        net.stateDict().forEach((name, x) -> assertTrue(x.sameBits(state.get(name)), name));
        assertEquals(state.keySet(), net.stateDict().keySet());
    }

    @ParameterizedTest
    @MethodSource("layers")
    void anEmptyBatchPasses(Layer layer, Shape in, Shape out) {
        if (in.rank() == 1) {
            return; // no batch axis
        }
        Sequential net = net(layer);
        net.eval();
        if (net.toString().contains("not tracking")) {
            return; // needs the batch's statistics
        }
        assertEquals(out.with(0, 0), net.forward(noise(in.with(0, 0))).shape());
    }

    @Test
    void linearIsAnAffineMap() {
        Linear layer = new Linear(2, 2);
        layer.loadStateDict(Map.of("weight", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2),
                "bias", Tensor.of(new float[] {10, 20}, 2)));
        assertArrayEquals(new float[] {10 + 1 + 4, 20 + 3 + 8},
                layer.forward(Tensor.of(new float[] {1, 2}, 1, 2)).toFloatArray());
        String message = assertThrows(ShapeException.class, () -> layer.forward(Tensor.ones(1,
                3))).getMessage();
        assertTrue(message.startsWith("linear: ") && message.contains("[1,3]") && message.contains("[2,2]"),
                message);
    }

    @Test
    void aWrongChannelCountNamesTheLayerAndTheFix() {
        Sequential net = new Sequential().add("conv1", new Conv2d(3, 64, 4));
        net.init(Generator.seeded(1));
        String message = assertThrows(ShapeException.class, () -> net.forward(Tensor.ones(16, 4, 32,
                32))).getMessage();
        for (String part : new String[] {"conv2d: input has 4 channels", "needs 3", "[16,4,32,32]",
                "'conv1.weight'",
            "Conv2d(4, 64, 4)", "at conv1"}) {
            assertTrue(message.contains(part), part + " in: " + message);
        }
    }

    @Test
    void impossibleConvolutionsAreRefusedWhenBuilt() {
        assertEquals("conv2d: groups=2 must divide both channel counts, got 4 and 3", assertThrows(
                ShapeException.class, () -> new Conv2d(3, 4, 1, 1, new Conv2dGeometry(1, 1, 0, 0, 1, 1, 2),
                true))
                .getMessage());
        assertThrows(ShapeException.class, () -> new Conv2d(0, 4, 3));
        assertThrows(ShapeException.class, () -> new Conv2d(1, 4, 0));
        assertThrows(ShapeException.class, () -> new Conv2d(1, 4, 3, 0, 0));
        assertThrows(ShapeException.class, () -> new Conv2d(1, 4, 3, 1, -1));
        assertThrows(ShapeException.class, () -> new GroupNorm(3, 4));
        assertThrows(TensorException.class, () -> new Dropout(1));
        assertThrows(TensorException.class, () -> new Dropout(Double.NaN));
    }

    /// Stride 3: sizes from (5 − 1)·3 − 2 + 4 = 14 to 16 are possible.
    @Test
    void aTransposedConvolutionGivesEveryPossibleSize() {
        ConvTranspose2d up = new ConvTranspose2d(1, 1, 4, 3, 1);
        up.init(Generator.seeded(1));
        Tensor x = Tensor.ones(1, 1, 5, 5);
        for (int h = 14; h <= 16; h++) {
            assertEquals(Shape.of(1, 1, h, 30 - h), up.forward(x, h, 30 - h).shape());
        }
        for (int wrong : new int[] {13, 17}) {
            String message = assertThrows(ShapeException.class, () -> up.forward(x, wrong, 14)).getMessage();
            assertTrue(message.contains("14") && message.contains("16") && message.contains(wrong + ""),
                    message);
        }
    }

    @Test
    void anEmbeddingIsOfTheAskedKindAndLearnsDuplicatesTwice() {
        Embedding table = new Embedding(3, 2);
        table.init(Generator.seeded(1));
        Tensor labels = Tensor.of(new long[] {2, 0, 2, 2}, 2, 2);

        Tensor plain = table.forward(labels, Tensor.ones(1));
        assertEquals(Shape.of(2, 2, 2), plain.shape());
        assertEquals(table.weight().value().toFloatArray()[0], plain.toFloatArray()[2]);

        table.forward(labels, Variable.of(Tensor.ones(1))).sum().backward();
        assertArrayEquals(new float[] {1, 1, 0, 0, 3, 3}, table.weight().grad().toFloatArray());
        TensorException e = assertThrows(TensorException.class,
                () -> table.forward(Tensor.of(new long[] {3}, 1), Tensor.ones(1)));
        assertTrue(e.getMessage().contains("3"), e.getMessage());
    }

    @Test
    void dropoutIsInvertedAndAFunctionOfSeedPathAndDraw() {
        Sequential net = new Sequential(new Dropout(0.25));
        Generator random = Generator.seeded(3);
        net.init(random);
        Tensor x = Tensor.ones(100, 100);
        Tensor first = net.forward(x);
        Tensor second = net.forward(x);

        int zeros = 0;
        for (float v : first.toFloatArray()) {
            assertTrue(v == 0 || v == (float) (1 / 0.75));
            zeros += v == 0 ? 1 : 0;
        }
        assertEquals(2500, zeros, 150);
        assertFalse(first.sameBits(second));
        assertEquals(Map.of("dropout/0", 2), random.draws());

        Sequential again = new Sequential(new Dropout(0.25));
        Generator other = Generator.seeded(3);
        again.init(other);
        other.restore(Map.of("dropout/0", 1));
        assertTrue(again.forward(x).sameBits(second));
    }

    @Test
    void dropoutSelectsAndDoesNotMultiply() {
        Dropout layer = new Dropout(0.5);
        assertEquals("dropout: there are no random numbers yet; call init(generator) on the root module, or "
                + "eval()", assertThrows(TensorException.class, () -> layer.forward(Tensor.ones(2)))
                .getMessage());
        layer.init(Generator.seeded(3));
        Tensor y = layer.forward(Tensor.full(Double.POSITIVE_INFINITY, DType.F32, 100));
        for (float v : y.toFloatArray()) {
            assertTrue(v == 0 || v == Float.POSITIVE_INFINITY);
        }
    }

    @Test
    void normsSeeEachSampleAlone() {
        Tensor x = noise(Shape.of(2, 4, 3, 3)).mul(3).add(1);
        for (Layer layer : new Layer[] {new LayerNorm(4, 3, 3), new GroupNorm(2, 4), new InstanceNorm(4)}) {
            Tensor y = net(layer).forward(x);
            Tensor alone = net(layer).forward(x.slice(0, 0, 1));
            assertTrue(alone.sameBits(y.slice(0, 0, 1).copy()), layer.toString());
            assertEquals(0, y.mean().item(), 1e-12);
            assertEquals(1, y.square().mean().item(), 1e-4);
        }
        assertEquals("layerNorm: expected input that ends in [4,3,3], got [2,3]",
                assertThrows(ShapeException.class, () -> new LayerNorm(4, 3, 3).forward(Tensor.ones(2, 3)))
                        .getMessage());
        assertThrows(ShapeException.class, () -> new GroupNorm(2, 4).forward(Tensor.ones(2, 3, 2)));
        assertThrows(ShapeException.class, () -> new InstanceNorm(4).forward(Tensor.ones(2, 4)));
    }

    @Test
    void aSmallNetworkCanBeDifferentiatedTwice() {
        Sequential net = net(new Sequential(new Conv2d(1, 2, 3, 2, 1), new BatchNorm2d(2), new LeakyRelu(0.2),
                new Flatten(), new Linear(8, 1)));
        GradCheck.of(in -> net.forward(in.get(0)).tanh().sum()).orders(2).check(noise(Shape.of(3, 1, 4, 4)));
    }
}
