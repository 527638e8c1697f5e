package wengert.cuda;

import wengert.cuda.driver.Context;
import wengert.cuda.driver.Launch;
import wengert.cuda.memory.Allocator;
import wengert.cuda.memory.Buffer;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.ConvKernels;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.View;

// N batch, C input channels, K output channels, H W input, P Q output, R S kernel, G groups.
/// The three convolutions by kernels of our own: products of matrices whose elements are fetched from the
/// pictures on the way. Any strides, padding, dilation and groups; f32 and f64. See `convolution.cu`.
final class OwnConvolutions implements ConvKernels {
    private static final String FILE = "convolution";
    private static final int THREADS = 256;
    private static final int PLAIN_THREADS = 128;

    /// A weight gradient's sum is cut into slices of at most this many terms, for precision, and of at least
    /// the other number, so that a second pass pays.
    private static final int LONGEST = 4096;
    private static final int SHORTEST = 256;
    /// As many blocks as fill a large card a few times.
    private static final int BLOCKS = 1024;
    private static final long MOST_SLICE_BYTES = 256 << 20;
    private static final int MOST_LAYERS = 65_535;

    private final Context context;
    private final Allocator allocator;
    private Tile only;

    OwnConvolutions(Context context, Allocator allocator) {
        this.context = context;
        this.allocator = allocator;
    }

    /// From now on takes one size of tile for everything.
    ///
    /// @param tile null: whichever fits
    void only(Tile tile) {
        only = tile;
    }

    @Override
    public void conv2d(View x, View w, View bias, Conv2dGeometry g, View y) {
        convolve(Geometry.forward(x, w, y, g), bias);
    }

    @Override
    public void conv2dDataGradient(View dy, View w, View bias, Conv2dGeometry g, View dx) {
        convolve(Geometry.dataGradient(dy, w, dx, g), bias);
    }

    /// Adds to each channel of a contiguous result its bias, where there is one.
    void addBias(View bias, View y) {
        int n = y.shape().length();
        if (bias == null || n == 0) {
            return;
        }
        Launch launch = context.kernel(FILE, "add_bias_" + y.dtype()).launch();
        Views.address(launch, bias).i32(bias.stride(0));
        Views.address(launch, y).i32(y.shape().size(1)).i32(y.shape().size(2) * y.shape().size(3)).i32(n)
                .run(Grid.blocks(context, n, 1), Grid.THREADS);
    }

    private void convolve(Geometry g, View bias) {
        int n = g.out().shape().length();
        if (n == 0) {
            return;
        }
        DType dtype = g.out().dtype();
        int pixels = g.pixels();
        long terms = (long) g.summed() * g.taps();
        Tile tile = only != null ? only : Tile.of(dtype, g.channels(), pixels, terms, n * terms, g.layers(),
                true, context.multiprocessors());
        Launch launch = context.kernel(FILE, "convolve_" + tile + "_" + dtype).launch();
        Views.address(launch, g.in());
        Views.address(launch, g.w());
        if (bias == null) {
            launch.nowhere();
        } else {
            Views.address(launch, bias);
        }
        Views.address(launch, g.out()).ints(g.toInts(bias == null ? 0 : bias.stride(0), 1, 0));
        if (tile == Tile.PLAIN) {
            launch.i32(n).run(Grid.blocks(context, n, 1), Grid.THREADS);
        } else {
            launch.run(tile.wide(pixels), tile.tall(g.channels()), (int) g.layers(), THREADS);
        }
    }

    @Override
    public void conv2dWeightGradient(View x, View dy, Conv2dGeometry g, View dw) {
        Geometry form = Geometry.forward(x, dw, dy, g);
        int n = dw.shape().length();
        if (n == 0) {
            return;
        }
        DType dtype = dw.dtype();
        int pixels = form.pixels();
        int columns = form.summed() * form.taps();
        int slices = slices(form, columns, n);
        int sliceLength = (int) ((((long) pixels + slices - 1) / slices + 7) / 8 * 8);
        slices = Math.max(1, (pixels + sliceLength - 1) / Math.max(1, sliceLength));
        long layers = (long) g.groups() * slices;
        Tile tile = only != null ? only : Tile.of(dtype, form.channels(), columns, columns, (long) n * pixels,
                layers, false, context.multiprocessors());
        String kernel = "weight_gradient_" + tile + "_" + dtype;
        if (tile == Tile.PLAIN) {
            Launch launch = context.kernel(FILE, kernel).launch();
            Views.address(launch, x);
            Views.address(launch, dy);
            Views.address(launch, dw).ints(form.toInts(0, 1, 0)).i32(n).run(n, PLAIN_THREADS);
            return;
        }
        Buffer parts = slices == 1 ? null : allocator.take((long) slices * n * dtype.bytes());
        try {
            Launch launch = context.kernel(FILE, kernel).launch();
            Views.address(launch, x);
            Views.address(launch, dy);
            if (parts == null) {
                Views.address(launch, dw);
            } else {
                launch.address(parts.address());
            }
            launch.ints(form.toInts(0, slices, sliceLength)).run(tile.wide(columns),
                    tile.tall(form.channels()), (int) layers, THREADS);
            if (parts != null) {
                Launch add = context.kernel(FILE, "add_slices_" + dtype).launch();
                add.address(parts.address());
                Views.address(add, dw).i32(slices).i32(n).run(Grid.blocks(context, n, 1), Grid.THREADS);
            }
        } finally {
            if (parts != null) {
                parts.free();
            }
        }
    }

    /// Depends on the shape alone, as it decides over the order of a sum.
    private static int slices(Geometry g, int columns, int n) {
        long pixels = g.pixels();
        long blocks = (long) Tile.MIDDLE.tall(g.channels()) * Tile.MIDDLE.wide(columns) * g.g().groups();
        long most = Math.min(MOST_SLICE_BYTES / ((long) n * g.out().dtype().bytes()),
                MOST_LAYERS / g.g().groups());
        long slices = Math.max(pixels / LONGEST, Math.min(BLOCKS / blocks, pixels / SHORTEST));
        return (int) Math.clamp(slices, 1, Math.max(1, most));
    }
}
