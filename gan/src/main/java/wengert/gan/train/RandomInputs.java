package wengert.gan.train;

import wengert.gan.data.Batch;
import wengert.gan.data.Loader;
import wengert.tensor.Generator;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.DType;

/// The inputs of a real run: shuffled data, and noise from named random streams. Every draw is numbered by
/// the iteration it belongs to, so a resumed run draws what the uninterrupted one would have drawn.
public final class RandomInputs implements StepInputs {
    private final Loader loader;
    private final Generator random;
    private final Device device;
    private final int noiseSize;
    private final int classes;
    private final int accumulation;
    private final int genSteps;

    /// @param loader       the data
    /// @param random       the run's generator; streams `z.discriminator`, `z.generator`, `labels.…`,
    ///                     `epsilon`
    /// @param device       where tensors are made
    /// @param noiseSize    Z
    /// @param classes      number of classes, 0 for an unconditional GAN
    /// @param accumulation accumulation steps of an iteration, the trainer's
    /// @param genSteps     generator updates of an iteration, the trainer's
    public RandomInputs(Loader loader, Generator random, Device device, int noiseSize, int classes,
            int accumulation, int genSteps) {
        this.loader = loader;
        this.random = random;
        this.device = device;
        this.noiseSize = noiseSize;
        this.classes = classes;
        this.accumulation = accumulation;
        this.genSteps = genSteps;
    }

    @Override
    public Batch real(int iteration, int a) {
        return loader.batch(number(iteration, accumulation, a), device, classes > 0);
    }

    @Override
    public Tensor noise(Phase phase, int iteration, int a, int n) {
        return stream("z", phase, iteration, a).as(DType.F32, device).normal(n, noiseSize);
    }

    @Override
    public Tensor labels(Phase phase, int iteration, int a, int n) {
        return classes == 0 ? null : stream("labels", phase, iteration, a).as(DType.F32, device)
                .integers(classes, n);
    }

    @Override
    public Tensor epsilon(int iteration, int a, int n) {
        return random.stream("epsilon").at(draw(iteration, accumulation, a)).as(DType.F32, device)
                .uniform(n, 1, 1, 1);
    }

    private Generator.Stream stream(String what, Phase phase, int iteration, int a) {
        return phase == Phase.DISCRIMINATOR
                ? random.stream(what + ".discriminator").at(draw(iteration, accumulation, a))
                : random.stream(what + ".generator").at(draw(iteration, accumulation * genSteps, a));
    }

    private static int draw(int iteration, int parts, int part) {
        return Math.toIntExact(number(iteration, parts, part));
    }

    /// Parts counted over the run. One too many in an iteration would be given out again in the next.
    private static long number(int iteration, int parts, int part) {
        if (part >= parts) {
            throw new IllegalArgumentException("inputs: expected at most " + parts + " parts in an iteration,"
                    + " got part " + (part + 1) + "; give RandomInputs the accumulation and genSteps of the "
                    + "trainer");
        }
        return (long) iteration * parts + part;
    }
}
