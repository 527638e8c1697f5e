package wengert.cuda;

import java.util.Map;
import java.util.TreeMap;
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

    /// All that training changes, on the CPU: G, D and the average E, and what the optimisers keep.
    Map<String, Tensor> state() {
        Map<String, Tensor> state = new TreeMap<>();
        generator.stateDict().forEach((name, x) -> state.put("G " + name, x.to(Device.CPU)));
        discriminator.stateDict().forEach((name, x) -> state.put("D " + name, x.to(Device.CPU)));
        average.stateDict().forEach((name, x) -> state.put("E " + name, x.to(Device.CPU)));
        optG.state().forEach((name, x) -> state.put("optG " + name, x.to(Device.CPU)));
        optD.state().forEach((name, x) -> state.put("optD " + name, x.to(Device.CPU)));
        return state;
    }

    /// Goes back to what [#state] said.
    void load(Map<String, Tensor> state) {
        generator.loadStateDict(part(state, "G "));
        discriminator.loadStateDict(part(state, "D "));
        average.loadStateDict(part(state, "E "));
        optG.load(part(state, "optG "));
        optD.load(part(state, "optD "));
    }

    private static Map<String, Tensor> part(Map<String, Tensor> state, String prefix) {
        Map<String, Tensor> part = new TreeMap<>();
        state.forEach((name, x) -> {
            if (name.startsWith(prefix)) {
                part.put(name.substring(prefix.length()), x);
            }
        });
        return part;
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

        /// The same, until noise is asked for in some phase.
        StepInputs until(Phase last, RuntimeException end) {
            Inputs all = this;
            return new StepInputs() {
                @Override
                public Batch real(int t, int a) {
                    return all.real(t, a);
                }

                @Override
                public Tensor noise(Phase phase, int t, int a, int n) {
                    if (phase == last) {
                        throw end;
                    }
                    return all.noise(phase, t, a, n);
                }

                @Override
                public Tensor labels(Phase phase, int t, int a, int n) {
                    return all.labels(phase, t, a, n);
                }

                @Override
                public Tensor epsilon(int t, int a, int n) {
                    return all.epsilon(t, a, n);
                }
            };
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
