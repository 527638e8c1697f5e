package wengert.cuda;

import wengert.cuda.Cublas.Matrix;
import wengert.cuda.driver.Address;
import wengert.cuda.driver.Context;
import wengert.cuda.driver.Launch;
import wengert.cuda.memory.Allocator;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

// y[…,m,n] = Σ_k a[…,m,k] · b[…,k,n]. M rows, N columns, K terms.
/// Matrix products: floats by cuBLAS, integers and bool by a kernel of our own, which does floats, too, where
/// [Choice] says so. See `product.cu`.
final class Products {
    private static final int SIDE = 64;
    /// Most blocks in z of one launch.
    private static final int MOST = 65_535;
    /// With more calls of cuBLAS than this, copying an operand first is cheaper.
    private static final int CALLS = 8;

    private final Context context;
    private final Device device;
    private final Allocator allocator;
    private final Copies copies;
    private final Cublas cublas;

    Products(Context context, Device device, Allocator allocator, Copies copies) {
        this.context = context;
        this.device = device;
        this.allocator = allocator;
        this.copies = copies;
        cublas = new Cublas(context, allocator);
    }

    void matmul(View a, View b, View y) {
        if (y.shape().elements() == 0) {
            return;
        }
        if (a.shape().size(-1) == 0) {
            copies.fill(y, 0);
        } else if (y.dtype().isFloating() && !Choice.ownProduct()) {
            byCublas(a, b, y);
        } else {
            own(a, b, y);
        }
    }

    private void own(View a, View b, View y) {
        int m = y.shape().size(-2);
        int n = y.shape().size(-1);
        int[] sizes = {m, n, a.shape().size(-1), a.stride(-2), a.stride(-1), b.stride(-2), b.stride(-1),
            y.stride(-2), y.stride(-1), 0};
        Views.split(v -> {
            int batches = v[0].shape().length();
            int[] p = sizes.clone();
            p[p.length - 1] = batches;
            Launch launch = context.kernel("product", "product_" + y.dtype()).launch();
            for (View view : v) {
                Views.address(launch, view);
            }
            launch.ints(p).ints(Views.walk(v)).run((n + SIDE - 1) / SIDE * ((m + SIDE - 1) / SIDE), 1,
                    Math.min(batches, MOST), 256);
        }, first(a), first(b), first(y));
    }

    /// The first element of each matrix.
    private static View first(View v) {
        return v.slice(-1, 0, 1, 1).slice(-2, 0, 1, 1);
    }

    private void byCublas(View a, View b, View y) {
        if (!isDense(y) && isDense(transposed(y))) {
            byCublas(transposed(b), transposed(a), transposed(y)); // (a·b)ᵀ = bᵀ·aᵀ
            return;
        }
        try (var scratch = new Scratch(device, allocator, copies)) {
            View left = dense(a) ? a : scratch.contiguous(a);
            View right = dense(b) ? b : scratch.contiguous(b);
            View to = isDense(y) ? y : scratch.view(y.dtype(), y.shape());
            if (calls(left, right, to) > CALLS) {
                left = scratch.contiguous(left);
                right = scratch.contiguous(right);
                to = to.isContiguous() ? to : scratch.view(y.dtype(), y.shape());
            }
            View[] matrices = {left, right, to};
            Views.split(v -> run(matrices, v), first(left), first(right), first(to));
            if (to != y) {
                copies.copy(to, y);
            }
        }
    }

    private static boolean dense(View v) {
        return isDense(v) || isDense(transposed(v));
    }

    /// Whether each matrix has its rows one behind the other, elements side by side.
    private static boolean isDense(View v) {
        int rows = v.shape().size(-2);
        int columns = v.shape().size(-1);
        boolean forwards = true;
        for (int step : v.strides()) {
            forwards &= step >= 0;
        }
        return forwards && (columns == 1 || v.stride(-1) == 1) && (rows == 1 || v.stride(-2) >= columns);
    }

    private static View transposed(View v) {
        int[] order = new int[v.shape().rank()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        order[order.length - 1] = order.length - 2;
        order[order.length - 2] = order.length - 1;
        return v.permute(order);
    }

    /// How many calls it takes: cuBLAS steps evenly along one axis of matrices, and that is the longest.
    private static long calls(View a, View b, View y) {
        long[] calls = {0};
        Views.split(v -> {
            int[] walk = Views.walk(v);
            long all = 1;
            int longest = 1;
            for (int axis = 0; axis < walk[0]; axis++) {
                all *= walk[1 + axis];
                longest = Math.max(longest, walk[1 + axis]);
            }
            calls[0] += all / longest;
        }, first(a), first(b), first(y));
        return calls[0];
    }

    /// @param matrices a, b and y
    /// @param firsts   the first element of each of their matrices
    private void run(View[] matrices, View[] firsts) {
        int[] walk = Views.walk(firsts);
        int longest = 0;
        int all = 1;
        for (int axis = 0; axis < walk[0]; axis++) {
            all *= walk[1 + axis];
            longest = walk[1 + axis] > walk[1 + longest] ? axis : longest;
        }
        int batch = walk[0] == 0 ? 1 : walk[1 + longest];
        for (int call = 0; call < all / batch; call++) {
            long[] at = new long[3];
            int rest = call;
            for (int axis = walk[0] - 1; axis >= 0; axis--) {
                if (axis != longest) {
                    int index = rest % walk[1 + axis];
                    rest /= walk[1 + axis];
                    for (int v = 0; v < 3; v++) {
                        at[v] += (long) index * step(walk, v, axis);
                    }
                }
            }
            Matrix[] m = new Matrix[3];
            for (int v = 0; v < 3; v++) {
                Address address = Views.at(firsts[v]).plus(at[v] * firsts[v].dtype().bytes());
                m[v] = matrix(matrices[v], address, batch == 1 ? 0 : step(walk, v, longest));
            }
            // A row-major matrix is to cuBLAS its transpose: it computes yᵀ = bᵀ·aᵀ.
            cublas.multiply(matrices[2].dtype(), matrices[2].shape().size(-1), matrices[2].shape().size(-2),
                    matrices[0].shape().size(-1), m[1], m[0], m[2], batch);
        }
    }

    private static int step(int[] walk, int view, int axis) {
        return walk[1 + (1 + view) * Views.MOST_AXES + axis];
    }

    private static Matrix matrix(View v, Address at, long step) {
        boolean rowMajor = isDense(v);
        View m = rowMajor ? v : transposed(v);
        int ld = m.shape().size(-2) == 1 ? m.shape().size(-1) : m.stride(-2);
        return new Matrix(at, ld, !rowMajor, step);
    }
}
