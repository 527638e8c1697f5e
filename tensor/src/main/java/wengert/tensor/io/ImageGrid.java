package wengert.tensor.io;

import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;

/// Many small pictures as one large.
public final class ImageGrid {
    private ImageGrid() {
    }

    /// Lays pictures out row by row on a black ground (−1), with `padding` pixels between them and around.
    ///
    /// @param images  floats [N, C, H, W], N at least 1, from any device
    /// @param columns pictures in a row; fewer if there are not so many pictures
    /// @return f32 [C, rows·(H + padding) + padding, columns·(W + padding) + padding] on the CPU
    public static Tensor of(Tensor images, int columns, int padding) {
        Shape shape = images.shape();
        if (shape.rank() != 4 || !images.dtype().isFloating() || shape.elements() == 0) {
            throw new ShapeException("grid: expected floats [N, C, H, W], none of them 0, got "
                    + images.view());
        }
        if (columns < 1 || padding < 0) {
            throw new IllegalArgumentException("grid: expected at least 1 column and padding of at least 0, "
                    + "got " + columns + " and " + padding);
        }
        int n = shape.size(0);
        int channels = shape.size(1);
        int height = shape.size(2);
        int width = shape.size(3);
        int across = Math.min(columns, n);
        int down = (n + across - 1) / across;
        Shape whole = Shape.of(channels, Math.addExact(Math.multiplyExact(down, height + padding), padding),
                Math.addExact(Math.multiplyExact(across, width + padding), padding));
        Tensor grid = Tensor.full(-1, DType.F32, Device.CPU, whole);
        float[] to = grid.view().storage().f32();
        float[] from = images.toFloatArray();
        for (int i = 0; i < n; i++) {
            int top = padding + i / across * (height + padding);
            int left = padding + i % across * (width + padding);
            for (int c = 0; c < channels; c++) {
                for (int y = 0; y < height; y++) {
                    System.arraycopy(from, ((i * channels + c) * height + y) * width, to,
                            (c * whole.size(1) + top + y) * whole.size(2) + left, width);
                }
            }
        }
        return grid;
    }
}
