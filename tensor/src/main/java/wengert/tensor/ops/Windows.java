package wengert.tensor.ops;

import java.util.ArrayList;
import java.util.List;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.PoolKernels;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.Spec;

// N batch, C channels, H W input, P Q output, R S window.
/// Pooling and resampling of pictures [N, C, H, W]; channels stay apart. Windows move as a [Conv2dGeometry]
/// says, whose groups are ignored; only whole windows count (there is no ceil mode).
///
/// @param <T> the kind of value
public interface Windows<T extends TensorOps<T>> extends Value<T> {
    /// Largest value of each window, NaN if there is one. The gradient goes to the first of equals.
    ///
    /// @param r rows of the window
    /// @param s columns of the window
    /// @param g how it moves; padding never wins
    /// @return [N, C, P, Q]
    /// @throws ShapeException if the window is larger than the padded input, or lies in the padding
    default T maxPool2d(int r, int s, Conv2dGeometry g) {
        T x = self().floating();
        var op = new MaxPool2dIndices(r, s, g);
        if (device().backend().find(PoolKernels.class) == null) {
            op.inferOne(new Spec[] {x.view()}); // for its checks
            return Composites.maxPool2d(x, r, s, g);
        }
        T winners = x.apply(op);
        return x.flatten(2, 3).gather(2, winners.flatten(2, 3)).reshape(winners.shape());
    }

    /// Mean of each window, padding counted as zeros.
    ///
    /// @param r rows of the window
    /// @param s columns of the window
    /// @param g how it moves
    /// @return [N, C, P, Q]
    /// @throws ShapeException if the window is larger than the padded input
    default T avgPool2d(int r, int s, Conv2dGeometry g) {
        T x = self().floating();
        return device().backend().find(PoolKernels.class) == null ? Composites.avgPool2d(x, r, s, g)
                : x.apply(new AvgPool2d(r, s, g));
    }

    /// Mean of each channel: [N, C, H, W] → [N, C, 1, 1].
    default T globalAvgPool2d() {
        WindowShapes.picture("globalAvgPool2d", view());
        return self().meanKeep(2, 3);
    }

    /// Means of `p` by `q` parts as equal as possible: part i of an axis of size n covers the indices from
    /// `⌊i·n/p⌋` to before `⌈(i + 1)·n/p⌉`.
    ///
    /// @return [N, C, p, q]
    default T adaptiveAvgPool2d(int p, int q) {
        Shape x = WindowShapes.picture("adaptiveAvgPool2d", view());
        if (p < 1 || q < 1) {
            throw new ShapeException("adaptiveAvgPool2d: output must be at least 1x1, got " + p + "x" + q
                    + " for input " + x);
        }
        Shape.of(Math.max(1, x.size(0)), Math.max(1, x.size(1)), p, q).length(); // refuses what is too large
        return parts(parts(self().floating(), 2, p), 3, q);
    }

    private static <T extends TensorOps<T>> T parts(T x, int axis, int count) {
        long n = x.shape().size(axis);
        List<T> means = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            means.add(x.slice(axis, (int) (i * n / count), (int) Math.ceilDiv((i + 1) * n, count))
                    .meanKeep(axis));
        }
        return means.get(0).concat(axis, means.subList(1, count));
    }

    /// Every pixel repeated: [N, C, H, W] → [N, C, H·scaleH, W·scaleW].
    default T upsampleNearest2d(int scaleH, int scaleW) {
        scaled("upsampleNearest2d", scaleH, scaleW);
        return self().apply(new UpsampleNearest2d(scaleH, scaleW));
    }

    /// Linear interpolation in both directions: [N, C, H, W] → [N, C, H·scaleH, W·scaleW]. Pixels are areas:
    /// the middle of output pixel o lies at `(o + ½)/scale − ½` of the input, and beyond the border the
    /// border pixel goes on (`align_corners = false` elsewhere).
    default T upsampleBilinear2d(int scaleH, int scaleW) {
        scaled("upsampleBilinear2d", scaleH, scaleW);
        T x = self().floating();
        return device().backend().find(PoolKernels.class) == null
                ? Composites.upsampleBilinear2d(x, scaleH, scaleW)
                : x.apply(new UpsampleBilinear2d(scaleH, scaleW));
    }

    private Shape scaled(String op, int scaleH, int scaleW) {
        Shape x = WindowShapes.picture(op, view());
        if (scaleH < 1 || scaleW < 1) {
            throw new ShapeException(op + ": scales must be at least 1, got " + scaleH + " and " + scaleW);
        }
        Shapes.size(op, (long) x.size(2) * scaleH, x);
        Shapes.size(op, (long) x.size(3) * scaleW, x);
        return x;
    }

    /// Channels become pixels: [N, C·r·r, H, W] → [N, C, H·r, W·r], `y[n, c, h·r + i, w·r + j] =
    /// x[n, (c·r + i)·r + j, h, w]`.
    ///
    /// @throws ShapeException if the channels are not a multiple of r·r
    default T pixelShuffle(int r) {
        Shape x = scaled("pixelShuffle", r, r);
        if (x.size(1) % (r * r) != 0) {
            throw new ShapeException("pixelShuffle: channels must be a multiple of " + r + "·" + r + " = "
                    + r * r + ", got " + x.size(1) + " in input " + x);
        }
        int c = x.size(1) / (r * r);
        return self().reshape(x.size(0), c, r, r, x.size(2), x.size(3)).permute(0, 1, 4, 2, 5, 3)
                .reshape(x.size(0), c, x.size(2) * r, x.size(3) * r);
    }
}
