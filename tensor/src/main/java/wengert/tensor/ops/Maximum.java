package wengert.tensor.ops;

import wengert.tensor.spi.BinaryKind;

/// The larger of two: `y = max(a, b)`, elementwise; NaN if either is. Shapes: a, b broadcast. Integers too;
/// on truth values: or.
/// Gradient: dy to the larger, half of it to each of two equal ones; keeps both.
record Maximum() implements BinaryOp {
    @Override
    public BinaryKind kind() {
        return BinaryKind.MAX;
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return true;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        T mine = s.input(i);
        T other = s.input(1 - i);
        return dy.mul(0.5).where(mine.eq(other), dy).maskedFill(mine.lt(other), 0);
    }
}
