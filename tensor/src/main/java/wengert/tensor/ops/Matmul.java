package wengert.tensor.ops;

import wengert.tensor.spi.Backend;
import wengert.tensor.spi.DTypeException;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// Matrix product: `y[…,m,n] = Σ_k a[…,m,k] · b[…,k,n]`. Shapes: a [*, M, K], b [*, K, N] → y [*, M, N];
/// leading axes broadcast. Floats.
/// Gradient: `da = dy · bᵀ`, `db = aᵀ · dy`; keeps an input only if the other's gradient is wanted.
record Matmul() implements SingleOp {
    @Override
    public Spec inferOne(Spec[] in) {
        Shape a = in[0].shape();
        Shape b = in[1].shape();
        if (in[0].dtype() != in[1].dtype() || !in[0].dtype().isFloating()) {
            throw new DTypeException("matmul: both inputs must be floats of one dtype, got " + in[0] + " and "
                    + in[1]);
        }
        if (a.rank() < 2 || b.rank() < 2 || a.size(-1) != b.size(-2)) {
            throw new ShapeException("matmul: expected [..., M, K] and [..., K, N], got " + a + " and " + b
                    + (a.rank() < 2 || b.rank() < 2 ? "" : "; K is " + a.size(-1) + " and " + b.size(-2)));
        }
        if (a.rank() == 2 && b.rank() == 2) {
            return Spec.of(Shape.of(a.size(0), b.size(1)), in[0].dtype());
        }
        Shape lead;
        try {
            lead = Shape.broadcast(leading(a), leading(b));
        } catch (ShapeException e) {
            throw new ShapeException("matmul: leading axes must be equal or 1, got " + a + " and " + b, e);
        }
        return Spec.of(join(lead, a.size(-2), b.size(-1)), in[0].dtype());
    }

    @Override
    public void forward(Backend k, View[] in, View out) {
        if (in[0].shape().rank() == 2 && in[1].shape().rank() == 2) {
            k.matmul(in[0], in[1], out);
            return;
        }
        Shape lead = leading(out.shape());
        View a = in[0].expand(join(lead, in[0].shape().size(-2), in[0].shape().size(-1)));
        View b = in[1].expand(join(lead, in[1].shape().size(-2), in[1].shape().size(-1)));
        k.matmul(a, b, out);
    }

    @Override
    public double flops(View[] in, View[] out) {
        return 2.0 * out[0].shape().elements() * in[0].shape().size(-1);
    }

    private static Shape leading(Shape s) {
        return Shape.of(java.util.Arrays.copyOf(s.toArray(), s.rank() - 2));
    }

    private static Shape join(Shape lead, int m, int n) {
        int[] s = java.util.Arrays.copyOf(lead.toArray(), lead.rank() + 2);
        s[s.length - 2] = m;
        s[s.length - 1] = n;
        return Shape.of(s);
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return needs[1 - i];
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        return i == 0 ? dy.matmul(s.input(1).transpose(-1, -2)) : s.input(0).transpose(-1, -2).matmul(dy);
    }
}
