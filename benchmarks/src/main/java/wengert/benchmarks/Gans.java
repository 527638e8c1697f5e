package wengert.benchmarks;

import wengert.autograd.Autograd;
import wengert.autograd.Variable;
import wengert.nn.BatchNorm2d;
import wengert.nn.Conv2d;
import wengert.nn.ConvTranspose2d;
import wengert.nn.Layer;
import wengert.nn.LayerNorm;
import wengert.nn.LeakyRelu;
import wengert.nn.Relu;
import wengert.nn.Sequential;
import wengert.nn.Tanh;
import wengert.nn.optim.Adam;
import wengert.nn.optim.Optimizer;
import wengert.tensor.Generator;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.LossForm;

/// One training step of a GAN, both networks: noise 100 → `widths…` → `channels`, kernel 4, batch norm and
/// ReLU, tanh; and its mirror with leaky ReLU 0.2, whose first layer is not normalised and whose last is one
/// logit. Adam at 2e-4, betas 0.5 and 0.999. No biases.
final class Gans implements Runnable {
    private static final int NOISE = 100;
    private static final LossForm BCE = new LossForm(LossForm.Kind.BCE, 0, LossForm.Fold.MEAN);

    private final int batch;
    private final Sequential generator = new Sequential();
    private final Sequential discriminator = new Sequential();
    private final Optimizer optG;
    private final Optimizer optD;
    private final boolean wasserstein;
    private final Tensor real;
    private final Generator random = Generator.seeded(7);
    private final Device device;

    /// On the CPU.
    Gans(int batch, int channels, boolean layerNorm, boolean wasserstein, int... widths) {
        this(Device.CPU, batch, channels, layerNorm, wasserstein, widths);
    }

    /// @param device      that computes
    /// @param batch       images of each kind in a step
    /// @param channels    of the image
    /// @param layerNorm   whether the discriminator has layer norm instead of batch norm
    /// @param wasserstein whether to train by Wasserstein losses with gradient penalty 10, instead of BCE
    /// @param widths      channels of the generator, from the 4×4 layer on
    Gans(Device device, int batch, int channels, boolean layerNorm, boolean wasserstein, int... widths) {
        this.device = device;
        this.batch = batch;
        this.wasserstein = wasserstein;
        int last = widths.length - 1;
        generator.add(new ConvTranspose2d(NOISE, widths[0], 4, 1, 0, false));
        for (int i = 0; i <= last; i++) {
            generator.add(new BatchNorm2d(widths[i])).add(new Relu());
            generator.add(new ConvTranspose2d(widths[i], i == last ? channels : widths[i + 1], 4, 2, 1,
                    false));
        }
        generator.add(new Tanh());
        int size = 4 << last + 1;
        real = stream("real").uniform(batch, channels, size, size).mul(2).sub(1);
        for (int i = last; i >= 0; i--) {
            discriminator.add(new Conv2d(i == last ? channels : widths[i + 1], widths[i], 4, 2, 1, false));
            size /= 2;
            if (i < last) {
                Layer norm = layerNorm ? new LayerNorm(widths[i], size, size) : new BatchNorm2d(widths[i]);
                discriminator.add(norm);
            }
            discriminator.add(new LeakyRelu(0.2));
        }
        discriminator.add(new Conv2d(widths[0], 1, 4, 1, 0, false));
        generator.init(random);
        discriminator.init(random);
        generator.to(device);
        discriminator.to(device);
        optG = new Optimizer(generator.parameters(), Adam.of(2e-4).betas(0.5, 0.999));
        optD = new Optimizer(discriminator.parameters(), Adam.of(2e-4).betas(0.5, 0.999));
    }

    @Override
    public void run() {
        try (var scope = Scope.open("D step")) {
            optD.zeroGrad();
            Tensor fake = fakes();
            Variable onFake = discriminator.forward(Variable.of(fake));
            Variable onReal = discriminator.forward(Variable.of(real));
            Variable loss = wasserstein ? onFake.mean().sub(onReal.mean()).add(penalty(fake))
                    : bce(onFake, 0).add(bce(onReal, 1));
            Autograd.of(loss).releaseValues(true).backward();
            optD.step();
        }
        try (var scope = Scope.open("G step"); var frozen = discriminator.frozen()) {
            optG.zeroGrad();
            Variable z = Variable.of(stream("noise").normal(batch, NOISE, 1, 1));
            Variable logits = discriminator.forward(generator.forward(z));
            Autograd.of(wasserstein ? logits.mean().neg() : bce(logits, 1)).releaseValues(true).backward();
            optG.step();
        }
    }

    private Tensor fakes() {
        try (var pass = Scope.open("fakes")) {
            return pass.keep(generator.forward(stream("noise").normal(batch, NOISE, 1, 1)));
        }
    }

    private Generator.Stream stream(String name) {
        return random.stream(name).as(DType.F32, device);
    }

    private static Variable bce(Variable logits, double target) {
        return logits.loss(BCE, target);
    }

    private Variable penalty(Tensor fake) {
        Tensor eps = stream("eps").uniform(batch, 1, 1, 1);
        Variable x = Variable.of(real.mul(eps).add(fake.mul(eps.neg().add(1)))).requiresGrad(true);
        Variable gradient = Autograd.of(discriminator.forward(x).sum()).createGraph(true).grad(x).get(0);
        x.requiresGrad(false); // the outer pass wants gradients of parameters only
        return gradient.square().sum(1, 2, 3).sqrt().sub(1).square().mean().mul(10);
    }
}
