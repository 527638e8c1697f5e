package wengert.cuda;

import wengert.cuda.driver.Context;
import wengert.cuda.driver.Launch;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.PoolKernels;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.View;

/// Windows that keep channels apart, and resampling, of any strides. See `pools.cu`.
final class Pools implements PoolKernels {
    private static final String FILE = "pools";

    private final Context context;

    Pools(Context context) {
        this.context = context;
    }

    @Override
    public void maxPool2dIndices(View x, int r, int s, Conv2dGeometry g, View indices) {
        check("height", x.shape().size(2), indices.shape().size(2), r, g.strideH(), g.padH(), g.dilationH());
        check("width", x.shape().size(3), indices.shape().size(3), s, g.strideW(), g.padW(), g.dilationW());
        windows("max_indices_" + x.dtype(), x, indices, r, s, g);
    }

    @Override
    public void avgPool2d(View x, int r, int s, Conv2dGeometry g, View y) {
        windows("average_" + x.dtype(), x, y, r, s, g);
    }

    @Override
    public void avgPool2dGradient(View dy, int r, int s, Conv2dGeometry g, View dx) {
        windows("average_gradient_" + dy.dtype(), dy, dx, r, s, g);
    }

    @Override
    public void upsampleBilinear2d(View x, int scaleH, int scaleW, View y) {
        resample("bilinear_" + x.dtype(), x, y, scaleH, scaleW);
    }

    @Override
    public void upsampleBilinear2dGradient(View dy, int scaleH, int scaleW, View dx) {
        resample("bilinear_gradient_" + dy.dtype(), dy, dx, scaleH, scaleW);
    }

    private void windows(String kernel, View from, View to, int r, int s, Conv2dGeometry g) {
        int n = to.shape().length();
        if (n > 0) {
            launch(kernel, from, to).ints(r, s, g.strideH(), g.strideW(), g.padH(), g.padW(), g.dilationH(),
                    g.dilationW()).i32(n).run(Grid.blocks(context, n, 1), Grid.THREADS);
        }
    }

    private void resample(String kernel, View from, View to, int scaleH, int scaleW) {
        int n = to.shape().length();
        if (n > 0) {
            launch(kernel, from, to).i32(scaleH).i32(scaleW).i32(n).run(Grid.blocks(context, n, 1),
                    Grid.THREADS);
        }
    }

    private Launch launch(String kernel, View from, View to) {
        Launch launch = context.kernel(FILE, kernel).launch();
        Views.address(launch, from).ints(planes(from));
        return Views.address(launch, to).ints(planes(to));
    }

    /// `struct Planes`.
    private static int[] planes(View v) {
        int[] planes = new int[8];
        for (int a = 0; a < 4; a++) {
            planes[a] = v.shape().size(a);
            planes[4 + a] = v.stride(a);
        }
        return planes;
    }

    /// Refuses a window that lies in the padding, along one axis.
    private static void check(String which, int size, int windows, int taps, int stride, int pad,
            int dilation) {
        for (int i = 0; i < windows; i++) {
            int first = i * stride - pad;
            int inside = first + Math.max(0, Math.ceilDiv(-first, dilation)) * dilation;
            if (inside >= size || inside > first + (taps - 1) * dilation) {
                throw new ShapeException("maxPool2d: window " + i + " of the " + which + ", of " + taps
                        + ", lies in the padding of " + pad + " around " + size + "; use less padding");
            }
        }
    }
}
