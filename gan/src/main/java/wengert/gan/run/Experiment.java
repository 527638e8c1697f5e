package wengert.gan.run;

import wengert.gan.config.AuxiliaryTypes.Side;
import wengert.gan.config.RunConfig;
import wengert.gan.data.ImageSet;
import wengert.gan.data.Loader;
import wengert.gan.nets.Dcgan;
import wengert.gan.nets.LayeredNetwork;
import wengert.gan.train.Ema;
import wengert.gan.train.GanTrainer;
import wengert.gan.train.RandomInputs;
import wengert.gan.train.StepInputs;
import wengert.nn.BatchNorm2d;
import wengert.nn.Conv2d;
import wengert.nn.ConvTranspose2d;
import wengert.nn.Embedding;
import wengert.nn.Linear;
import wengert.nn.init.Init;
import wengert.nn.init.InitRules;
import wengert.nn.optim.Optimizer;
import wengert.tensor.Generator;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.ThreadCount;

/// Everything a configuration describes, built: networks, optimisers, the trainer, its inputs.
final class Experiment {
    final RunConfig config;
    final Device device;
    final Generator random;
    final LayeredNetwork generator;
    final LayeredNetwork discriminator;
    /// The averaged generator, or null.
    final LayeredNetwork average;
    final Optimizer optG;
    final Optimizer optD;
    final GanTrainer trainer;
    final StepInputs inputs;
    final Loader loader;
    final int classes;
    final int noise;

    Experiment(RunConfig config, ImageSet images) {
        this.config = config;
        device = Device.parse(config.text("device"));
        Backend backend = device.backend(); // an error here, before anything is built, if there is none
        ThreadCount threads = backend.find(ThreadCount.class);
        if (threads != null && config.whole("threads") > 0) {
            threads.threads(config.whole("threads"));
        }
        random = Generator.seeded(config.seed());
        Dcgan networks = Dcgan.of(config);
        classes = networks.classes();
        noise = networks.noise();
        generator = started(new LayeredNetwork(networks.generator()), "generator");
        discriminator = started(new LayeredNetwork(networks.discriminator()), "discriminator");
        average = config.flag("ema.enabled") ? started(new LayeredNetwork(networks.generator()), "generator")
                : null;
        optG = new Optimizer(generator.parameters(), Choices.updateRule(config, "generator"));
        optD = new Optimizer(discriminator.parameters(), Choices.updateRule(config, "discriminator"));
        loader = new Loader(images, config.whole("batch"), random);
        trainer = trainer();
        inputs = new RandomInputs(loader, random, device, noise, classes, config.whole("accumulation"),
                config.whole("gen_steps"));
    }

    private LayeredNetwork started(LayeredNetwork network, String name) {
        var weights = Init.normal(0, config.real("model.init.weight_std"));
        var rules = InitRules.defaults()
                .with(Conv2d.class, "weight", weights)
                .with(ConvTranspose2d.class, "weight", weights)
                .with(Linear.class, "weight", weights)
                // in the generator a class is a point like the noise; in the discriminator a direction like
                // the head's
                .with(Embedding.class, "weight", name.equals("generator") ? Init.normal(0, 1) : weights)
                .with(BatchNorm2d.class, "weight",
                        Init.normal(config.real("model.init.gamma_mean"),
                                config.real("model.init.gamma_std")))
                .with("bias", Init.zeros());
        network.to(device);
        network.init(random, rules, name);
        return network;
    }

    private GanTrainer trainer() {
        var t = new GanTrainer(generator, discriminator, optG, optD, Choices.loss(config))
                .generatorWeight(config.real("loss.weight"))
                .discSteps(config.whole("disc_steps"))
                .genSteps(config.whole("gen_steps"))
                .discInitSteps(config.whole("disc_init_steps"))
                .accumulation(config.whole("accumulation"))
                .weightClip(config.real("weight_clip"))
                .clipGradNorm(config.real("clip_grad_norm"))
                .schedules(Choices.schedule(config, "generator"), Choices.schedule(config, "discriminator"));
        config.auxiliary(Side.DISCRIMINATOR).forEach(a -> t.discriminatorAuxiliary(Choices.auxiliary(a)));
        config.auxiliary(Side.GENERATOR).forEach(a -> t.generatorAuxiliary(Choices.auxiliary(a)));
        if (average != null) {
            t.ema(new Ema(generator, average, config.real("ema.momentum"), config.whole("ema.start"),
                    config.whole("ema.interval")));
        }
        return t;
    }

    /// The network that samples are drawn from: the average where there is one.
    LayeredNetwork sampler() {
        return average != null ? average : generator;
    }
}
