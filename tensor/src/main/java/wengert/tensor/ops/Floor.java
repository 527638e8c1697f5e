package wengert.tensor.ops;

import wengert.tensor.spi.UnaryKind;

/// The largest whole number not above: `y = ⌊x⌋`. Shapes: x [*] → y [*]. Floats. Gradient: structurally zero.
record Floor() implements UnaryOp {
    @Override
    public UnaryKind kind() {
        return UnaryKind.FLOOR;
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
