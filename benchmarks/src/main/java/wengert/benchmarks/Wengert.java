package wengert.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import wengert.autograd.Parameter;
import wengert.autograd.Variable;
import wengert.nn.optim.Adam;
import wengert.nn.optim.Optimizer;
import wengert.tensor.Generator;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.Device;

/// This project's engine.
final class Wengert implements Engine {
    private final Generator random = Generator.seeded(1);
    private final int batch;
    private final boolean plain;

    /// The workloads as they are described.
    Wengert() {
        this(64);
    }

    /// @param batch images in whole steps and convolutions
    Wengert(int batch) {
        this(batch, false);
    }

    private Wengert(int batch, boolean plain) {
        this.batch = batch;
        this.plain = plain;
    }

    /// This project in a JVM that was not given the Vector API.
    static Wengert plain() {
        return new Wengert(64, true);
    }

    @Override
    public String name() {
        return plain ? "wengert-plain" : "wengert";
    }

    @Override
    public boolean does(String workload) {
        return true;
    }

    @Override
    public String load() {
        return Device.CPU.backend().description();
    }

    /// What the JVM that started this one was given.
    @Override
    public List<String> options() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !plain || !option.startsWith("--add-modules")).toList();
    }

    /// The live heap: parameters, inputs, gradients, optimiser state, and the pool, which holds what was ever
    /// taken at once. So after some runs it is what the work needs at its peak, rounded up, without garbage.
    @Override
    public long bytes() {
        System.gc();
        System.gc(); // what the first one found to be reachable weakly only
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Override
    public Runnable prepare(String workload) {
        return switch (workload) {
            case "dcgan32-b64" -> new Gans(batch, 1, false, false, 256, 128, 64);
            case "quickstart-step" -> new Gans(batch, 1, false, false, 128, 64, 32);
            case "dcgan64-b64" -> new Gans(batch, 3, false, false, 512, 256, 128, 64);
            case "wgangp32-ln-b64" -> new Gans(batch, 1, true, true, 256, 128, 64);
            case "wgangp32-bn-b64" -> new Gans(batch, 1, false, true, 256, 128, 64);
            case "conv-fwd-64x64x32-k4s2" -> {
                Tensor x = normal(batch, 64, 32, 32);
                Tensor w = normal(128, 64, 4, 4);
                yield in(() -> x.conv2d(w, null, Conv2dGeometry.of(2, 1)));
            }
            case "conv-fwdbwd-64x64x32-k4s2" -> conv(64, 32, 128, 4, 2);
            case "conv-fwdbwd-64x128x16-k3s1" -> conv(128, 16, 128, 3, 1);
            case "matmul-1024" -> matmul(1024);
            case "matmul-256" -> matmul(256);
            case "tanh-4M" -> {
                Tensor x = normal(1 << 22);
                yield in(x::tanh);
            }
            case "add-4M" -> {
                Tensor a = normal(1 << 22);
                Tensor b = normal(1 << 22);
                yield in(() -> a.add(b));
            }
            case "batchnorm-fwdbwd" -> {
                Variable x = leaf(64, 64, 32, 32);
                Variable gamma = leaf(64);
                Variable beta = leaf(64);
                Tensor dy = normal(64, 64, 32, 32);
                yield in(() -> {
                    clear(x, gamma, beta);
                    x.batchNorm(gamma, beta, 1e-5).y().backward(dy);
                });
            }
            case "tape-50-tiny" -> {
                Variable x = leaf(4, 16);
                Variable[] w = new Variable[50];
                for (int i = 0; i < w.length; i++) {
                    w[i] = Variable.of(normal(16, 16).mul(0.25)).requiresGrad(true);
                }
                yield in(() -> {
                    clear(w);
                    x.zeroGrad();
                    Variable y = x;
                    for (Variable layer : w) {
                        y = y.matmul(layer).tanh();
                    }
                    y.sum().backward();
                });
            }
            default -> kernel(workload);
        };
    }

    /// A workload of [Workloads#KERNELS].
    private Runnable kernel(String workload) {
        for (String size : Workloads.PRODUCTS) {
            if (workload.equals("matmul-" + size)) {
                String[] s = size.split("x");
                int terms = Integer.parseInt(s[2]);
                return matmul(normal(Integer.parseInt(s[0]), terms), normal(terms, Integer.parseInt(s[1])));
            }
        }
        for (String layer : Workloads.LAYERS) {
            for (String kernel : List.of("fwd", "dgrad", "wgrad")) {
                if (workload.equals(Workloads.layer(kernel, layer))) {
                    return new Layer(batch, layer).kernel(kernel);
                }
            }
        }
        Tensor x = normal(64, 64, 32, 32);
        return switch (workload) {
            case "exp-4M" -> in(x::exp);
            case "log-4M" -> {
                Tensor positive = x.abs();
                yield in(positive::log);
            }
            case "sqrt-4M" -> {
                Tensor positive = x.abs();
                yield in(positive::sqrt);
            }
            case "sigmoid-4M" -> in(x::sigmoid);
            case "softplus-4M" -> in(x::softplus);
            case "relu-4M" -> in(x::relu);
            case "leakyrelu-4M" -> in(() -> x.leakyRelu(0.2));
            case "bias-4M" -> {
                Tensor bias = normal(64, 1, 1);
                yield in(() -> x.add(bias));
            }
            case "sum-4M" -> in(x::sum);
            case "sum-channels-4M" -> in(() -> x.sum(0, 2, 3));
            case "softmax-4M" -> {
                Tensor rows = x.reshape(4096, 1024);
                yield in(() -> rows.softmax(1));
            }
            case "layernorm-fwdbwd" -> {
                Variable input = leaf(64, 64, 32, 32);
                Variable gamma = leaf(64, 32, 32);
                Variable beta = leaf(64, 32, 32);
                yield in(() -> {
                    clear(input, gamma, beta);
                    input.layerNorm(3, gamma, beta, 1e-5).backward(x);
                });
            }
            case "adam-4M" -> {
                List<Parameter> parameters = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    parameters.add(new Parameter("p" + i, normal(Workloads.LARGE / 16)));
                    parameters.get(i).mul(0.1).sum().backward();
                }
                yield in(new Optimizer(parameters, Adam.of(1e-4))::step);
            }
            default -> throw new IllegalArgumentException("no workload " + workload);
        };
    }

    private Runnable matmul(int n) {
        return matmul(normal(n, n), normal(n, n));
    }

    private static Runnable matmul(Tensor a, Tensor b) {
        return in(() -> a.matmul(b));
    }

    private Runnable conv(int c, int size, int k, int r, int stride) {
        Variable x = leaf(batch, c, size, size);
        Variable w = leaf(k, c, r, r);
        Tensor dy = normal(batch, k, size / stride, size / stride);
        return in(() -> {
            clear(x, w);
            x.conv2d(w, null, Conv2dGeometry.of(stride, 1)).backward(dy);
        });
    }

    private static Runnable in(Runnable work) {
        return () -> {
            try (var scope = Scope.open("benchmark")) {
                work.run();
            }
        };
    }

    private static void clear(Variable... leaves) {
        for (Variable leaf : leaves) {
            leaf.zeroGrad();
        }
    }

    private Variable leaf(int... sizes) {
        return Variable.of(normal(sizes)).requiresGrad(true);
    }

    private Tensor normal(int... sizes) {
        return random.stream("data").normal(sizes);
    }
}
