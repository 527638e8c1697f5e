package wengert.gan.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import wengert.autograd.Autograd;
import wengert.autograd.Variable;
import wengert.gan.nets.Dcgan;
import wengert.gan.nets.LayeredNetwork;
import wengert.nn.Linear;
import wengert.nn.Sequential;
import wengert.nn.Tanh;
import wengert.nn.loss.Losses;
import wengert.nn.optim.Adam;
import wengert.nn.optim.Optimizer;
import wengert.tensor.Generator;
import wengert.tensor.Tensor;

/// The library used from Java, bottom to top; what the README shows is compiled and run here.
class ExamplesTest {
    @Test
    void tensorsCompute() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        Tensor y = x.matmul(x.transpose(0, 1));
        assertArrayEquals(new float[] {14, 32, 32, 77}, y.toFloatArray());
        assertEquals(21, x.sum().item());
    }

    @Test
    void variablesRemember() {
        Variable x = Variable.of(Tensor.of(new double[] {1, 2, 3}, 3)).requiresGrad(true);
        Variable slope = Autograd.of(x.mul(x).mul(x).sum()).createGraph(true).grad(x).get(0);   // 3x²
        slope.sum().backward();                                                                  // 6x
        assertArrayEquals(new double[] {6, 12, 18}, x.grad().toDoubleArray(), 1e-12);
    }

    @Test
    void modulesLearn() {
        var random = Generator.seeded(1);
        var net = new Sequential(new Linear(1, 16), new Tanh(), new Linear(16, 1));
        net.init(random);
        var adam = new Optimizer(net.parameters(), Adam.of(0.02));
        Tensor x = random.stream("x").uniform(64, 1).mul(6).sub(3);
        Tensor target = x.sin();
        double first = Losses.mse(net.forward(x), target).item();
        for (int i = 0; i < 300; i++) {
            adam.zeroGrad();
            Losses.mse(net.forward(Variable.of(x)), target).backward();
            adam.step();
        }
        double last = Losses.mse(net.forward(x), target).item();
        assertTrue(last < 0.02 && last < first / 10, first + " to " + last);
    }

    @Test
    void theReadmesLoopTrainsBothNetworks() {
        var dcgan = new Dcgan(8, 1, 100, 8, 4, "layer", false, 0.2, 1e-5, 0.1, 0, 0);
        var generator = new LayeredNetwork(dcgan.generator());
        var discriminator = new LayeredNetwork(dcgan.discriminator());
        generator.init(Generator.seeded(1));
        discriminator.init(Generator.seeded(2));
        var before = generator.stateDict();
        var judge = discriminator.stateDict();
        Tensor real = Generator.seeded(3).stream("real").normal(4, 1, 8, 8).tanh();
        ReadmeLoop.train(generator, discriminator, List.of(real, real, real));
        assertWeightsMoved(before, generator.stateDict());
        assertWeightsMoved(judge, discriminator.stateDict());
    }

    /// (The head's bias stays where it is: between the hinges the two halves of its gradient cancel.)
    private static void assertWeightsMoved(Map<String, Tensor> before, Map<String, Tensor> after) {
        after.forEach((name, now) -> assertFalse(name.endsWith("weight") && now.sameBits(before.get(name)),
                name));
    }

    @Test
    void theReadmeShowsTheLoopThatIsCompiledHere() throws IOException {
        String source = Files.readString(
                root().resolve("gan/src/test/java/wengert/gan/examples/ReadmeLoop.java"));
        String loop = source.substring(source.indexOf("// README begins") + 16,
                source.indexOf("// README ends"));
        String readme = Files.readString(root().resolve("README.md"));
        assertTrue(squeezed(readme).contains(squeezed(loop)));
    }

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("README.md")) ? here : here.getParent();
    }
}
