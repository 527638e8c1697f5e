package wengert.tensor.io;

import java.util.Objects;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.TensorException;

/// One picture with its samples exactly as they were stored.
///
/// @param channels 1 (gray) or 3 (red, green, blue)
/// @param height   rows
/// @param width    columns
/// @param maxValue what full brightness is: 255 or 65535
/// @param samples  from 0 to `maxValue` in the order [C, H, W]; not copied
public record Image(int channels, int height, int width, int maxValue, int[] samples) {
    /// Checks that the numbers fit.
    public Image {
        Objects.requireNonNull(samples, "samples");
        Shape shape = Shape.of(channels, height, width);
        if (channels != 1 && channels != 3 || shape.elements() == 0 || shape.elements() != samples.length) {
            throw new ShapeException("image: expected 1 or 3 channels, at least one pixel, and a sample for "
                    + "each of " + shape + ", got " + samples.length + " samples");
        }
        if (maxValue != 255 && maxValue != 65535) {
            throw new IllegalArgumentException("image: maxValue must be 255 or 65535, got " + maxValue);
        }
    }

    /// A picture of 8 bits from values in [−1, 1]: `round((x + 1) · 127.5)`, halves upwards; what lies
    /// outside is taken as −1 or 1.
    ///
    /// @param x floats [C, H, W] with 1 or 3 channels, or [H, W], from any device
    /// @throws TensorException if a value is NaN
    public static Image of(Tensor x) {
        int rank = x.shape().rank();
        int channels = rank == 3 ? x.shape().size(0) : 1;
        if (!x.dtype().isFloating() || rank != 2 && rank != 3 || channels != 1 && channels != 3) {
            throw new ShapeException("image: expected floats [H, W], [1, H, W] or [3, H, W], got "
                    + x.view());
        }
        int[] samples = new int[x.shape().length()];
        double[] values = x.toDoubleArray();
        int height = x.shape().size(-2);
        int width = x.shape().size(-1);
        for (int i = 0; i < samples.length; i++) {
            if (Double.isNaN(values[i])) {
                int pixel = i % (height * width);
                throw new TensorException("image: expected values in [-1, 1], got NaN at channel "
                        + i / (height * width) + ", row " + pixel / width + ", column " + pixel % width
                        + " of " + x.view() + "; the network that drew it has diverged");
            }
            samples[i] = (int) Math.floor((Math.clamp(values[i], -1, 1) + 1) * 127.5 + 0.5);
        }
        return new Image(channels, height, width, 255, samples);
    }

    /// The picture as f32 [C, H, W] in [−1, 1], `2 · sample / maxValue − 1`, on the CPU. With 16 bits all of
    /// them count.
    public Tensor toTensor() {
        Tensor y = Tensor.empty(DType.F32, Device.CPU, Shape.of(channels, height, width));
        float[] values = y.view().storage().f32();
        double half = maxValue / 2.0;
        for (int i = 0; i < samples.length; i++) {
            values[i] = (float) (samples[i] / half - 1);
        }
        return y;
    }

    /// One sample.
    public int sample(int channel, int row, int column) {
        Objects.checkIndex(channel, channels);
        Objects.checkIndex(row, height);
        Objects.checkIndex(column, width);
        return samples[(channel * height + row) * width + column];
    }

    /// What this is: `image [3,64,64] of 8 bits`.
    @Override
    public String toString() {
        return "image " + Shape.of(channels, height, width) + " of " + (maxValue == 255 ? 8 : 16) + " bits";
    }
}
