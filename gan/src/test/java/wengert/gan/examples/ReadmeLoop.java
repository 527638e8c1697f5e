package wengert.gan.examples;

import java.util.List;
import wengert.autograd.Variable;
import wengert.gan.loss.Hinge;
import wengert.gan.loss.NormMode;
import wengert.gan.loss.R1;
import wengert.gan.nets.Network;
import wengert.nn.optim.Adam;
import wengert.nn.optim.Optimizer;
import wengert.tensor.Generator;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;

/// The training loop that the README shows, word by word.
final class ReadmeLoop {
    private ReadmeLoop() {
    }

    static void train(Network G, Network D, List<Tensor> batches) {
        var z = Generator.seeded(42).stream("z");
        var hinge = new Hinge();
        var r1 = new R1(5, NormMode.HWC, 1);
        // README begins
        var optG = new Optimizer(G.parameters(), Adam.of(2e-4).betas(0.5, 0.999));
        var optD = new Optimizer(D.parameters(), Adam.of(2e-4).betas(0.5, 0.999));
        for (Tensor real : batches) {
            int n = real.shape().size(0);
            try (var step = Scope.open("D step")) {
                optD.zeroGrad();
                Tensor fake = G.forward(z.normal(n, 100));         // values in, values out: no history
                Variable loss = hinge.discriminator(D.forward(Variable.of(real)),
                        D.forward(Variable.of(fake)));
                loss.add(r1.penalty(D, real).mul(5)).backward();   // a second derivative through the network
                optD.step();
            }
            try (var step = Scope.open("G step"); var frozen = D.frozen()) {
                optG.zeroGrad();
                hinge.generator(D.forward(G.forward(Variable.of(z.normal(n, 100))))).backward();
                optG.step();
            }
        }
        // README ends
    }
}
