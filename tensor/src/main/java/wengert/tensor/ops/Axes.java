package wengert.tensor.ops;

/// Names for lists of axes.
public final class Axes {
    /// No axis at all: `x.sum(Axes.NONE)` is x, whereas `x.sum()` is over all axes.
    public static final int[] NONE = {};

    private Axes() {
    }

    /// Every axis of a shape of that rank.
    static int[] all(int rank) {
        int[] axes = new int[rank];
        java.util.Arrays.setAll(axes, i -> i);
        return axes;
    }
}
