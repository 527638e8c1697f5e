package wengert.gan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import wengert.autograd.Parameter;
import wengert.autograd.Variable;
import wengert.gan.loss.Vanilla;
import wengert.gan.nets.Dcgan;
import wengert.gan.nets.LayeredNetwork;
import wengert.tensor.Generator;
import wengert.tensor.KernelCounts;
import wengert.tensor.Tensor;

/// What freezing the discriminator saves, and that it changes nothing else.
class FrozenDiscriminatorTest {
    private final Dcgan dcgan = new Dcgan(16, 1, 8, 8, 4, "batch", false, 0.2, 1e-5, 0.1, 0, 1);
    private final LayeredNetwork generator = new LayeredNetwork(dcgan.generator());
    private final LayeredNetwork discriminator = new LayeredNetwork(dcgan.discriminator());
    private final Tensor z = Generator.seeded(3).stream("z").normal(4, 8);

    private List<Tensor> generatorGradients() {
        generator.init(Generator.seeded(1));
        discriminator.init(Generator.seeded(2));
        new Vanilla().generator(discriminator.forward(generator.forward(Variable.of(z)))).backward();
        List<Tensor> gradients = new ArrayList<>();
        generator.parameters().forEach(p -> gradients.add(p.grad().copy()));
        generator.zeroGrad();
        return gradients;
    }

    @Test
    void noWeightGradientOfAFrozenNetworkIsComputedAndTheOthersKeepTheirBits() {
        long before = KernelCounts.of("conv2dWeightGradient");
        List<Tensor> free = generatorGradients();
        long unfrozen = KernelCounts.of("conv2dWeightGradient") - before;
        assertEquals(3 + 2, unfrozen, "three transposed convolutions in G, two convolutions in D");
        discriminator.zeroGrad();

        before = KernelCounts.of("conv2dWeightGradient");
        long products = KernelCounts.of("matmul");
        List<Tensor> frozen;
        try (var _ = discriminator.frozen()) {
            frozen = generatorGradients();
        }
        assertEquals(3, KernelCounts.of("conv2dWeightGradient") - before, "only G's own");
        assertEquals(2, KernelCounts.of("matmul") - products, "D's head: forward and data gradient");
        for (Parameter p : discriminator.parameters()) {
            assertNull(p.grad(), p.name());
        }
        for (int i = 0; i < free.size(); i++) {
            assertTrue(free.get(i).sameBits(frozen.get(i)), generator.parameters().get(i).name());
        }
    }
}
