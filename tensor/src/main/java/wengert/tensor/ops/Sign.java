package wengert.tensor.ops;

import wengert.tensor.spi.UnaryKind;

/// Sign: `y = −1, 0 or 1`; NaN for NaN. Shapes: x [*] → y [*]. Integers too. Gradient: structurally zero.
record Sign() implements UnaryOp {
    @Override
    public UnaryKind kind() {
        return UnaryKind.SIGN;
    }

    @Override
    public boolean savesInput(int i, boolean[] needs) {
        return false;
    }

    @Override
    public <T extends TensorOps<T>> T gradient(Saved<T> s, T dy) {
        return null;
    }
}
