package wengert.gan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import wengert.gan.nets.Dcgan;
import wengert.gan.nets.LayeredNetwork;
import wengert.gan.train.Scalars.Affine;
import wengert.tensor.Generator;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;

/// What an average does with parameters, float buffers and whole-number buffers.
class EmaTest {
    @Test
    void parametersAreAveragedFromTheFirstUpdate() {
        var source = new Affine(1, 0);
        var ema = new Ema(source, new Affine(7, 7), 0.9, 0, 1);
        double[] values = {2, 3, 5};
        double[] want = {1.1, 1.29, 1.661};
        for (int t = 0; t < 3; t++) {
            source.a.value().fillInPlace(values[t]);
            ema.update(t);
            assertEquals(want[t], average(ema), 1e-12);
        }
    }

    @Test
    void beforeItsStartItIsACopyAndThenMovesEveryInterval() {
        var source = new Affine(0, 0);
        var ema = new Ema(source, new Affine(0, 0), 0.9, 2, 2);
        double[] want = {1, 2, 2, 2.2, 2.2, 2.58};
        for (int t = 0; t < 6; t++) {
            source.a.value().fillInPlace(t + 1);
            ema.update(t);
            assertEquals(want[t], average(ema), 1e-12, "iteration " + t);
        }
    }

    private static double average(Ema ema) {
        return ((Affine) ema.average()).a.value().item();
    }

    @Test
    void theAverageOfWhatStaysStaysToTheLastBit() {
        var dcgan = new Dcgan(8, 1, 4, 4, 4, "batch", false, 0.2, 1e-5, 0.1, 0, 1);
        var source = new LayeredNetwork(dcgan.generator());
        var average = new LayeredNetwork(dcgan.generator());
        source.init(Generator.seeded(1));
        average.init(Generator.seeded(2));
        var ema = new Ema(source, average, 0.999, 0, 1);
        for (int t = 0; t < 3000; t++) {
            ema.update(t);
        }
        source.namedParameters().forEach((name, p) ->
                assertEquals(true, average.namedParameters().get(name).value().sameBits(p.value()), name));
        source.namedParameters().values().forEach(p -> p.value().fillInPlace(2));
        average.namedParameters().values().forEach(p -> p.value().fillInPlace(1));
        ema.update(3000);
        average.namedParameters().forEach((name, p) -> {
            assertEquals(1.001, p.value().amax().item(), 1e-7, name);
            assertEquals(1.001, p.value().amin().item(), 1e-7, name);
        });
    }

    @Test
    void buffersAreCopiedAndCountersStayWhole() {
        var dcgan = new Dcgan(8, 1, 4, 4, 4, "batch", false, 0.2, 1e-5, 0.1, 0, 1);
        var source = new LayeredNetwork(dcgan.generator());
        var average = new LayeredNetwork(dcgan.generator());
        source.init(Generator.seeded(1));
        average.init(Generator.seeded(2));
        var ema = new Ema(source, average, 0.9, 0, 1);
        for (int t = 0; t < 3; t++) {
            source.forward(Generator.seeded(t).stream("z").normal(4, 4));
            source.forward(Generator.seeded(t).stream("y").normal(4, 4));
            ema.update(t);
        }
        Tensor counted = average.namedBuffers().get("body.2.num_batches_tracked");
        assertEquals(DType.I64, counted.dtype());
        assertEquals(6, counted.item());
        assertEquals(true, average.namedBuffers().get("body.2.running_mean")
                .sameBits(source.namedBuffers().get("body.2.running_mean")));
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Ema(new Affine(0, 0), new Affine(0, 0), 1.5, 0,
                1));
        assertThrows(IllegalArgumentException.class, () -> new Ema(new Affine(0, 0), new Affine(0, 0), 0.9, 0,
                0));
    }
}
