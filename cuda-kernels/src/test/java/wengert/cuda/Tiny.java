package wengert.cuda;

import java.util.function.UnaryOperator;
import wengert.gan.data.Batch;
import wengert.gan.loss.AdversarialLoss;
import wengert.gan.loss.Vanilla;
import wengert.gan.nets.Dcgan;
import wengert.gan.nets.LayeredNetwork;
import wengert.gan.train.Ema;
import wengert.gan.train.GanTrainer;
import wengert.gan.train.Phase;
import wengert.gan.train.StepInputs;
import wengert.nn.optim.Adam;
import wengert.nn.optim.Optimizer;
import wengert.tensor.Generator;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;

/// A DCGAN of width 4 on noise of 8 × 8, on any device.
final class Tiny {
    final LayeredNetwork generator;
    final LayeredNetwork discriminator;
    final LayeredNetwork average;
    final Optimizer optG;
    final Optimizer optD;
    final GanTrainer trainer;
    final Inputs inputs;

    Tiny(Device device, int batch) {
        this(device, batch, true, new Vanilla(), t -> t);
    }

    /// @param normalised whether both networks have batch norms, and the discriminator spectral ones
    Tiny(Device device, int batch, boolean normalised) {
        this(device, batch, normalised, new Vanilla(), t -> t);
    }

    Tiny(Device device, int batch, boolean normalised, AdversarialLoss loss,
            UnaryOperator<GanTrainer> settings) {
        var dcgan = new Dcgan(8, 1, 4, 4, 4, normalised ? "batch" : "none", normalised, 0.2, 1e-5, 0.1, 0,
                0);
        generator = started(dcgan, true, device, 1);
        discriminator = started(dcgan, false, device, 2);
        average = started(dcgan, true, device, 1);
        optG = new Optimizer(generator.parameters(), Adam.of(2e-4).betas(0.5, 0.999));
        optD = new Optimizer(discriminator.parameters(), Adam.of(2e-4).betas(0.5, 0.999));
        trainer = settings.apply(new GanTrainer(generator, discriminator, optG, optD, loss))
                .ema(new Ema(generator, average, 0.9, 0, 1));
        inputs = new Inputs(device, batch);
    }

    private static LayeredNetwork started(Dcgan dcgan, boolean generator, Device device, long seed) {
        var network = new LayeredNetwork(generator ? dcgan.generator() : dcgan.discriminator());
        network.to(device);
        network.init(Generator.seeded(seed));
        return network;
    }

    /// Images from the program's memory, noise drawn on the device.
    static final class Inputs implements StepInputs {
        private final Generator random = Generator.seeded(1);
        private final Device device;
        private final Tensor images;

        Inputs(Device device, int batch) {
            this.device = device;
            images = random.stream("real").normal(batch, 1, 8, 8).tanh();
        }

        @Override
        public Batch real(int t, int a) {
            return new Batch(images.to(device), null);
        }

        @Override
        public Tensor noise(Phase phase, int t, int a, int n) {
            return random.stream("z." + phase).at(t).as(DType.F32, device).normal(n, 4);
        }

        @Override
        public Tensor labels(Phase phase, int t, int a, int n) {
            return null;
        }

        @Override
        public Tensor epsilon(int t, int a, int n) {
            return random.stream("epsilon").at(t).as(DType.F32, device).uniform(n, 1, 1, 1);
        }
    }
}
