package wengert.gan.nets;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import wengert.nn.BatchNorm;
import wengert.nn.BatchNorm2d;
import wengert.nn.Conv2d;
import wengert.nn.ConvTranspose2d;
import wengert.nn.Embedding;
import wengert.nn.Flatten;
import wengert.nn.Layer;
import wengert.nn.LayerNorm;
import wengert.nn.LeakyRelu;
import wengert.nn.Linear;
import wengert.nn.Relu;
import wengert.nn.Reshape;
import wengert.nn.SpectralNorm;
import wengert.nn.Tanh;
import wengert.nn.WeightedLayer;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.TensorException;

/// The layer types of an [Architecture]. Descriptions come out of files, so every field is checked and sizes
/// are bounded before a layer is made.
///
/// | type | fields |
/// |---|---|
/// | `reshape` | `shape` |
/// | `flatten`, `relu`, `tanh` | |
/// | `leaky_relu` | `negative_slope` |
/// | `linear` | `in`, `out`, `bias`, `spectral_norm` |
/// | `conv2d`, `conv_transpose2d` | `in`, `out`, `kernel`, `stride`, `padding`, `bias`, `spectral_norm` |
/// | `batch_norm2d` | `features`, `eps`, `momentum` |
/// | `layer_norm` | `shape`, `eps` |
final class LayerTypes {
    private static final int LARGEST = 1 << 20;

    private LayerTypes() {
    }

    static Layer layer(Map<String, Object> d) {
        return switch (text(d, "type")) {
            case "reshape" -> new Reshape(sizes(d));
            case "flatten" -> new Flatten();
            case "relu" -> new Relu();
            case "tanh" -> new Tanh();
            case "leaky_relu" -> new LeakyRelu(real(d, "negative_slope"));
            case "linear" -> linear(d);
            case "conv2d" -> constrained(d, new Conv2d(whole(d, "in"), whole(d, "out"), whole(d, "kernel"),
                    whole(d, "stride"), border(d), flag(d, "bias")));
            case "conv_transpose2d" -> constrained(d, new ConvTranspose2d(whole(d, "in"), whole(d, "out"),
                    whole(d, "kernel"), whole(d, "stride"), border(d), flag(d, "bias")));
            case "batch_norm2d" -> new BatchNorm2d(whole(d, "features"),
                    BatchNorm.Options.standard().eps(real(d, "eps")).momentum(real(d, "momentum")));
            case "layer_norm" -> new LayerNorm(Shape.of(sizes(d)), real(d, "eps"), true);
            default -> throw refused("type", "a layer type this version knows", text(d, "type"));
        };
    }

    static Linear linear(Map<String, Object> d) {
        return constrained(d, new Linear(whole(d, "in"), whole(d, "out"), flag(d, "bias")));
    }

    static Embedding embedding(Map<String, Object> d) {
        return constrained(d, new Embedding(whole(d, "num"), whole(d, "dim")));
    }

    private static <L extends WeightedLayer> L constrained(Map<String, Object> d, L layer) {
        return d.get("spectral_norm") != null && flag(d, "spectral_norm") ? SpectralNorm.of(layer) : layer;
    }

    /// A JSON object as a map with text keys.
    static Map<String, Object> map(String what, Object json) {
        if (!(json instanceof Map<?, ?> map)) {
            throw refused(what, "an object", String.valueOf(json));
        }
        var copy = new LinkedHashMap<String, Object>();
        map.forEach((k, v) -> copy.put(String.valueOf(k), v));
        return copy;
    }

    private static String text(Map<String, Object> d, String key) {
        return d.get(key) instanceof String s ? s : fail(key, "a text", d);
    }

    private static int whole(Map<String, Object> d, String key) {
        return d.get(key) instanceof Number n && n.longValue() >= 1 && n.longValue() <= LARGEST ? n.intValue()
                : fail(key, "a whole number from 1 to " + LARGEST, d);
    }

    private static int border(Map<String, Object> d) {
        return d.get("padding") instanceof Number n && n.longValue() >= 0 && n.longValue() <= LARGEST
                ? n.intValue() : fail("padding", "a whole number from 0 to " + LARGEST, d);
    }

    private static double real(Map<String, Object> d, String key) {
        return d.get(key) instanceof Number n && Double.isFinite(n.doubleValue()) ? n.doubleValue()
                : fail(key, "a number", d);
    }

    private static boolean flag(Map<String, Object> d, String key) {
        return d.get(key) instanceof Boolean b ? b : LayerTypes.<Boolean>fail(key, "true or false", d);
    }

    private static int[] sizes(Map<String, Object> d) {
        if (!(d.get("shape") instanceof List<?> list) || list.size() > 8) {
            return fail("shape", "a list of at most 8 sizes", d);
        }
        int[] sizes = new int[list.size()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = whole(Map.of("shape", list.get(i)), "shape");
        }
        return sizes;
    }

    private static <V> V fail(String key, String expected, Map<String, Object> d) {
        throw refused(key, expected, String.valueOf(d.get(key)) + " in " + d);
    }

    private static TensorException refused(String key, String expected, String came) {
        return new TensorException("architecture: expected " + expected + " for '" + key + "', got " + came);
    }
}
