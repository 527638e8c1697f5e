package wengert.gan.loss;

import wengert.autograd.Variable;

/// Over what the norm of an image gradient is taken.
public enum NormMode {
    /// one norm per sample, over channels, height and width
    HWC,
    /// one norm per pixel, over channels
    PIXEL;

    /// Squared norms of a gradient [N, C, H, W], one for each sample or pixel.
    Variable squared(Variable gradient) {
        int[] perSample = new int[gradient.shape().rank() - 1];
        java.util.Arrays.setAll(perSample, i -> i + 1);
        return gradient.square().sum(this == HWC ? perSample : new int[] {1});
    }

    /// Norms of a gradient, with gradient 0 where the norm is 0.
    Variable of(Variable gradient) {
        int[] perSample = new int[gradient.shape().rank() - 1];
        java.util.Arrays.setAll(perSample, i -> i + 1);
        return gradient.norm(this == HWC ? perSample : new int[] {1});
    }
}
