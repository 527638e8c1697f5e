package wengert.nn.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import wengert.autograd.Autograd;
import wengert.autograd.Variable;
import wengert.nn.BatchNorm2d;
import wengert.nn.Conv2d;
import wengert.nn.ConvTranspose2d;
import wengert.nn.LeakyRelu;
import wengert.nn.Relu;
import wengert.nn.Sequential;
import wengert.nn.Tanh;
import wengert.tensor.Generator;
import wengert.tensor.Memory;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.DeviceException;

/// What is predicted from shapes is what a step on the cpu takes.
class FootprintTest {
    /// A small GAN with a gradient penalty, on any device.
    private static final class Gan implements Runnable {
        private final Device device;
        private final Generator random = Generator.seeded(3);
        private final Sequential g = new Sequential(new ConvTranspose2d(16, 32, 4, 1, 0, false),
                new BatchNorm2d(32), new Relu(), new ConvTranspose2d(32, 3, 4, 2, 1, false), new Tanh());
        private final Sequential d = new Sequential(new Conv2d(3, 24, 4, 2, 1, false), new BatchNorm2d(24),
                new LeakyRelu(0.2), new Conv2d(24, 1, 4, 1, 0, false));
        private final Optimizer optG;
        private final Optimizer optD;

        Gan(Device device) {
            this.device = device;
            for (Sequential net : new Sequential[] {g, d}) {
                net.to(device);
                net.init(random);
            }
            optG = new Optimizer(g.parameters(), Adam.of(1e-3));
            optD = new Optimizer(d.parameters(), Adam.of(1e-3));
        }

        private Tensor normal(String stream, int... sizes) {
            return random.stream(stream).as(DType.F32, device).normal(sizes);
        }

        @Override
        public void run() {
            try (var step = Scope.open("D step")) {
                optD.zeroGrad();
                Tensor fake = g.forward(normal("z", 16, 16, 1, 1));
                Variable x = Variable.of(normal("real", 16, 3, 8, 8)).requiresGrad(true);
                Variable onReal = d.forward(x);
                Variable dx = Autograd.of(onReal.sum()).createGraph(true).grad(x).get(0);
                x.requiresGrad(false);
                Variable loss = d.forward(Variable.of(fake)).softplus().mean()
                        .add(onReal.neg().softplus().mean()).add(dx.square().sum(1, 2, 3).mean());
                assertEquals(device.isHost(), loss.value().item() != 0);
                Autograd.of(loss).releaseValues(true).backward();
                optD.step();
            }
            try (var step = Scope.open("G step"); var frozen = d.frozen()) {
                optG.zeroGrad();
                Variable y = d.forward(g.forward(Variable.of(normal("z", 16, 16, 1, 1))));
                Autograd.of(y.neg().softplus().mean()).releaseValues(true).backward();
                optG.step();
            }
        }
    }

    @Test
    void aStepsMemoryIsKnownFromShapesAlone() {
        Gan shapes = new Gan(Device.SHAPES);
        Footprint f = Footprint.of(shapes, shapes.optG, shapes.optD);

        Memory.trim();
        Gan real = new Gan(Device.CPU);
        Memory.resetPeak();
        real.run();
        real.run();
        assertEquals(Memory.peakBytes(), f.peak());
        assertEquals(Memory.cachedBytes(), f.pooled());

        long parameters = 4 * (real.g.parameterCount() + real.d.parameterCount());
        assertEquals(parameters, f.parameters());
        assertEquals(parameters, f.gradients());
        assertEquals(2 * parameters, f.state());
        assertTrue(f.pooled() >= f.peak());
        assertEquals(4 * parameters + f.pooled(), f.total());
    }

    @Test
    void countingTakesNothingFromTheOtherDevicesBooks() {
        long live = Memory.liveBytes();
        long cached = Memory.cachedBytes();
        Gan shapes = new Gan(Device.SHAPES);
        Footprint.of(shapes, shapes.optG, shapes.optD);
        assertEquals(live, Memory.liveBytes());
        assertEquals(cached, Memory.cachedBytes());
    }

    @Test
    void parametersWithNumbersAreRefused() {
        Gan real = new Gan(Device.CPU);
        String message = assertThrows(DeviceException.class, () -> Footprint.of(real, real.optG))
                .getMessage();
        assertTrue(message.contains("shapes") && message.contains("cpu") && message.contains("before init"),
                message);
    }
}
