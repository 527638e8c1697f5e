package wengert.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Test;
import wengert.autograd.Variable;
import wengert.tensor.Generator;
import wengert.tensor.KernelCounts;
import wengert.tensor.Tensor;
import wengert.tensor.spi.ShapeException;

/// A normalisation that does the work of the rectifier behind it.
class RectifiableTest {
    private static final List<Supplier<Layer>> NORMS = List.of(() -> new BatchNorm2d(6),
            () -> new LayerNorm(6, 5, 5), () -> new GroupNorm(3, 6), () -> new InstanceNorm(6, 1e-5, true));

    private static Tensor normal(String name) {
        return Generator.seeded(3).stream(name).normal(4, 6, 5, 5);
    }

    /// Output, gradient of the input and those of the parameters.
    private static List<Tensor> run(Sequential net, boolean training, boolean apart) {
        net.init(Generator.seeded(5));
        net.parameters().forEach(p -> p.value().addInPlace(Generator.seeded(7).stream(p.name())
                .normal(p.shape().toArray())));
        if (!training) {
            net.eval();
        }
        Variable x = Variable.of(normal("x")).requiresGrad(true);
        Variable y = x;
        if (apart) {
            for (Module layer : net.children().values()) {
                y = new Sequential((Layer) layer).forward(y);
            }
        } else {
            y = net.forward(x);
        }
        y.backward(normal("dy"));
        var all = new java.util.ArrayList<>(List.of(y.value(), x.grad()));
        net.parameters().forEach(p -> all.add(p.grad()));
        net.namedBuffers().values().forEach(all::add);
        return all;
    }

    /// A rectifier as a module, so that it can be asked for among the children.
    private static final class Leaky extends Module implements Layer {
        private final double slope;

        Leaky(double slope) {
            this.slope = slope;
        }

        @Override
        public <T extends wengert.tensor.ops.TensorOps<T>> T forward(T x) {
            return x.leakyRelu(slope);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sequentialGivesTheBitsOfTheLayersOneByOne(boolean training) {
        for (Supplier<Layer> norm : NORMS) {
            for (Layer rectifier : List.of(new Relu(), new LeakyRelu(0.2))) {
                double slope = Rectifiable.slope(rectifier);
                List<Tensor> together = run(new Sequential(norm.get(), rectifier), training, false);
                List<Tensor> apart = run(new Sequential(norm.get(), new Leaky(slope)), training, true);
                assertEquals(apart.size(), together.size());
                for (int i = 0; i < apart.size(); i++) {
                    assertTrue(together.get(i).sameBits(apart.get(i)), norm.get() + " " + slope + " " + i);
                }
            }
        }
    }

    @Test
    void inTrainingNoRectifierRunsOfItsOwn() {
        for (Supplier<Layer> norm : NORMS) {
            long before = KernelCounts.of("leakyRelu") + KernelCounts.of("relu");
            run(new Sequential(norm.get(), new LeakyRelu(0.2)), true, false);
            assertEquals(before, KernelCounts.of("leakyRelu") + KernelCounts.of("relu"),
                    norm.get().toString());
        }
    }

    @Test
    void theTreeAndTheErrorsAreThoseOfTheSeparateLayers() {
        Sequential net = new Sequential().add("norm", new LayerNorm(4)).add("act", new Relu());
        net.init(Generator.seeded(1));
        assertEquals(List.of("norm", "act"), List.copyOf(net.children().keySet()));
        ShapeException e = assertThrows(ShapeException.class, () -> net.forward(Tensor.ones(2, 5)));
        assertTrue(e.getMessage().contains("at norm"), e.getMessage());
    }
}
