package wengert.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import wengert.autograd.Variable;
import wengert.nn.init.Fan;
import wengert.nn.init.Init;
import wengert.nn.init.InitRules;
import wengert.nn.optim.Adagrad;
import wengert.nn.optim.Adam;
import wengert.nn.optim.AdamW;
import wengert.nn.optim.Optimizer;
import wengert.nn.optim.RmsProp;
import wengert.nn.optim.Schedule;
import wengert.nn.optim.Sgd;
import wengert.tensor.Generator;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;

/// The examples of the doc comments, compiled and run.
class ExamplesTest {
    /// The example of [Layer].
    static final class Twice implements Layer {
        @Override
        public <T extends TensorOps<T>> T forward(T x) {
            return x.mul(2);
        }
    }

    /// The example of [Buffer].
    static final class Counting extends Module implements Layer {
        private final Buffer calls = buffer("calls", Shape.SCALAR, DType.I64, Init.zeros());

        @Override
        public <T extends TensorOps<T>> T forward(T x) {
            calls.value().inPlace("Net.forward").add(1);
            return x;
        }
    }

    @Test
    void aNetworkLearnsXor() {
        Tensor x = Tensor.of(new float[] {0, 0, 0, 1, 1, 0, 1, 1}, 4, 2);
        Tensor target = Tensor.of(new float[] {0, 1, 1, 0}, 4, 1);

        var net = new Sequential(new Linear(2, 16), new Tanh(), new Linear(16, 1));
        net.init(Generator.seeded(42));
        var optimizer = new Optimizer(net.parameters(), Adam.of(1e-2));
        for (int step = 0; step < 300; step++) {
            try (var _ = Scope.open("step")) {
                optimizer.zeroGrad();
                Variable error = net.forward(Variable.of(x)).sub(target);
                error.square().mean().backward();
                optimizer.step();
            }
        }

        float[] y = net.forward(x).toFloatArray();
        for (int i = 0; i < 4; i++) {
            assertEquals(target.toFloatArray()[i], y[i], 0.1);
        }
    }

    @Test
    void layersOfOnesOwnAndBuffers() {
        Counting counting = new Counting();
        Sequential net = new Sequential(new Twice(), counting);
        net.init(Generator.seeded(1));
        assertEquals(6, net.forward(net.forward(Tensor.scalar(1.5))).item());
        assertEquals(2, net.namedBuffers().get("1.calls").item());
    }

    @Test
    void shapesAreAsTheExamplesSay() {
        Generator random = Generator.seeded(1);
        var halving = new Conv2d(3, 64, 4, 2, 1);
        halving.init(random);
        assertEquals(Shape.of(1, 64, 16, 16), halving.forward(Tensor.ones(1, 3, 32, 32)).shape());
        var doubling = new ConvTranspose2d(64, 3, 4, 2, 1);
        doubling.init(random);
        assertEquals(Shape.of(1, 3, 32, 32), doubling.forward(Tensor.ones(1, 64, 16, 16)).shape());
        assertEquals(Shape.of(2, 8, 4, 4), new Reshape(8, 4, 4).forward(Tensor.ones(2, 128)).shape());
        assertEquals(Shape.of(1, 8192), new Flatten().forward(Tensor.ones(1, 512, 4, 4)).shape());
        assertEquals(Shape.of(1, 64, 16, 16), new PixelShuffle(2).forward(Tensor.ones(1, 256, 8, 8)).shape());
        assertEquals(48, Fan.IN.of(Shape.of(64, 3, 4, 4)));
    }

    /// A discriminator of halving convolutions sees 28×28 as 14, 7, 3, 1; one step more does not fit.
    @Test
    void halving28RowsDoesNotEndAtFour() {
        Tensor x = Tensor.ones(1, 1, 28, 28);
        Conv2d halving = new Conv2d(1, 1, 4, 2, 1);
        halving.init(Generator.seeded(1));
        for (int rows : new int[] {14, 7, 3, 1}) {
            x = halving.forward(x);
            assertEquals(rows, x.shape().size(2));
        }
    }

    @Test
    void aDcganIsInitialisedByRules() {
        InitRules dcgan = InitRules.defaults()
                .with(Conv2d.class, "weight", Init.normal(0, 0.02))
                .with(ConvTranspose2d.class, "weight", Init.normal(0, 0.02))
                .with(BatchNorm2d.class, "weight", Init.normal(1, 0.02))
                .with("bias", Init.zeros());
        var net = new Sequential(new ConvTranspose2d(100, 64, 4, 1, 0), new BatchNorm2d(64), new Relu(),
                SpectralNorm.of(new Conv2d(64, 64, 4, 2, 1)));
        net.init(Generator.seeded(3), dcgan);
        net.namedParameters().forEach((name, p) -> {
            double mean = p.value().mean().item();
            double std = Math.sqrt(p.value().sub(mean).square().mean().item());
            boolean bias = name.endsWith("bias");
            assertEquals(name.equals("1.weight") ? 1 : 0, mean, bias ? 0 : 0.01, name);
            assertEquals(bias ? 0 : 0.02, std, bias ? 0 : 0.005, name);
        });
    }

    @Test
    void rulesAndSchedulesAreDescribedInOneLine() {
        assertEquals(0.9, Sgd.of(0.1).momentum(0.9).weightDecay(5e-4).momentum());
        assertEquals(0.5, Adam.of(2e-4).betas(0.5, 0.999).beta1());
        assertEquals(0.05, AdamW.of(1e-3).weightDecay(0.05).weightDecay());
        assertEquals(0.99, RmsProp.of(5e-5).alpha());
        assertEquals(1e-10, Adagrad.of(0.05).eps());
        Schedule s = Schedule.linear(0.1, 1, 1000).then(Schedule.cosine(100_000, 0));
        assertTrue(s.lr(1, 0) < s.lr(1, 1000) && s.lr(1, 1000) > s.lr(1, 99_000));
    }
}
