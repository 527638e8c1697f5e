package wengert.cuda;

import wengert.tensor.spi.MomentKernels;
import wengert.tensor.spi.View;

/// Mean and variance over axes in one pass. See `moments.cu`.
final class Moments implements MomentKernels {
    /// Four doubles.
    private static final int STATE = 32;

    private final Folds folds;
    private final Copies copies;

    Moments(Folds folds, Copies copies) {
        this.folds = folds;
        this.copies = copies;
    }

    @Override
    public void variance(View x, double divisor, View mean, View var) {
        if (x.shape().elements() == 0) {
            copies.fill(mean, Double.NaN);
            copies.fill(var, 0 / divisor);
            return;
        }
        boolean[] folded = new boolean[x.shape().rank()];
        for (int a = 0; a < folded.length; a++) {
            folded[a] = mean.shape().size(a) == 1;
        }
        folds.run("moments", "variance_" + x.dtype(), STATE, true, folded, launch -> launch.f64(divisor),
                x, mean, var);
    }
}
