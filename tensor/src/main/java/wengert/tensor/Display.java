package wengert.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

/// Tensors as text: dtype, shape, device; how many values are NaN or infinite; and the values, of which a
/// large tensor shows the edges.
///
/// ```
/// f32 [64,3,32,32] cpu, min -1, max 1, mean 0.0123
/// [[[[-1.0000, -0.9922, -0.5000, ...,  0.1000,  0.2000,  1.0000],
///    ...
///   ...]]]
/// ```
///
/// At most [#MOST_VALUES] values are fetched one row at a time, so a tensor on a device costs no more than
/// these. The counts and the line's min, max and mean need every value and are left out on devices and where
/// there are more than [#MOST_COUNTED].
final class Display {
    private static final int MOST_VALUES = 64;
    private static final int MOST_COUNTED = 1 << 20;
    /// Rows of values, without lines of dots.
    private static final int MOST_ROWS = 8;
    /// Values at either end of an axis that is not shown whole.
    private static final int EDGE = 3;

    private final Tensor x;
    private final Shape shape;
    private final int[][] shown;

    private Display(Tensor x) {
        this.x = x;
        this.shape = x.shape();
        this.shown = shown(shape);
    }

    static String text(Tensor x) {
        String head = x.dtype() + " " + x.shape() + " " + x.device();
        return x.view().storage().isReleased() ? head + ", released" : head + new Display(x).rest();
    }

    private String rest() {
        String statistics = statistics();
        if (shape.elements() == 0) {
            return statistics + " []";
        }
        if (shape.rank() == 0) {
            return statistics + " " + scalar();
        }
        List<double[]> rows = new ArrayList<>();
        List<String[]> texts = new ArrayList<>();
        collect(x.view(), 0, rows, texts);
        if (x.dtype().isFloating()) {
            boolean whole = rows.stream().flatMapToDouble(Arrays::stream)
                    .allMatch(v -> !Double.isFinite(v) || v == Math.rint(v) && Math.abs(v) < 1e7);
            rows.forEach(row -> texts.add(
                    Arrays.stream(row).mapToObj(v -> number(v, whole)).toArray(String[]::new)));
        }
        int width = texts.stream().flatMap(Arrays::stream).mapToInt(String::length).max().orElseThrow();
        var out = new StringBuilder(statistics).append(shape.rank() == 1 ? " " : "\n");
        write(out, 0, width, texts.iterator());
        return out.toString();
    }

    /// The indices that are shown of each axis: the last axis first, then as many rows as there is room for,
    /// a single one where there is none.
    private static int[][] shown(Shape shape) {
        int[][] shown = new int[shape.rank()][];
        int room = shape.rank() == 1 ? 2 * MOST_ROWS : MOST_ROWS;
        for (int a = shape.rank() - 1; a >= 0; a--) {
            int size = shape.size(a);
            if (size <= room) {
                shown[a] = IntStream.range(0, size).toArray();
            } else {
                int head = room == 1 ? 1 : Math.min(EDGE, room / 2);
                int tail = room == 1 ? 0 : head;
                shown[a] = IntStream.concat(IntStream.range(0, head),
                        IntStream.range(size - tail, size)).toArray();
            }
            if (a == shape.rank() - 1) {
                room = shape.elements() <= MOST_VALUES ? 2 * MOST_ROWS : MOST_ROWS;
            } else {
                room = Math.max(1, room / Math.max(1, shown[a].length));
            }
        }
        return shown;
    }

    /// Fetches the rows that are shown, in order: floats as numbers, everything else as text.
    private void collect(View view, int axis, List<double[]> rows, List<String[]> texts) {
        if (axis < shape.rank() - 1) {
            for (int i : shown[axis]) {
                collect(view.slice(axis, i, 1, 1), axis + 1, rows, texts);
            }
            return;
        }
        int size = shape.size(axis);
        int n = shown[axis].length;
        // Shown whole, or as two equal edges.
        View[] parts = n == size ? new View[] {view}
                : new View[] {view.slice(axis, 0, 1, n / 2), view.slice(axis, size - n / 2, 1, n / 2)};
        if (x.dtype().isFloating()) {
            rows.add(Arrays.stream(parts).flatMapToDouble(p -> Arrays.stream(Tensor.over(p).toDoubleArray()))
                    .toArray());
        } else {
            texts.add(Arrays.stream(parts).flatMapToLong(p -> Arrays.stream(Tensor.over(p).toLongArray()))
                    .mapToObj(this::whole).toArray(String[]::new));
        }
    }

    private String whole(long v) {
        return x.dtype() == DType.BOOL ? String.valueOf(v != 0) : String.valueOf(v);
    }

    private static String number(double v, boolean whole) {
        double size = Math.abs(v);
        if (!Double.isFinite(v)) {
            return Double.isNaN(v) ? "NaN" : v > 0 ? "Inf" : "-Inf";
        }
        String form = whole ? "%.1f" : size == 0 || size >= 1e-4 && size < 1e5 ? "%.4f" : "%.2e";
        return String.format(Locale.ROOT, form, v);
    }

    /// One number with every digit.
    private String scalar() {
        return switch (x.dtype()) {
            case F32 -> String.valueOf(x.toFloatArray()[0]);
            case F64 -> String.valueOf(x.toDoubleArray()[0]);
            default -> whole(x.toLongArray()[0]);
        };
    }

    private void write(StringBuilder out, int axis, int width, Iterator<String[]> rows) {
        boolean row = axis == shape.rank() - 1;
        String[] texts = row ? rows.next() : null;
        String separator = row ? ", " : ",\n" + " ".repeat(axis + 1);
        out.append('[');
        for (int k = 0; k < shown[axis].length; k++) {
            out.append(k == 0 ? "" : separator);
            if (k > 0 && shown[axis][k] != shown[axis][k - 1] + 1) {
                out.append("...").append(separator);
            }
            if (row) {
                out.repeat(' ', width - texts[k].length()).append(texts[k]);
            } else {
                write(out, axis + 1, width, rows);
            }
        }
        if (shown[axis][shown[axis].length - 1] != shape.size(axis) - 1) {
            out.append(separator).append("...");
        }
        out.append(']');
    }

    /// What the values that are shown do not tell.
    private String statistics() {
        boolean host = x.device().equals(Device.CPU) || x.device().equals(Device.REFERENCE);
        if (!x.dtype().isFloating() || !host || shape.elements() > MOST_COUNTED) {
            return "";
        }
        double[] values = x.toDoubleArray();
        long nan = Arrays.stream(values).filter(Double::isNaN).count();
        long infinite = Arrays.stream(values).filter(Double::isInfinite).count();
        String counts = (nan > 0 ? ", " + nan + " NaN" : "") + (infinite > 0 ? ", " + infinite + " Inf" : "");
        long seen = Arrays.stream(shown).mapToLong(s -> s.length).reduce(1, (a, b) -> a * b);
        if (seen == values.length || nan + infinite == values.length) {
            return counts;
        }
        var finite = Arrays.stream(values).filter(Double::isFinite).summaryStatistics();
        return counts + ", min " + number(finite.getMin(), false) + ", max " + number(finite.getMax(), false)
                + ", mean " + number(finite.getAverage(), false);
    }
}
