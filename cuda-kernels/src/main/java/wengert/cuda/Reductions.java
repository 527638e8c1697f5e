package wengert.cuda;

import wengert.tensor.spi.DType;
import wengert.tensor.spi.ReduceKind;
import wengert.tensor.spi.View;

/// Sums, largest and smallest over axes, and where the largest or smallest along one stands. See
/// `reductions.cu` and `extremes.cu`.
final class Reductions {
    private final Folds folds;
    private final Copies copies;

    Reductions(Folds folds, Copies copies) {
        this.folds = folds;
        this.copies = copies;
    }

    void reduce(ReduceKind kind, View x, View y) {
        boolean[] folded = new boolean[x.shape().rank()];
        for (int a = 0; a < folded.length; a++) {
            folded[a] = y.shape().size(a) == 1;
        }
        if (x.shape().elements() == 0) {
            copies.fill(y, 0);
            return;
        }
        boolean narrow = x.dtype() == DType.F32 && kind != ReduceKind.SUM;
        folds.run("reductions", "reduce_" + kind + "_" + x.dtype(), narrow ? 4 : 8,
                x.dtype().isFloating(), folded, launch -> {
                }, x, y);
    }

    void argReduce(ReduceKind kind, View x, int axis, View y) {
        if (x.shape().elements() == 0) {
            copies.fill(y, 0);
            return;
        }
        boolean[] folded = new boolean[x.shape().rank()];
        folded[axis] = true;
        folds.run("extremes", "arg_" + kind + "_" + x.dtype(), 2 * Math.max(4, x.dtype().bytes()), false,
                folded, launch -> {
                }, x, y);
    }
}
