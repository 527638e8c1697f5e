package wengert.gan.config;

import static wengert.gan.config.Key.key;
import static wengert.gan.config.Kind.Real.ANY;
import static wengert.gan.config.Kind.Real.BELOW_1;
import static wengert.gan.config.Kind.Real.FROM_0;
import static wengert.gan.config.Kind.Real.FROM_0_TO_1;
import static wengert.gan.config.Kind.Real.POSITIVE;

import java.util.List;
import java.util.stream.Stream;
import wengert.gan.config.AuxiliaryTypes.Side;

/// The tables of keys. The order is that of the written configuration; the keys of a group stand together.
final class Keys {
    static final List<Key> ALL = Stream.of(run(), data(), model(), losses(),
            optimizer("generator"), optimizer("discriminator"),
            schedule("generator"), schedule("discriminator"),
            average(), output()).flatMap(List::stream).toList();

    private Keys() {}

    private static List<Key> run() {
        return List.of(
                key("name", new Kind.Text("a text of 1 to 100 characters", "\\S(.{0,98}\\S)?"), "dcgan",
                        "name of the run"),
                key("seed", new Kind.Whole(0, Long.MAX_VALUE, false), 1L,
                        "start of every random number; the same seed gives the same run"),
                key("steps", from(1), 2000L, "iterations; each one is one update of the discriminator")
                        .elsewhere("iterations", "iters", "total_iters", "max_iters", "max_steps", "epochs")
                        .freeOnResume(),
                key("batch", from(1), 64L, "samples per batch").elsewhere("batch_size", "batchsize", "bs"),
                key("accumulation", from(1), 1L, "batches whose gradients are averaged for one update")
                        .elsewhere("batch_accumulation_steps", "grad_accumulation", "accumulation_steps"),
                key("disc_steps", from(1), 1L, "the generator is trained in every n-th iteration")
                        .elsewhere("n_critic", "n_dis", "critic_steps", "discriminator_steps"),
                key("gen_steps", from(1), 1L, "updates of the generator when it is trained")
                        .elsewhere("generator_steps"),
                key("disc_init_steps", from(0), 0L, "iterations before the generator is trained at all"),
                key("device",
                        new Kind.Text("cpu, reference, cuda, cuda:N or auto",
                                "cpu|reference|cuda(:\\d{1,3})?|auto"),
                        "cpu", "where it computes; auto: on a card where one can be used").freeOnResume(),
                key("threads", new Kind.Whole(0, 1024, false), 0L, "threads on the CPU; 0: one per core")
                        .elsewhere("workers", "num_workers").freeOnResume());
    }

    private static List<Key> data() {
        return List.of(
                key("data.source", oneOf("bundled", "idx", "cifar10", "folder"), "bundled",
                        "images: bundled, or a kind and its directory, such as folder:photos")
                        .elsewhere("dataset"),
                key("data.path", new Kind.Text("a directory", "[^\\x00-\\x1f]*"), "",
                        "directory of the images; empty: where the kind's files usually lie")
                        .elsewhere("data.dir", "data.root", "imgs_root")
                        .onlyIf("data.source", "idx", "cifar10", "folder"),
                key("data.fit", oneOf("auto", "pad", "resize"), "auto",
                        "how images get model.size: pad with black, crop and resize, or auto"));
    }

    private static List<Key> model() {
        return List.of(
                key("model.type", oneOf("dcgan"), "dcgan", "architecture of both networks"),
                key("model.size", new Kind.Whole(8, 1024, true), 32L, "height and width of an image")
                        .elsewhere("image_size", "img_size", "output_scale", "resolution", "data.size"),
                key("model.channels", new Kind.Whole(1, 4, false), 1L, "channels of an image: 1 gray, 3 RGB")
                        .elsewhere("nc", "out_channels", "data.channels"),
                key("model.noise", from(1), 100L, "length of the noise vector")
                        .elsewhere("noise_size", "latent_dim", "z_dim", "nz"),
                key("model.generator.base", from(1), 128L,
                        "channels of the generator's first block, halved in each next one")
                        .elsewhere("ngf", "base_channels"),
                key("model.discriminator.base", from(1), 32L,
                        "channels of the discriminator's first block, doubled in each next one")
                        .elsewhere("ndf"),
                key("model.discriminator.norm", oneOf("batch", "layer", "none"), "batch",
                        "normalisation in the discriminator"),
                key("model.discriminator.spectral_norm", new Kind.Flag(), false,
                        "divide the discriminator's weights by their largest singular value")
                        .elsewhere("sn", "spectral_normalization"),
                key("model.leaky_slope", FROM_0_TO_1, 0.2, "slope of the discriminator's leaky ReLU below 0")
                        .elsewhere("negative_slope"),
                key("model.init.weight_std", FROM_0, 0.02,
                        "standard deviation of initial weights, around 0"),
                key("model.init.gamma_mean", ANY, 1.0, "mean of the initial scales of batch norm"),
                key("model.init.gamma_std", FROM_0, 0.02,
                        "standard deviation of the initial scales of batch norm"),
                key("model.batch_norm.eps", POSITIVE, 1e-5, "added to the variance"),
                key("model.batch_norm.momentum", FROM_0_TO_1, 0.1,
                        "weight of a batch in the running statistics"),
                key("model.conditional", new Kind.Flag(), false, "both networks are told the class")
                        .elsewhere("conditional"),
                key("model.classes", from(1), 10L, "number of classes")
                        .elsewhere("num_classes", "n_classes").onlyIf("model.conditional", true),
                key("model.embedding", from(1), 32L, "length of the class vector that the generator is given")
                        .elsewhere("embed_dim", "embedding_dim").onlyIf("model.conditional", true));
    }

    private static List<Key> losses() {
        return List.of(
                key("loss.type", oneOf("vanilla", "lsgan", "wgan", "logistic_ns", "hinge"), "vanilla",
                        "adversarial loss of both networks").elsewhere("gan_type", "loss.name"),
                key("loss.weight", FROM_0, 1.0, "factor of the generator's adversarial loss")
                        .elsewhere("loss_weight"),
                key("loss.real_label", ANY, 1.0, "what D should say to real samples; below 1 smooths")
                        .elsewhere("real_label_val").onlyIf("loss.type", "vanilla", "lsgan"),
                key("loss.fake_label", ANY, 0.0, "what D should say to fake samples")
                        .elsewhere("fake_label_val").onlyIf("loss.type", "vanilla", "lsgan"),
                key("generator.auxiliary", new Kind.Auxiliaries(Side.GENERATOR), List.of(),
                        "losses added to the generator's"),
                key("discriminator.auxiliary", new Kind.Auxiliaries(Side.DISCRIMINATOR), List.of(),
                        "losses added to the discriminator's")
                        .elsewhere("penalty", "penalties", "gradient_penalty", "r1"),
                key("weight_clip", FROM_0, 0.0, "after its update D's weights are clipped to ± this; 0: not"),
                key("clip_grad_norm", FROM_0, 0.0, "largest norm of a network's gradient; 0: no bound")
                        .elsewhere("grad_clip", "max_norm"));
    }

    private static List<Key> optimizer(String network) {
        String at = "optimizer." + network + ".";
        String type = at + "type";
        return List.of(
                key(type, oneOf("adam", "adamw", "sgd", "rmsprop", "adagrad"), "adam",
                        "optimiser of the " + network),
                key(at + "lr", POSITIVE, network.equals("generator") ? 4e-4 : 1e-4,
                        "its learning rate, before the schedule")
                        .elsewhere(at + "learning_rate"),
                key(at + "betas", new Kind.Several(BELOW_1, 2, false), List.of(0.5, 0.999),
                        "decay of the averages of the gradient and of its square")
                        .elsewhere(at + "beta1", at + "beta2").onlyIf(type, "adam", "adamw"),
                key(at + "alpha", BELOW_1, 0.99, "decay of the average of the squared gradient")
                        .onlyIf(type, "rmsprop"),
                key(at + "momentum", BELOW_1, 0.0, "share of the last step that is kept")
                        .onlyIf(type, "sgd", "rmsprop"),
                key(at + "eps", POSITIVE, 1e-8, "added to the denominator")
                        .onlyIf(type, "adam", "adamw", "rmsprop", "adagrad"),
                key(at + "weight_decay", FROM_0, 0.0,
                        "pull of the weights to 0 (adamw: apart from the gradient)"),
                key(at + "amsgrad", new Kind.Flag(), false, "use the largest average of squares so far")
                        .onlyIf(type, "adam", "adamw"),
                key(at + "nesterov", new Kind.Flag(), false, "look ahead along the momentum")
                        .onlyIf(type, "sgd"),
                key(at + "centered", new Kind.Flag(), false, "subtract the squared mean gradient")
                        .onlyIf(type, "rmsprop"));
    }

    private static List<Key> schedule(String network) {
        String at = "schedule." + network + ".";
        String type = at + "type";
        String unit = network.equals("generator") ? "updates of the generator" : "iterations";
        return List.of(
                key(type, oneOf("none", "step", "multi_step", "exponential", "cosine", "linear"), "none",
                        "how the " + network + "'s learning rate changes, counted in " + unit)
                        .elsewhere("lr_schedule", "scheduler"),
                key(at + "step_size", from(1), 1000L, unit + " between two reductions").onlyIf(type, "step"),
                key(at + "milestones", new Kind.Several(from(1), 0, true), List.of(),
                        unit + " at which it is reduced").onlyIf(type, "multi_step"),
                key(at + "gamma", POSITIVE, 0.1, "factor of a reduction")
                        .onlyIf(type, "step", "multi_step", "exponential"),
                key(at + "t_max", from(0), 0L, unit + " from highest rate to lowest; 0: the whole run")
                        .onlyIf(type, "cosine"),
                key(at + "eta_min", FROM_0, 0.0, "the lowest learning rate").onlyIf(type, "cosine"),
                key(at + "start_factor", FROM_0_TO_1, 1.0, "factor at the start").onlyIf(type, "linear"),
                key(at + "end_factor", FROM_0_TO_1, 0.0, "factor at the end").onlyIf(type, "linear"),
                key(at + "total_iters", from(0), 0L, unit + " from start to end; 0: the whole run")
                        .onlyIf(type, "linear"));
    }

    private static List<Key> average() {
        return List.of(
                key("ema.enabled", new Kind.Flag(), true, "keep an average of the generator")
                        .elsewhere("use_ema"),
                key("ema.momentum", FROM_0_TO_1, 0.99, "share of the average that stays each time")
                        .elsewhere("ema.decay", "ema.beta").onlyIf("ema.enabled", true),
                key("ema.start", from(0), 0L, "iterations during which it is a copy, before it averages")
                        .onlyIf("ema.enabled", true),
                key("ema.interval", from(1), 1L, "iterations between two averagings, counted from ema.start")
                        .onlyIf("ema.enabled", true));
    }

    private static List<Key> output() {
        return List.of(
                key("log.interval", from(1), 10L, "iterations per line of the log").freeOnResume(),
                key("sample.interval", from(0), 100L,
                        "iterations between two grids of samples; 0: only at the start and the end")
                        .freeOnResume(),
                key("sample.count", new Kind.Whole(1, 4096, false), 64L, "samples in a grid")
                        .elsewhere("num_samples"),
                key("sample.rows", new Kind.Whole(0, 4096, false), 0L, "rows of a grid; 0: nearly square"),
                key("checkpoint.interval", from(0), 200L,
                        "iterations between two checkpoints; 0: only at the end")
                        .elsewhere("save_interval", "checkpoint.every").freeOnResume(),
                key("checkpoint.keep", from(0), 3L, "checkpoints that are kept, the newest; 0: all")
                        .elsewhere("max_keep_ckpts"));
    }

    private static Kind from(long min) {
        return new Kind.Whole(min, Integer.MAX_VALUE, false);
    }

    private static Kind oneOf(String... words) {
        return new Kind.Choice(List.of(words));
    }
}
