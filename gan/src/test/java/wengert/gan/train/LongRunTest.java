package wengert.gan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import wengert.gan.data.Batch;
import wengert.gan.loss.Vanilla;
import wengert.gan.nets.Dcgan;
import wengert.gan.nets.LayeredNetwork;
import wengert.nn.optim.Adam;
import wengert.nn.optim.Optimizer;
import wengert.tensor.Generator;
import wengert.tensor.Memory;
import wengert.tensor.Tensor;

/// A thousand steps leave nothing behind.
class LongRunTest {
    private static final int STEPS = 1000;

    private static final class Noise implements StepInputs {
        private final Generator random = Generator.seeded(1);
        private final Tensor real = random.stream("real").normal(8, 1, 16, 16).tanh();

        @Override
        public Batch real(int t, int a) {
            return new Batch(real, null);
        }

        @Override
        public Tensor noise(Phase phase, int t, int a, int n) {
            return random.stream("z." + phase).at(t).normal(n, 8);
        }

        @Override
        public Tensor labels(Phase phase, int t, int a, int n) {
            return null;
        }

        @Override
        public Tensor epsilon(int t, int a, int n) {
            throw new AssertionError("nobody mixes here");
        }
    }

    @Test
    void liveHeapIsFlatFromStepOneHundredOn() {
        var dcgan = new Dcgan(16, 1, 8, 16, 8, "batch", false, 0.2, 1e-5, 0.1, 0, 0);
        var generator = new LayeredNetwork(dcgan.generator());
        var discriminator = new LayeredNetwork(dcgan.discriminator());
        generator.init(Generator.seeded(1));
        discriminator.init(Generator.seeded(2));
        var trainer = new GanTrainer(generator, discriminator,
                new Optimizer(generator.parameters(), Adam.of(2e-4).betas(0.5, 0.999)),
                new Optimizer(discriminator.parameters(), Adam.of(2e-4).betas(0.5, 0.999)), new Vanilla());
        var inputs = new Noise();
        List<Long> live = new ArrayList<>();
        List<Long> pooled = new ArrayList<>();
        for (int t = 0; t < STEPS; t++) {
            trainer.iteration(t, inputs);
            if (t % 300 == 99) {
                live.add(liveKilobytes());
                pooled.add(Memory.cachedBytes());
            }
        }
        System.out.println("live heap after steps 100, 400, 700, 1000: " + live + " kB, pool " + pooled
                + " bytes");
        assertEquals(4, live.size());
        assertTrue(live.getLast() - live.getFirst() < 1024, () -> "live heap grew: " + live + " kB");
        assertEquals(pooled.getFirst(), pooled.getLast());
    }

    private static long liveKilobytes() {
        Runtime jvm = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least = Math.min(least, (jvm.totalMemory() - jvm.freeMemory()) / 1024);
        }
        return least;
    }
}
