package wengert.gan.nets;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import wengert.gan.config.RunConfig;

/// The deep convolutional GAN (Radford et al. 2016) at any power-of-two size from 8. The generator turns
/// noise into 4×4 features (noise2feat), doubles their size in up-sampling blocks that halve the channels,
/// and ends in to_rgb; the discriminator mirrors it down to 4×4 and a decision head.
///
/// | generator 32×32, base 256 | discriminator, base 64 |
/// |---|---|
/// | ConvT Z→256 k4 s1 p0, BN, ReLU: 4×4 | Conv C→64 k4 s2 p1 + bias, leaky ReLU: 16×16 |
/// | ConvT 256→128 k4 s2 p1, BN, ReLU: 8×8 | Conv 64→128 k4 s2 p1, BN, leaky ReLU: 8×8 |
/// | ConvT 128→64 k4 s2 p1, BN, ReLU: 16×16 | Conv 128→256 k4 s2 p1, BN, leaky ReLU: 4×4 |
/// | ConvT 64→C k4 s2 p1 + bias, tanh: 32×32 | flatten, linear 4096→1 |
///
/// A conditional generator gets the class embedding concatenated to its noise; a conditional discriminator
/// adds the product of its features with a class embedding (Miyato and Koyama 2018).
///
/// @param size          height and width of an image, a power of two from 8
/// @param channels      channels of an image
/// @param noise         length of the noise vector
/// @param generatorBase channels of the generator at 4×4
/// @param discBase      channels of the discriminator's first layer
/// @param norm          the discriminator's normalisation: `batch`, `layer` or `none`
/// @param spectralNorm  whether the discriminator's weights are divided by their largest singular value
/// @param leakySlope    slope of the leaky ReLU
/// @param eps           added to batch norm's variance
/// @param momentum      weight of a new batch in batch norm's running statistics
/// @param classes       0 for an unconditional GAN
/// @param embedding     length of the generator's class embedding
public record Dcgan(int size, int channels, int noise, int generatorBase, int discBase, String norm,
        boolean spectralNorm, double leakySlope, double eps, double momentum, int classes, int embedding) {
    private static final List<String> NORMS = List.of("batch", "layer", "none");

    /// Checks that there are such networks.
    public Dcgan {
        if (size < 8 || Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException("dcgan: expected a size that is a power of two from 8, got "
                    + size + ". Each layer halves or doubles the size down to 4, so 28 for example ends at "
                    + "3 or 7 and cannot be mirrored; pad or resize the images to 32");
        }
        if (generatorBase % (size / 8) != 0) {
            throw new IllegalArgumentException("dcgan: a generator for size " + size + " halves its channels "
                    + Integer.numberOfTrailingZeros(size / 8) + " times, so its base must be a multiple of "
                    + size / 8 + ", got " + generatorBase);
        }
        if (channels < 1 || noise < 1 || generatorBase < 1 || discBase < 1 || classes < 0
                || classes > 0 && embedding < 1) {
            throw new IllegalArgumentException("dcgan: expected channels, noise and bases of at least 1, and "
                    + "an embedding of at least 1 where there are classes, got channels " + channels
                    + ", noise " + noise + ", bases " + generatorBase + " and " + discBase + ", classes "
                    + classes + ", embedding " + embedding);
        }
        if (!NORMS.contains(norm)) {
            throw new IllegalArgumentException("dcgan: expected a norm among " + NORMS + ", got '" + norm
                    + "'");
        }
    }

    /// Unconditional, with the widths and constants of the preset `dcgan`: noise 100, generator base 128,
    /// discriminator base 32, batch norm, slope 0.2.
    public static Dcgan standard(int size, int channels) {
        return new Dcgan(size, channels, 100, 128, 32, "batch", false, 0.2, 1e-5, 0.1, 0, 0);
    }

    /// As configured.
    public static Dcgan of(RunConfig c) {
        boolean conditional = c.flag("model.conditional");
        return new Dcgan(c.whole("model.size"), c.whole("model.channels"), c.whole("model.noise"),
                c.whole("model.generator.base"), c.whole("model.discriminator.base"),
                c.text("model.discriminator.norm"), c.flag("model.discriminator.spectral_norm"),
                c.real("model.leaky_slope"), c.real("model.batch_norm.eps"),
                c.real("model.batch_norm.momentum"), conditional ? c.whole("model.classes") : 0,
                c.whole("model.embedding"));
    }

    /// The generator.
    public Architecture generator() {
        int z = noise + (classes > 0 ? embedding : 0);
        List<Map<String, Object>> body = new ArrayList<>();
        body.add(layer("reshape", "shape", List.of(z, 1, 1)));
        body.add(conv("conv_transpose2d", z, generatorBase, 1, 0, false));
        body.add(batchNorm(generatorBase));
        body.add(layer("relu"));
        int c = generatorBase;
        for (int at = 4; at < size / 2; at *= 2) {
            body.add(conv("conv_transpose2d", c, c / 2, 2, 1, false));
            c /= 2;
            body.add(batchNorm(c));
            body.add(layer("relu"));
        }
        body.add(conv("conv_transpose2d", c, channels, 2, 1, true));
        body.add(layer("tanh"));
        return new Architecture(inputs("noise_size", noise), body, null,
                classes > 0 ? Map.of("num", classes, "dim", embedding) : null);
    }

    /// The discriminator.
    public Architecture discriminator() {
        List<Map<String, Object>> body = new ArrayList<>();
        body.add(constrained(conv("conv2d", channels, discBase, 2, 1, true)));
        body.add(layer("leaky_relu", "negative_slope", leakySlope));
        int c = discBase;
        for (int at = size / 2; at > 4; at /= 2) {
            body.add(constrained(conv("conv2d", c, 2 * c, 2, 1, norm.equals("none"))));
            c *= 2;
            if (norm.equals("batch")) {
                body.add(batchNorm(c));
            } else if (norm.equals("layer")) {
                body.add(layer("layer_norm", "shape", List.of(c, at / 2, at / 2), "eps", eps));
            }
            body.add(layer("leaky_relu", "negative_slope", leakySlope));
        }
        body.add(layer("flatten"));
        Map<String, Object> head = constrained(layer("linear", "in", c * 16, "out", 1, "bias", true));
        Map<String, Object> classVectors = classes > 0
                ? constrained(layer("embedding", "num", classes, "dim", c * 16)) : null;
        Map<String, Object> in = inputs("image_size", size);
        in.put("channels", channels);
        return new Architecture(in, body, head, classVectors);
    }

    private Map<String, Object> inputs(String name, int value) {
        var inputs = new LinkedHashMap<String, Object>();
        inputs.put(name, value);
        if (classes > 0) {
            inputs.put("classes", classes);
        }
        return inputs;
    }

    private Map<String, Object> constrained(Map<String, Object> layer) {
        if (spectralNorm) {
            layer.put("spectral_norm", true);
        }
        return layer;
    }

    private static Map<String, Object> conv(String type, int in, int out, int stride, int padding,
            boolean bias) {
        return layer(type, "in", in, "out", out, "kernel", 4, "stride", stride, "padding", padding, "bias",
                bias);
    }

    private Map<String, Object> batchNorm(int features) {
        return layer("batch_norm2d", "features", features, "eps", eps, "momentum", momentum);
    }

    private static Map<String, Object> layer(String type, Object... keysAndValues) {
        var map = new LinkedHashMap<String, Object>();
        map.put("type", type);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
