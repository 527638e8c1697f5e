package wengert.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import wengert.benchmarks.Workload.Limit;

/// The catalogue. [#NAMED] are those whose names and work others can repeat, and the ones that peers do too;
/// [#KERNELS] are single kernels of this project, by family; [#CARD] what a card is timed with.
public final class Workloads {
    /// Elements of the large arrays.
    static final int LARGE = 1 << 22;
    /// Elements of arrays that no cache of a card holds.
    static final int HUGE = 1 << 26;
    /// Convolutions of DCGANs at 32×32 and 64×64 pixels: channels, pixels, output channels, kernel, stride,
    /// padding.
    static final List<String> LAYERS = List.of("1,32,64,4,2,1", "64,16,128,4,2,1", "128,8,256,4,2,1",
            "3,64,64,4,2,1", "64,32,128,4,2,1", "128,16,256,4,2,1", "256,8,512,4,2,1", "128,16,128,3,1,1");
    /// Products: rows, columns, terms.
    static final List<String> PRODUCTS = List.of("64x64x64", "64x8192x100", "64x1024x1024", "4096x64x256");
    /// Products on a card, alike.
    static final List<String> CARD_PRODUCTS = List.of("4096x4096x4096", "1024x1024x1024", "128x8192x100",
            "2048x512x8192");
    /// Functions of one array, by the name of the operator.
    static final List<String> FUNCTIONS = List.of("exp", "log", "sigmoid", "softplus", "relu", "sqrt");

    static final List<Workload> NAMED = named();
    static final List<Workload> KERNELS = kernels();
    /// Arrays that no cache of a card holds, the products and convolutions of a step of 128 images, and the
    /// step itself.
    public static final List<Workload> CARD = card();

    private Workloads() {
    }

    /// A workload by its name, or null.
    public static Workload find(String name) {
        return Stream.of(NAMED, KERNELS, CARD).flatMap(List::stream).filter(w -> w.name().equals(name))
                .findFirst().orElse(null);
    }

    private static List<Workload> named() {
        String nets = "; G 100-256-128-64-1 (k4, batch norm, ReLU, tanh), D 1-64-128-256-1 (";
        String end = ", leaky ReLU 0.2), batch 64, Adam; one D step on fake and real, one G step";
        String step = "How long does a whole training step take";
        int map = 64 * 64 * 32 * 32;
        return List.of(
                flops("dcgan32-b64", "BCE with logits" + nets + "batch norm" + end, step + "?",
                        Cost.gan(64, 1, false, 256, 128, 64)),
                flops("quickstart-step", "the same with 128-64-32 channels: the networks of ./wengert train",
                        "How long would another engine train where ./wengert train does?",
                        Cost.gan(64, 1, false, 128, 64, 32)),
                flops("dcgan64-b64", "the same with 512-256-128-64 channels and RGB images of 64x64",
                        step + " when nearly all of it is convolution?",
                        Cost.gan(64, 3, false, 512, 256, 128, 64)),
                flops("wgangp32-ln-b64", "Wasserstein, gradient penalty 10" + nets + "layer norm" + end,
                        step + " with second derivatives?", Cost.gan(64, 1, true, 256, 128, 64)),
                flops("wgangp32-bn-b64", "Wasserstein, gradient penalty 10" + nets + "batch norm" + end,
                        step + " with the second derivative of batch norm?",
                        Cost.gan(64, 1, true, 256, 128, 64)),
                flops("conv-fwd-64x64x32-k4s2", "x [64, 64, 32, 32], w [128, 64, 4, 4], stride 2, padding 1",
                        "How fast is a convolution?", new Cost().conv(1, 64, 64, 32, 128, 4, 16)),
                flops("conv-fwdbwd-64x64x32-k4s2", "the same, and both gradients from a given dy",
                        "How fast is a convolution in training?", new Cost().conv(3, 64, 64, 32, 128, 4, 16)),
                flops("conv-fwdbwd-64x128x16-k3s1", "x [64, 128, 16, 16], w [128, 128, 3, 3], padding 1; "
                        + "both gradients",
                        "How fast is the convolution of a residual block?",
                        new Cost().conv(3, 64, 128, 16, 128, 3, 16)),
                flops("matmul-1024", "[1024, 1024] by [1024, 1024]",
                        "How close to the peak is a large product?", new Cost().matmul(1, 1024, 1024, 1024)),
                flops("matmul-256", "[256, 256] by [256, 256]",
                        "How close to the peak is a product in the cache?",
                        new Cost().matmul(1, 256, 256, 256)),
                bytes("tanh-4M", "4,194,304 elements", "Does a function cost more than its bytes?",
                        new Cost().pass(LARGE, 1, 2)),
                bytes("add-4M", "4,194,304 elements, c = a + b",
                        "How much of the bandwidth does a loop reach?", new Cost().pass(LARGE, 1, 3)),
                bytes("batchnorm-fwdbwd", "x [64, 64, 32, 32] in training mode; dx, dgamma, dbeta from a "
                        + "given dy",
                        "How many passes over the data does batch norm take?",
                        new Cost().pass(map, 13, 5)),
                flops("tape-50-tiny", "50 times tanh(x w), x [4, 16], w [16, 16], sum; forward and backward",
                        "What does a node of the tape cost?",
                        new Cost().matmul(150, 4, 16, 16).pass(50 * 64, 4, 5)));
    }

    private static List<Workload> kernels() {
        var all = new ArrayList<Workload>();
        PRODUCTS.forEach(size -> all.add(product(size,
                "Is a product fast where few rows or columns leave little to share?")));
        for (String text : LAYERS) {
            for (String kernel : List.of("fwd", "dgrad", "wgrad")) {
                all.add(flops(layer(kernel, text), "batch 64; C,H,K,R,stride,padding " + text,
                        "How close to the peak is this convolution of a DCGAN?", Layer.cost(64, text)));
            }
        }
        for (String function : FUNCTIONS) {
            all.add(bytes(function + "-4M", "4,194,304 elements", "Does a function cost more than its bytes?",
                    new Cost().pass(LARGE, 1, 2)));
        }
        all.add(bytes("leakyrelu-4M", "4,194,304 elements", "Does a branch cost more than its bytes?",
                new Cost().pass(LARGE, 1, 2)));
        all.add(bytes("bias-4M", "[64, 64, 32, 32] + [64, 1, 1]",
                "Does broadcasting cost more than its bytes?", new Cost().pass(LARGE, 1, 2)));
        all.add(bytes("sum-4M", "4,194,304 elements", "How fast is a reduction of everything?",
                new Cost().pass(LARGE, 1, 1)));
        all.add(bytes("sum-channels-4M", "[64, 64, 32, 32] over axes 0, 2, 3",
                "How fast is a reduction to channels?", new Cost().pass(LARGE, 1, 1)));
        all.add(bytes("softmax-4M", "[4096, 1024] over the last axis", "How many passes does softmax take?",
                new Cost().pass(LARGE, 5, 2)));
        all.add(bytes("layernorm-fwdbwd", "x [64, 64, 32, 32] over axes 1, 2, 3; all gradients",
                "How many passes over the data does layer norm take?", new Cost().pass(LARGE, 13, 5)));
        all.add(bytes("adam-4M", "4,194,304 parameters in 16 tensors", "Does Adam cost more than its bytes?",
                new Cost().pass(LARGE, 12, 7)));
        return List.copyOf(all);
    }

    private static List<Workload> card() {
        var all = new ArrayList<Workload>();
        all.add(flops("dcgan64-b128", "as dcgan64-b64, batch 128",
                "How long does a whole training step take?", Cost.gan(128, 3, false, 512, 256, 128, 64)));
        array(all, "copy", "Is a copy as fast as the driver's?", 1, 2);
        array(all, "transpose", "Is a copy across the rows as fast as one along them?", 1, 2);
        array(all, "add", "How much of the bandwidth does a kernel reach?", 1, 3);
        for (String function : List.of("relu", "leakyrelu", "tanh", "exp", "log", "sigmoid", "sqrt")) {
            array(all, function, "Does a function cost more than its bytes?", 2, 2);
        }
        array(all, "bias", "Does broadcasting cost more than its bytes?", 1, 2);
        array(all, "uniform", "Do random numbers cost more than their bytes?", 1, 1);
        array(all, "normal", "Do random numbers cost more than their bytes?", 1, 1);
        array(all, "sum", "How fast is a reduction of everything?", 1, 1);
        array(all, "sum-channels", "How fast is a reduction to channels?", 1, 1);
        array(all, "sum-rows", "How fast is a reduction of rows?", 1, 1);
        array(all, "softmax", "How many passes does softmax take?", 5, 2);
        array(all, "batchnorm-fwdbwd", "How many passes over the data does batch norm take?", 13, 5);
        array(all, "layernorm-fwdbwd", "How many passes over the data does layer norm take?", 13, 5);
        array(all, "adam", "Does Adam cost more than its bytes?", 12, 7);
        CARD_PRODUCTS.forEach(size -> all.add(product(size, "How close to the peak is a product?")));
        for (String text : LAYERS) {
            for (String kernel : List.of("fwd", "dgrad", "wgrad")) {
                all.add(flops(layer(kernel, text) + "-b128", "batch 128; C,H,K,R,stride,padding " + text,
                        "How close to the peak is this convolution of a DCGAN?", Layer.cost(128, text)));
            }
        }
        return List.copyOf(all);
    }

    private static void array(List<Workload> all, String name, String asks, double flops, double arrays) {
        all.add(bytes(name + "-64M", "[1024, 64, 32, 32], 67,108,864 elements", asks,
                new Cost().pass(HUGE, flops, arrays)));
    }

    private static Workload product(String size, String asks) {
        String[] s = size.split("x");
        int m = Integer.parseInt(s[0]);
        int n = Integer.parseInt(s[1]);
        int t = Integer.parseInt(s[2]);
        return flops("matmul-" + size, "[" + m + ", " + t + "] by [" + t + ", " + n + "]", asks,
                new Cost().matmul(1, m, n, t));
    }

    /// `conv-fwd-64x32-128k4s2` for `64,32,128,4,2,1`.
    static String layer(String kernel, String text) {
        String[] s = text.split(",");
        return "conv-" + kernel + "-" + s[0] + "x" + s[1] + "-" + s[2] + "k" + s[3] + "s" + s[4];
    }

    private static Workload flops(String name, String work, String asks, Cost cost) {
        return new Workload(name, work, asks, cost.flops(), cost.bytes(), Limit.FLOPS);
    }

    private static Workload bytes(String name, String work, String asks, Cost cost) {
        return new Workload(name, work, asks, cost.flops(), cost.bytes(), Limit.BYTES);
    }
}
