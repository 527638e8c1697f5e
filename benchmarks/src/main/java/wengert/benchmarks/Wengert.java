package wengert.benchmarks;

import wengert.autograd.Variable;
import wengert.tensor.Generator;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Conv2dGeometry;

/// This project's engine.
final class Wengert implements Engine {
    private final Generator random = Generator.seeded(1);

    @Override
    public String name() {
        return "wengert";
    }

    @Override
    public Runnable prepare(String workload) {
        return switch (workload) {
            case "dcgan32-b64" -> new Gans(1, false, false, 256, 128, 64);
            case "dcgan64-b64" -> new Gans(3, false, false, 512, 256, 128, 64);
            case "wgangp32-ln-b64" -> new Gans(1, true, true, 256, 128, 64);
            case "wgangp32-bn-b64" -> new Gans(1, false, true, 256, 128, 64);
            case "conv-fwd-64x64x32-k4s2" -> {
                Tensor x = normal(64, 64, 32, 32);
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
            default -> null;
        };
    }

    private Runnable matmul(int n) {
        Tensor a = normal(n, n);
        Tensor b = normal(n, n);
        return in(() -> a.matmul(b));
    }

    private Runnable conv(int c, int size, int k, int r, int stride) {
        Variable x = leaf(64, c, size, size);
        Variable w = leaf(k, c, r, r);
        Tensor dy = normal(64, k, size / stride, size / stride);
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
