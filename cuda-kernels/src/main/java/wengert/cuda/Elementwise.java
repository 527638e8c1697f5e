package wengert.cuda;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import wengert.cuda.driver.Context;
import wengert.cuda.driver.Kernel;
import wengert.cuda.driver.Launch;
import wengert.tensor.spi.BinaryKind;
import wengert.tensor.spi.CompareKind;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.DTypeException;
import wengert.tensor.spi.UnaryKind;
import wengert.tensor.spi.View;

/// `y[i] = f(a[i], b[i], c[i])` for every index: one kernel for each function where all views are contiguous,
/// one for all functions where they are not. See `elementwise.cu`.
final class Elementwise {
    private static final String FILE = "elementwise";
    /// Functions whose name another enumeration of `elementwise.cu` has taken.
    private static final Map<BinaryKind, String> RENAMED = new EnumMap<>(Map.of(BinaryKind.ADD, "PLUS",
            BinaryKind.MUL, "TIMES", BinaryKind.POW, "POWER"));

    private final Context context;

    Elementwise(Context context) {
        this.context = context;
    }

    void unary(UnaryKind kind, double p, double q, View x, View y) {
        boolean floating = x.dtype().isFloating();
        boolean known = switch (kind) {
            case NEG, ABS, SIGN, SQUARE, CLAMP, ADD, MUL -> true;
            case NOT -> x.dtype() == DType.BOOL;
            default -> floating;
        };
        if (!known) {
            throw refuse(kind, x.dtype());
        }
        if (floating && Views.contiguous(x, y) && y.shape().elements() > 0) {
            int n = y.shape().length();
            Launch launch = kernel("unary_" + kind, x.dtype()).launch().f64(p).f64(q);
            Views.address(launch, x);
            Views.address(launch, y).i32(n);
            launch.run(Grid.blocks(context, n, 16 / x.dtype().bytes()), Grid.THREADS);
            return;
        }
        Views.split(v -> {
            Launch launch = kernel("unary_walk", x.dtype()).launch().i32(kind.ordinal()).f64(p).f64(q);
            run(launch, v);
        }, x, y);
    }

    void binary(BinaryKind kind, double p, double q, View a, View b, View y) {
        boolean floating = a.dtype().isFloating();
        boolean known = switch (kind) {
            case ADD, SUB, MUL, MAX, MIN -> true;
            default -> floating;
        };
        if (!known) {
            throw refuse(kind, a.dtype());
        }
        if (floating && Views.contiguous(a, b, y) && y.shape().elements() > 0) {
            int n = y.shape().length();
            String name = RENAMED.getOrDefault(kind, kind.name());
            Launch launch = kernel("binary_" + name, a.dtype()).launch().f64(p).f64(q);
            Views.address(launch, a);
            Views.address(launch, b);
            Views.address(launch, y).i32(n);
            launch.run(Grid.blocks(context, n, 16 / a.dtype().bytes()), Grid.THREADS);
            return;
        }
        Views.split(v -> {
            Launch launch = kernel("binary_walk", a.dtype()).launch().i32(kind.ordinal()).f64(p).f64(q);
            run(launch, v);
        }, a, b, y);
    }

    void compare(CompareKind kind, View a, View b, View y) {
        Views.split(v -> run(kernel("compare", a.dtype()).launch().i32(kind.ordinal()), v), a, b, y);
    }

    void where(View c, View a, View b, View y) {
        Kernel kernel = context.kernel(FILE, "where_" + y.dtype().bytes());
        Views.split(v -> run(kernel.launch(), v), c, a, b, y);
    }

    /// Adds the addresses, the walk and the number of elements, and starts.
    private void run(Launch launch, View... views) {
        for (View v : views) {
            Views.address(launch, v);
        }
        int n = views[0].shape().length();
        launch.ints(Views.walk(views)).i32(n).run(Grid.blocks(context, n, 1), Grid.THREADS);
    }

    private Kernel kernel(String name, DType dtype) {
        return context.kernel(FILE, name + "_" + dtype);
    }

    static DTypeException refuse(Enum<?> kind, DType dtype) {
        return new DTypeException(kind.name().toLowerCase(Locale.ROOT) + ": not defined for " + dtype
                + (dtype.isFloating() ? "; convert to bool first" : "; convert to f32 or f64 first"));
    }
}
