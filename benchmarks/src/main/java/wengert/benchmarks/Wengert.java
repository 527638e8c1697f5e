package wengert.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import wengert.autograd.Parameter;
import wengert.autograd.Variable;
import wengert.nn.optim.Adam;
import wengert.nn.optim.Optimizer;
import wengert.tensor.Generator;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;

/// This project's engine, on one device.
public final class Wengert implements Engine {
    /// How the name begins where the device is not the CPU.
    static final String ON = "wengert-on-";

    private static final Pattern PRODUCT = Pattern.compile("matmul-(\\d+)x(\\d+)x(\\d+)");

    private final Generator random = Generator.seeded(1);
    private final Device device;
    private final int batch;
    private final int shrink;
    private final boolean plain;

    /// The workloads as they are described, on the CPU.
    Wengert() {
        this(Device.CPU);
    }

    /// The workloads as they are described.
    ///
    /// @param device that computes
    public Wengert(Device device) {
        this(device, 0, 1, false);
    }

    /// On the CPU with other batches.
    ///
    /// @param batch images in whole steps and convolutions
    Wengert(int batch) {
        this(Device.CPU, batch, 1, false);
    }

    /// Something smaller, to see that it runs.
    ///
    /// @param device that computes
    /// @param batch  images in whole steps and convolutions
    /// @param shrink what channels, sides of matrices and numbers of large arrays are divided by
    public Wengert(Device device, int batch, int shrink) {
        this(device, batch, shrink, false);
    }

    private Wengert(Device device, int batch, int shrink, boolean plain) {
        this.device = device;
        this.batch = batch;
        this.shrink = shrink;
        this.plain = plain;
    }

    /// This project in a JVM that was not given the Vector API.
    static Wengert plain() {
        return new Wengert(Device.CPU, 0, 1, true);
    }

    @Override
    public String name() {
        return plain ? "wengert-plain" : device.equals(Device.CPU) ? "wengert" : ON + device;
    }

    @Override
    public boolean does(String workload) {
        return true;
    }

    @Override
    public String load() {
        return device.backend().description();
    }

    /// What the JVM that started this one was given.
    @Override
    public List<String> options() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !plain || !option.startsWith("--add-modules")).toList();
    }

    @Override
    public void finish() {
        device.backend().synchronize();
    }

    /// The live heap: parameters, inputs, gradients, optimiser state, and the pool, which holds what was ever
    /// taken at once. So after some runs it is what the work needs at its peak, rounded up, without garbage.
    /// On a card what was taken there at once.
    @Override
    public long bytes() {
        if (Card.is(device)) {
            return Card.peakBytes(device);
        }
        System.gc();
        System.gc(); // what the first one found to be reachable weakly only
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Override
    public Runnable prepare(String workload) {
        return switch (workload) {
            case "dcgan32-b64" -> gan(64, 1, false, false, 256, 128, 64);
            case "quickstart-step" -> gan(64, 1, false, false, 128, 64, 32);
            case "dcgan64-b64" -> gan(64, 3, false, false, 512, 256, 128, 64);
            case "dcgan64-b128" -> gan(128, 3, false, false, 512, 256, 128, 64);
            case "wgangp32-ln-b64" -> gan(64, 1, true, true, 256, 128, 64);
            case "wgangp32-bn-b64" -> gan(64, 1, false, true, 256, 128, 64);
            case "conv-fwd-64x64x32-k4s2" -> {
                Tensor x = normal(batch(64), side(64), 32, 32);
                Tensor w = normal(side(128), side(64), 4, 4);
                yield in(() -> x.conv2d(w, null, Conv2dGeometry.of(2, 1)));
            }
            case "conv-fwdbwd-64x64x32-k4s2" -> conv(64, 32, 128, 4, 2);
            case "conv-fwdbwd-64x128x16-k3s1" -> conv(128, 16, 128, 3, 1);
            case "matmul-1024" -> matmul(1024, 1024, 1024);
            case "matmul-256" -> matmul(256, 256, 256);
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
            case "launch" -> {
                Tensor x = normal(1);
                yield in(x::relu);
            }
            default -> kernel(workload);
        };
    }

    /// A workload of [Workloads#KERNELS] or [Workloads#CARD].
    private Runnable kernel(String workload) {
        Matcher product = PRODUCT.matcher(workload);
        if (product.matches()) {
            return matmul(Integer.parseInt(product.group(1)), Integer.parseInt(product.group(2)),
                    Integer.parseInt(product.group(3)));
        }
        for (String layer : Workloads.LAYERS) {
            for (String kernel : List.of("fwd", "dgrad", "wgrad")) {
                if (workload.equals(Workloads.layer(kernel, layer))) {
                    return new Layer(device, batch(64), layer, shrink).kernel(kernel);
                }
                if (workload.equals(Workloads.layer(kernel, layer) + "-b128")) {
                    return new Layer(device, batch(128), layer, shrink).kernel(kernel);
                }
            }
        }
        boolean large = workload.endsWith("-64M");
        int n = (large ? Workloads.HUGE : Workloads.LARGE) / 65_536 / shrink; // of [64, 32, 32]
        return array(workload.replaceAll("-(4|64)M$", ""), Math.max(1, n));
    }

    /// Work on arrays of [n, C, 32, 32].
    private Runnable array(String workload, int n) {
        int c = side(64);
        Tensor x = normal(n, c, 32, 32);
        return switch (workload) {
            case "tanh" -> in(x::tanh);
            case "exp" -> in(x::exp);
            case "log" -> {
                Tensor positive = x.abs();
                yield in(positive::log);
            }
            case "sqrt" -> {
                Tensor positive = x.abs();
                yield in(positive::sqrt);
            }
            case "sigmoid" -> in(x::sigmoid);
            case "softplus" -> in(x::softplus);
            case "relu" -> in(x::relu);
            case "leakyrelu" -> in(() -> x.leakyRelu(0.2));
            case "copy" -> in(x::copy);
            case "transpose" -> {
                Tensor turned = x.reshape(n * c, 1024).transpose(0, 1);
                yield in(turned::contiguous);
            }
            case "add" -> {
                Tensor b = normal(n, c, 32, 32);
                yield in(() -> x.add(b));
            }
            case "bias" -> {
                Tensor bias = normal(c, 1, 1);
                yield in(() -> x.add(bias));
            }
            case "uniform" -> in(() -> stream().uniform(n, c, 32, 32));
            case "normal" -> in(() -> stream().normal(n, c, 32, 32));
            case "sum" -> in(x::sum);
            case "sum-channels" -> in(() -> x.sum(0, 2, 3));
            case "sum-rows" -> in(() -> x.sum(1, 2, 3));
            case "softmax" -> {
                Tensor rows = x.reshape(n * c, 1024);
                yield in(() -> rows.softmax(1));
            }
            case "batchnorm-fwdbwd" -> {
                Variable input = leaf(n, c, 32, 32);
                Variable gamma = leaf(c);
                Variable beta = leaf(c);
                yield in(() -> {
                    clear(input, gamma, beta);
                    input.batchNorm(gamma, beta, 1e-5).y().backward(x);
                });
            }
            case "layernorm-fwdbwd" -> {
                Variable input = leaf(n, c, 32, 32);
                Variable gamma = leaf(c, 32, 32);
                Variable beta = leaf(c, 32, 32);
                yield in(() -> {
                    clear(input, gamma, beta);
                    input.layerNorm(3, gamma, beta, 1e-5).backward(x);
                });
            }
            case "adam" -> {
                List<Parameter> parameters = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    parameters.add(new Parameter("p" + i, normal(n * c * 64)));
                    parameters.get(i).mul(0.1).sum().backward();
                }
                yield in(new Optimizer(parameters, Adam.of(1e-4))::step);
            }
            default -> throw new IllegalArgumentException("no workload " + workload);
        };
    }

    private int batch(int described) {
        return batch > 0 ? batch : described;
    }

    private int side(int described) {
        return Math.max(Math.min(described, 4), described / shrink);
    }

    private Runnable gan(int described, int channels, boolean layerNorm, boolean wasserstein, int... widths) {
        return new Gans(device, batch(described), channels, layerNorm, wasserstein,
                Arrays.stream(widths).map(this::side).toArray());
    }

    private Runnable matmul(int rows, int columns, int terms) {
        Tensor a = normal(side(rows), side(terms));
        Tensor b = normal(side(terms), side(columns));
        return in(() -> a.matmul(b));
    }

    private Runnable conv(int c, int size, int k, int r, int stride) {
        Variable x = leaf(batch(64), side(c), size, size);
        Variable w = leaf(side(k), side(c), r, r);
        Tensor dy = normal(batch(64), side(k), size / stride, size / stride);
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
        return stream().normal(sizes);
    }

    private Generator.Stream stream() {
        return random.stream("data").as(DType.F32, device);
    }
}
