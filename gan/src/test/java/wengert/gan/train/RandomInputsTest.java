package wengert.gan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import wengert.gan.config.RunConfig;
import wengert.gan.data.DataSources;
import wengert.gan.data.Loader;
import wengert.tensor.Generator;
import wengert.tensor.spi.Device;

/// Every part of every iteration has its own data and noise.
class RandomInputsTest {
    private final Generator random = Generator.seeded(1);

    private RandomInputs inputs(int accumulation) throws IOException {
        var images = DataSources.open(RunConfig.load("tiny"));
        return new RandomInputs(new Loader(images, 2, random), random, Device.CPU, 3, 0, accumulation, 1);
    }

    @Test
    void aPartThatBelongsToTheNextIterationIsRefused() throws IOException {
        RandomInputs inputs = inputs(1);
        for (Runnable ask : List.<Runnable>of(() -> inputs.real(0, 1), () -> inputs.epsilon(0, 1, 2),
                () -> inputs.noise(Phase.DISCRIMINATOR, 0, 1, 2),
                () -> inputs.noise(Phase.GENERATOR, 0, 1, 2))) {
            String message = assertThrows(IllegalArgumentException.class, ask::run).getMessage();
            assertTrue(message.contains("at most 1") && message.contains("accumulation"), message);
        }
        assertEquals(2, inputs(2).real(0, 1).size());
    }
}
