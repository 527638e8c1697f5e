package wengert.gan.train;

import wengert.gan.data.Batch;
import wengert.gan.nets.Network;
import wengert.autograd.Parameter;
import wengert.nn.init.Init;
import wengert.tensor.Tensor;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;

/// Networks and inputs small enough to follow by hand.
final class Scalars {
    private Scalars() {
    }

    /// `y = a·x + b` on f64 columns [N, 1].
    static final class Affine extends Network {
        final Parameter a;
        final Parameter b;

        Affine(double a, double b) {
            this.a = parameter("a", Shape.SCALAR, Init.zeros());
            this.b = parameter("b", Shape.SCALAR, Init.zeros());
            to(DType.F64);
            this.a.replace(Tensor.of(new double[] {a}));
            this.b.replace(Tensor.of(new double[] {b}));
        }

        @Override
        public <T extends TensorOps<T>> T forward(T x, Tensor labels) {
            return x.mul(a).add(b);
        }
    }

    static Tensor column(double... values) {
        return Tensor.of(values, values.length, 1);
    }

    /// Given batches and noise, by iteration; a missing one is an error of the test.
    record Given(double[][] reals, double[][] zDisc, double[][] zGen) implements StepInputs {
        @Override
        public Batch real(int t, int a) {
            return new Batch(column(reals[t]), null);
        }

        @Override
        public Tensor noise(Phase phase, int t, int a, int n) {
            return column(phase == Phase.DISCRIMINATOR ? zDisc[t] : zGen[t]);
        }

        @Override
        public Tensor labels(Phase phase, int t, int a, int n) {
            return null;
        }

        @Override
        public Tensor epsilon(int t, int a, int n) {
            throw new AssertionError("nobody mixes here");
        }
    }
}
