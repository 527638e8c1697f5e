package wengert.tensor.ops;

import wengert.tensor.spi.BinaryKind;

/// Power: `y = b^e`, elementwise. Shapes: b, e broadcast. Floats.
/// Gradient: `db = dy · e · b^(e−1)`, 0 where b = e = 0; `de = dy · b^e · ln b`, 0 where b = 0 ≤ e and −∞
/// where b = 0 > e; keeps both. Those points are replaced before the formula, so that no 0 · ∞ arises at any
/// order.
record Pow() implements BinaryOp {
    @Override
    public BinaryKind kind() {
        return BinaryKind.POW;
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return true;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        T b = s.input(0);
        T e = s.input(1);
        T flat = b.eq(0).logicalAnd(i == 0 ? e.eq(0) : e.ge(0));
        T base = b.maskedFill(flat, 1);
        T dx = i == 0 ? dy.mul(e).mul(base.pow(e.sub(1))) : dy.mul(base.pow(e)).mul(base.log());
        return dx.maskedFill(flat, 0);
    }
}
