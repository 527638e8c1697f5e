package wengert.tensor.io;

import java.util.Arrays;
import java.util.Objects;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;

/// Images of one size with one byte a sample, as data sets have them: a quarter of the memory of floats.
/// Chosen images become a tensor in [−1, 1] when they are asked for: `x / 127.5 − 1`, so 0 is −1 and 255 is
/// 1.
///
/// @param count    number of images
/// @param channels 1 (gray) or 3 (red, green, blue)
/// @param height   rows
/// @param width    columns
/// @param pixels   unsigned bytes in the order [N, C, H, W]; not copied
/// @param labels   the class of each image, or empty if there are none; not copied
public record ByteImages(int count, int channels, int height, int width, byte[] pixels, int[] labels) {
    private static final float[] VALUES = values();

    /// Checks that the numbers fit.
    public ByteImages {
        Objects.requireNonNull(pixels, "pixels");
        Shape shape = Shape.of(count, channels, height, width);
        if (shape.elements() != pixels.length) {
            throw new ShapeException("images: " + shape + " needs " + shape.elements()
                    + " bytes of pixels, got " + pixels.length);
        }
        if (labels.length != 0 && labels.length != count) {
            throw new ShapeException("images: " + count + " images need " + count + " labels or none, got "
                    + labels.length);
        }
    }

    private static float[] values() {
        float[] values = new float[256];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (i / 127.5 - 1);
        }
        return values;
    }

    /// Samples of one image.
    public int sampleCount() {
        return channels * height * width;
    }

    /// The chosen images as f32 [indices, C, H, W] in [−1, 1], on the CPU.
    public Tensor batch(int... indices) {
        return fill(Tensor.empty(DType.F32, Device.CPU, Shape.of(indices.length, channels, height, width)),
                indices);
    }

    /// Overwrites a tensor with the chosen images, for loops that keep one for every batch.
    ///
    /// @param batch f32 [indices, C, H, W], from any device, with any strides
    /// @return the batch
    public Tensor fill(Tensor batch, int... indices) {
        Shape shape = Shape.of(indices.length, channels, height, width);
        if (!batch.shape().equals(shape) || batch.dtype() != DType.F32) {
            throw new ShapeException("images: expected a batch f32 " + shape + " for " + indices.length
                    + " indices, got " + batch.view());
        }
        checked(indices);
        if (!batch.device().equals(Device.CPU) || !batch.view().isContiguous()) {
            return batch.copyInPlace(batch(indices));
        }
        float[] y = batch.view().storage().f32();
        int to = batch.view().offset();
        int size = sampleCount();
        for (int index : indices) {
            int from = index * size;
            for (int i = 0; i < size; i++) {
                y[to + i] = VALUES[Byte.toUnsignedInt(pixels[from + i])];
            }
            to += size;
        }
        batch.view().storage().modified("ByteImages.fill");
        return batch;
    }

    /// The classes of the chosen images as i64, one each, on the CPU.
    ///
    /// @throws IllegalStateException if there are no labels
    public Tensor labels(int... indices) {
        if (labels.length == 0) {
            throw new IllegalStateException("images: these " + count + " images have no labels; "
                    + "load them with a file of labels, or train without");
        }
        checked(indices);
        long[] chosen = Arrays.stream(indices).mapToLong(i -> labels[i]).toArray();
        return Tensor.of(chosen, indices.length);
    }

    /// The same images with a black margin, value −1, on every side: 28×28 becomes 32×32 with 2.
    public ByteImages padded(int margin) {
        int h = height + 2 * margin;
        int w = width + 2 * margin;
        byte[] wider = new byte[Shape.of(count, channels, h, w).length()];
        for (int plane = 0; plane < count * channels; plane++) {
            for (int y = 0; y < height; y++) {
                System.arraycopy(pixels, (plane * height + y) * width, wider, (plane * h + y + margin) * w
                        + margin,
                        width);
            }
        }
        return new ByteImages(count, channels, h, w, wider, labels);
    }

    /// One image by itself.
    public Image image(int index) {
        checked(index);
        int[] samples = new int[sampleCount()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = Byte.toUnsignedInt(pixels[index * samples.length + i]);
        }
        return new Image(channels, height, width, 255, samples);
    }

    private void checked(int... indices) {
        for (int index : indices) {
            Objects.checkIndex(index, count);
        }
    }

    /// What these are: `10000 images [1,28,28] with labels`.
    @Override
    public String toString() {
        return count + " images " + Shape.of(channels, height, width)
                + (labels.length == 0 ? "" : " with labels");
    }
}
