package wengert.tensor.reference;

import wengert.tensor.spi.ReduceKind;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

/// y[i] = fold over j of x[i + j], where j runs over the folded axes in row-major order. Floats add up
/// pairwise in double, integers exactly in long.
final class Reductions {
    private Reductions() {
    }

    static void reduce(ReduceKind kind, View x, View y) {
        Cells from = Cells.of(x);
        Cells to = Cells.of(y);
        boolean floating = x.dtype().isFloating();
        int[] steps = foldedSteps(x, y);
        double[] line = new double[floating ? steps.length : 0];
        for (Walk i = new Walk(y.shape(), x, y); i.next();) {
            if (floating) {
                for (int j = 0; j < steps.length; j++) {
                    line[j] = from.get(i.at(0) + steps[j]);
                }
                to.set(i.at(1), fold(kind, line));
            } else {
                to.setLong(i.at(1), fold(kind, from, i.at(0), steps));
            }
        }
    }

    /// `mean = Σ x / n`, `var = Σ (x − mean)² / divisor`, counted from the first number, so that equal ones
    /// leave nothing.
    static void variance(View x, double divisor, View mean, View var) {
        Cells from = Cells.of(x);
        Cells toMean = Cells.of(mean);
        Cells toVar = Cells.of(var);
        int[] steps = foldedSteps(x, mean);
        double[] line = new double[steps.length];
        for (Walk i = new Walk(mean.shape(), x, mean, var); i.next();) {
            double first = steps.length == 0 ? 0 : from.get(i.at(0));
            for (int j = 0; j < steps.length; j++) {
                line[j] = from.get(i.at(0) + steps[j]) - first;
            }
            double rest = sum(line, 0, line.length) / line.length;
            for (int j = 0; j < steps.length; j++) {
                line[j] = (line[j] - rest) * (line[j] - rest);
            }
            toMean.set(i.at(1), first + rest);
            toVar.set(i.at(2), sum(line, 0, line.length) / divisor);
        }
    }

    /// Distances, in x's buffer, from the first to each of the elements that one element of y is made of.
    private static int[] foldedSteps(View x, View y) {
        int[] sizes = x.shape().toArray();
        for (int a = 0; a < sizes.length; a++) {
            sizes[a] = y.shape().size(a) == 1 ? sizes[a] : 1;
        }
        Shape folded = Shape.of(sizes);
        int[] steps = new int[folded.length()];
        Walk j = new Walk(folded, x);
        for (int n = 0; j.next(); n++) {
            steps[n] = j.at(0) - x.offset();
        }
        return steps;
    }

    private static double fold(ReduceKind kind, double[] line) {
        if (kind == ReduceKind.SUM) {
            return sum(line, 0, line.length);
        }
        double best = line[0];
        for (double value : line) {
            best = kind == ReduceKind.MAX ? Math.max(best, value) : Math.min(best, value);
        }
        return best;
    }

    private static long fold(ReduceKind kind, Cells x, int base, int[] steps) {
        if (kind == ReduceKind.SUM) {
            long sum = 0;
            for (int step : steps) {
                sum += x.getLong(base + step);
            }
            return sum;
        }
        long best = x.getLong(base + steps[0]);
        for (int step : steps) {
            long value = x.getLong(base + step);
            best = kind == ReduceKind.MAX ? Math.max(best, value) : Math.min(best, value);
        }
        return best;
    }

    /// Pairwise sum of `values[from … to − 1]`: the error grows with the logarithm of their number.
    static double sum(double[] values, int from, int to) {
        if (to - from <= 8) {
            double sum = 0;
            for (int i = from; i < to; i++) {
                sum += values[i];
            }
            return sum;
        }
        int middle = (from + to) >>> 1;
        return sum(values, from, middle) + sum(values, middle, to);
    }

    static void argReduce(ReduceKind kind, View x, int axis, View y) {
        Cells from = Cells.of(x);
        Cells to = Cells.of(y);
        boolean floating = x.dtype().isFloating();
        int size = x.shape().size(axis);
        int step = x.stride(axis);
        int sign = kind == ReduceKind.MIN ? -1 : 1;
        for (Walk i = new Walk(y.shape(), x, y); i.next();) {
            int best = 0;
            for (int j = 1; j < size; j++) {
                int there = i.at(0) + best * step;
                int here = i.at(0) + j * step;
                boolean wins = floating ? wins(sign * from.get(here), sign * from.get(there))
                        : sign * Long.compare(from.getLong(here), from.getLong(there)) > 0;
                best = wins ? j : best;
            }
            to.setLong(i.at(1), best);
        }
    }

    /// True if a value beats the best so far: it is larger, or the first NaN.
    static boolean wins(double value, double best) {
        return value > best || value != value && best == best;
    }

    static void cumulativeSum(View x, int axis, View y) {
        Cells from = Cells.of(x);
        Cells to = Cells.of(y);
        boolean floating = x.dtype().isFloating();
        int size = x.shape().size(axis);
        int stepX = x.stride(axis);
        int stepY = y.stride(axis);
        Shape lines = x.shape().with(axis, Math.min(size, 1));
        for (Walk i = new Walk(lines, x, y); i.next();) {
            double sum = 0;
            long exact = 0;
            for (int j = 0; j < size; j++) {
                if (floating) {
                    sum += from.get(i.at(0) + j * stepX);
                    to.set(i.at(1) + j * stepY, sum);
                } else {
                    exact += from.getLong(i.at(0) + j * stepX);
                    to.setLong(i.at(1) + j * stepY, exact);
                }
            }
        }
    }
}
