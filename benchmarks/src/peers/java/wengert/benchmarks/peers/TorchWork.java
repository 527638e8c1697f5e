package wengert.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// The workloads as one would write them who wants PyTorch to be fast: results into buffers that are there,
/// activations in place, no history where none is needed, D's weights without gradients in the G step,
/// gradients set to none.
final class TorchWork {
    private static final long[] ONE = {1, 1};
    private final boolean channelsLast;

    /// @param channelsLast whether images lie as channels within pixels
    TorchWork(boolean channelsLast) {
        this.channelsLast = channelsLast;
        torch.set_num_threads(Integer.getInteger("wengert.threads",
                Runtime.getRuntime().availableProcessors()));
        try (var scope = new PointerScope()) {
            // what its libraries set up at the first call
            conv(torch.randn(2, 2, 8, 8), torch.randn(2, 2, 4, 4), 2, 1);
            torch.matmul(torch.randn(64, 64), torch.randn(64, 64));
        }
    }

    String version() {
        String version = torch.class.getPackage().getImplementationVersion();
        return version == null ? "by bytedeco" : version;
    }

    Runnable prepare(String workload) {
        return switch (workload) {
            case "dcgan32-b64" -> new Gan(1, false, false, 256, 128, 64);
            case "quickstart-step" -> new Gan(1, false, false, 128, 64, 32);
            case "dcgan64-b64" -> new Gan(3, false, false, 512, 256, 128, 64);
            case "wgangp32-ln-b64" -> new Gan(1, true, true, 256, 128, 64);
            case "wgangp32-bn-b64" -> new Gan(1, false, true, 256, 128, 64);
            case "conv-fwd-64x64x32-k4s2" -> {
                Tensor x = normal(64, 64, 32, 32);
                Tensor w = normal(128, 64, 4, 4);
                yield in(() -> {
                    var g = new NoGradGuard();
                    conv(x, w, 2, 1);
                    g.close();
                });
            }
            case "conv-fwdbwd-64x64x32-k4s2" -> convBoth(64, 32, 128, 4, 2);
            case "conv-fwdbwd-64x128x16-k3s1" -> convBoth(128, 16, 128, 3, 1);
            case "matmul-1024" -> matmul(1024);
            case "matmul-256" -> matmul(256);
            case "tanh-4M" -> {
                Tensor x = normal(1 << 22);
                Tensor out = normal(1 << 22);
                yield in(() -> torch.tanh_out(out, x));
            }
            case "add-4M" -> {
                Tensor a = normal(1 << 22);
                Tensor b = normal(1 << 22);
                Tensor out = normal(1 << 22);
                yield in(() -> torch.add_out(out, a, b));
            }
            case "batchnorm-fwdbwd" -> {
                Tensor x = leaf(64, 64, 32, 32);
                Tensor gamma = leaf(64);
                Tensor beta = leaf(64);
                Tensor dy = normal(64, 64, 32, 32);
                TensorVector all = new TensorVector(x, gamma, beta);
                TensorOptional none = new TensorOptional();
                yield in(() -> {
                    Tensor y = torch.batch_norm(x, new TensorOptional(gamma), new TensorOptional(beta), none,
                            none, true, 0.1, 1e-5, false);
                    torch.grad(new TensorVector(y), all, new TensorVector(dy), new BoolOptional(), false,
                            false);
                });
            }
            case "tape-50-tiny" -> {
                Tensor x = leaf(4, 16);
                Tensor[] w = tapeWeights();
                TensorVector all = new TensorVector(w);
                all.push_back(x);
                yield in(() -> {
                    Tensor y = x;
                    for (Tensor layer : w) {
                        y = y.matmul(layer).tanh();
                    }
                    gradients(y.sum(), all);
                });
            }
            default -> throw new IllegalArgumentException(workload);
        };
    }

    /// `tape-50-tiny` with its forward pass as one function of TorchScript and its backward pass as one call:
    /// all of it runs in C++.
    Runnable script() {
        Tensor x = leaf(4, 16);
        Tensor[] w = tapeWeights();
        TensorVector all = new TensorVector(w);
        all.push_back(x);
        JitModule module = new JitModule(new QualifiedName("tape"));
        var code = new StringBuilder("def forward(self, x):\n");
        for (int i = 0; i < w.length; i++) {
            module.register_parameter("w" + i, w[i], false);
            code.append("    x = torch.tanh(torch.matmul(x, self.w").append(i).append("))\n");
        }
        module.define(code.append("    return x.sum()\n").toString());
        IValueVector input = new IValueVector(new IValue(x));
        return in(() -> gradients(module.forward(input).toTensor(), all));
    }

    private Tensor[] tapeWeights() {
        Tensor[] w = new Tensor[50];
        for (int i = 0; i < w.length; i++) {
            w[i] = normal(16, 16).mul(new Scalar(0.25f)).detach().requires_grad_(true);
        }
        return w;
    }

    private static void gradients(Tensor of, TensorVector with) {
        torch.grad(new TensorVector(of), with, new TensorVector(), new BoolOptional(), false, false);
    }

    private Runnable matmul(int n) {
        Tensor a = normal(n, n);
        Tensor b = normal(n, n);
        Tensor out = normal(n, n);
        return in(() -> torch.matmul_out(out, a, b));
    }

    private Runnable convBoth(int c, int size, int k, int r, int stride) {
        Tensor x = leaf(64, c, size, size);
        Tensor w = leaf(k, c, r, r);
        Tensor dy = normal(64, k, size / stride, size / stride);
        TensorVector both = new TensorVector(x, w);
        return in(() -> torch.grad(new TensorVector(conv(x, w, stride, 1)), both, new TensorVector(dy),
                new BoolOptional(), false, false));
    }

    private static Tensor conv(Tensor x, Tensor w, int stride, int pad) {
        return torch.conv2d(x, w, new TensorOptional(), new long[] {stride, stride}, new long[] {pad, pad},
                ONE, 1);
    }

    private static Tensor transposed(Tensor x, Tensor w, int stride, int pad) {
        return torch.conv_transpose2d(x, w, new TensorOptional(), new long[] {stride, stride},
                new long[] {pad, pad}, new long[] {0, 0}, 1, ONE);
    }

    private static Runnable in(Runnable work) {
        return () -> {
            try (var scope = new PointerScope()) {
                work.run();
            }
        };
    }

    private Tensor leaf(long... sizes) {
        return normal(sizes).requires_grad_(true);
    }

    private Tensor normal(long... sizes) {
        return layout(torch.randn(sizes));
    }

    private Tensor layout(Tensor x) {
        return channelsLast && x.dim() == 4 ? x.contiguous(torch.MemoryFormat.ChannelsLast) : x;
    }

    /// The same step as the one of the project.
    private final class Gan implements Runnable {
        private final boolean layerNorm;
        private final boolean wasserstein;
        private final int widths;
        private final int[] width;
        private final List<Tensor> g = new ArrayList<>();
        private final List<Tensor> d = new ArrayList<>();
        private final List<Tensor[]> gNorm = new ArrayList<>();
        private final List<Tensor[]> dNorm = new ArrayList<>();
        private final Adam optG;
        private final Adam optD;
        private final List<Tensor> paramsD = new ArrayList<>();
        private final TensorVector leavesD;
        private final Tensor real;
        private final int size0;
        private final Tensor ones = torch.ones(64, 1, 1, 1);
        private final Tensor zeros = torch.zeros(64, 1, 1, 1);

        Gan(int channels, boolean layerNorm, boolean wasserstein, int... width) {
            this.layerNorm = layerNorm;
            this.wasserstein = wasserstein;
            this.width = width;
            this.widths = width.length;
            List<Tensor> paramsG = new ArrayList<>();
            g.add(weight(100, width[0], 4, 4));
            for (int i = 0; i < widths; i++) {
                gNorm.add(norm(width[i]));
                g.add(weight(width[i], i == widths - 1 ? channels : width[i + 1], 4, 4));
            }
            int size = 4 << widths;
            size0 = size;
            real = layout(torch.rand(64, channels, size, size).mul(new Scalar(2f)).sub(new Scalar(1f)));
            for (int i = widths - 1; i >= 0; i--) {
                size /= 2;
                d.add(weight(width[i], i == widths - 1 ? channels : width[i + 1], 4, 4));
                dNorm.add(i == widths - 1 ? null
                        : layerNorm ? new Tensor[] {
                            layout(torch.ones(width[i], size, size)).requires_grad_(true),
                            layout(torch.zeros(width[i], size, size)).requires_grad_(true)} : norm(width[i]));
            }
            d.add(weight(1, width[0], 4, 4));
            paramsG.addAll(g);
            gNorm.forEach(n -> add(paramsG, n));
            paramsD.addAll(d);
            dNorm.forEach(n -> add(paramsD, n));
            optG = adam(paramsG);
            optD = adam(paramsD);
            leavesD = new TensorVector(paramsD.toArray(new Tensor[0]));
        }

        private void add(List<Tensor> params, Tensor[] n) {
            if (n != null) {
                params.add(n[0]);
                params.add(n[1]);
            }
        }

        private Adam adam(List<Tensor> params) {
            var options = new AdamOptions(2e-4);
            options.betas().put(0, 0.5);
            options.betas().put(1, 0.999);
            return new Adam(new TensorVector(params.toArray(new Tensor[0])), options);
        }

        private Tensor[] norm(int c) {
            return new Tensor[] {torch.ones(c).requires_grad_(true), torch.zeros(c).requires_grad_(true),
                    torch.zeros(c),
                torch.ones(c)};
        }

        private Tensor weight(long... sizes) {
            return layout(torch.randn(sizes).mul(new Scalar(0.02f))).detach().requires_grad_(true);
        }

        private Tensor batchNorm(Tensor x, Tensor[] n) {
            return torch.batch_norm(x, new TensorOptional(n[0]), new TensorOptional(n[1]),
                    new TensorOptional(n[2]), new TensorOptional(n[3]), true, 0.1, 1e-5, false);
        }

        private Tensor generate() {
            Tensor x = transposed(layout(torch.randn(64, 100, 1, 1)), g.get(0), 1, 0);
            for (int i = 0; i < widths; i++) {
                x = torch.relu_(batchNorm(x, gNorm.get(i)));
                x = transposed(x, g.get(i + 1), 2, 1);
            }
            return torch.tanh_(x);
        }

        private Tensor judge(Tensor image) {
            Tensor x = image;
            int size = size0;
            for (int i = 0; i < widths; i++) {
                x = conv(x, d.get(i), 2, 1);
                size /= 2;
                if (dNorm.get(i) != null) {
                    x = layerNorm ? torch.layer_norm(x, new long[] {x.size(1), size, size},
                            new TensorOptional(dNorm.get(i)[0]), new TensorOptional(dNorm.get(i)[1]), 1e-5,
                            true) : batchNorm(x, dNorm.get(i));
                }
                x = torch.leaky_relu_(x, new Scalar(0.2f));
            }
            return conv(x, d.get(widths), 1, 0);
        }

        private void grads(List<Tensor> params, boolean on) {
            for (Tensor p : params) {
                p.requires_grad_(on);
            }
        }

        @Override
        public void run() {
            try (var scope = new PointerScope()) {
                optD.zero_grad();
                var guard = new NoGradGuard();
                Tensor fake = generate();
                guard.close();
                Tensor onFake = judge(fake);
                Tensor onReal = judge(real);
                Tensor loss = wasserstein ? onFake.mean().sub(onReal.mean()).add(penalty(fake))
                        : torch.binary_cross_entropy_with_logits(onFake, zeros)
                                .add(torch.binary_cross_entropy_with_logits(onReal, ones));
                // for the parameters only: the penalty's images are a leaf too
                torch.backward(new TensorVector(loss), new TensorVector(), new BoolOptional(), false,
                        leavesD);
                optD.step();
            }
            try (var scope = new PointerScope()) {
                grads(paramsD, false);
                optG.zero_grad();
                Tensor logits = judge(generate());
                Tensor loss = wasserstein ? logits.mean().neg()
                        : torch.binary_cross_entropy_with_logits(logits, ones);
                loss.backward();
                optG.step();
                grads(paramsD, true);
            }
        }

        private Tensor penalty(Tensor fake) {
            Tensor eps = torch.rand(64, 1, 1, 1);
            Tensor x = torch.lerp(fake, real, eps).detach().requires_grad_(true);
            TensorVector gs = torch.grad(new TensorVector(judge(x).sum()), new TensorVector(x),
                    new TensorVector(), new BoolOptional(true), true, false);
            Tensor gradient = gs.get(0);
            return gradient.square().sum(1, 2, 3).sqrt().sub(new Scalar(1f)).square().mean()
                    .mul(new Scalar(10f));
        }
    }
}
