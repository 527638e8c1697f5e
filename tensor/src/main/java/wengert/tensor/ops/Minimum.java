package wengert.tensor.ops;

import wengert.tensor.spi.BinaryKind;

/// The smaller of two: `y = min(a, b)`, elementwise; NaN if either is. Shapes: a, b broadcast. Integers too;
/// on truth values: and.
/// Gradient: dy to the smaller, half of it to each of two equal ones; keeps both.
record Minimum() implements BinaryOp {
    @Override
    public BinaryKind kind() {
        return BinaryKind.MIN;
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return true;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
        T mine = s.input(i);
        T other = s.input(1 - i);
        return dy.mul(0.5).where(mine.eq(other), dy).maskedFill(mine.gt(other), 0);
    }
}
