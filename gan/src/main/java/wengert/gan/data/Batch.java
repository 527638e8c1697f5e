package wengert.gan.data;

import wengert.tensor.Tensor;

/// Images of the data.
///
/// @param images [N, C, H, W] in [−1, 1]
/// @param labels classes, i64, N of them; null if the data has none
public record Batch(Tensor images, Tensor labels) {
    /// Number of images; the last batch of an epoch may be shorter than the others.
    public int size() {
        return images.shape().size(0);
    }
}
