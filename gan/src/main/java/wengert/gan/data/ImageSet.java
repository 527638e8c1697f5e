package wengert.gan.data;

import java.util.List;
import wengert.tensor.Tensor;
import wengert.tensor.io.ByteImages;
import wengert.tensor.spi.Device;

/// Images in memory, as bytes: a batch becomes a tensor in [−1, 1] when it is asked for.
///
/// @param description where they come from, for people: `bundled Fashion-MNIST, 10000 images 28x28 gray, …`
/// @param images      pixels [N, C, H, W] and labels
/// @param classNames  name of each class, empty if there are no labels
/// @param skipped     files that could not be read and are not among the images, one line each
public record ImageSet(String description, ByteImages images, List<String> classNames, List<String> skipped) {
    /// Copies the lists.
    public ImageSet {
        classNames = List.copyOf(classNames);
        skipped = List.copyOf(skipped);
    }

    /// Number of images.
    public int count() {
        return images.count();
    }

    /// Number of classes, 0 if there are no labels.
    public int classes() {
        return classNames.size();
    }

    /// The chosen images, in order.
    ///
    /// @param labelled whether labels are wanted
    /// @throws IllegalStateException if labels are wanted and there are none
    public Batch batch(int[] indices, Device device, boolean labelled) {
        Tensor pixels = images.batch(indices).to(device);
        return new Batch(pixels, labelled ? images.labels(indices).to(device) : null);
    }
}
