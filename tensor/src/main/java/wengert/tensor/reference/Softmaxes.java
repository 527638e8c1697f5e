package wengert.tensor.reference;

import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

/// Softmax and its relatives, one line after the other, by the equations of
/// [wengert.tensor.spi.SoftmaxKernels].
final class Softmaxes {
    private Softmaxes() {
    }

    static void softmax(View x, int axis, View y) {
        var from = new Line(x, axis);
        var to = new Line(y, axis);
        for (Walk i = lines(x, axis, x, y); i.next();) {
            double[] v = from.read(i.at(0));
            double sum = exponentials(v);
            for (int j = 0; j < v.length; j++) {
                v[j] /= sum;
            }
            to.write(i.at(1), v);
        }
    }

    static void softmaxGradient(View y, View dy, int axis, View dx) {
        var from = new Line(y, axis);
        var back = new Line(dy, axis);
        var to = new Line(dx, axis);
        for (Walk i = lines(y, axis, y, dy, dx); i.next();) {
            double[] v = from.read(i.at(0));
            double[] g = back.read(i.at(1));
            double[] products = new double[v.length];
            for (int j = 0; j < v.length; j++) {
                products[j] = v[j] * g[j];
            }
            double sum = Reductions.sum(products, 0, v.length);
            for (int j = 0; j < v.length; j++) {
                v[j] *= g[j] - sum;
            }
            to.write(i.at(2), v);
        }
    }

    static void logSoftmax(View x, int axis, View y) {
        var from = new Line(x, axis);
        var to = new Line(y, axis);
        for (Walk i = lines(x, axis, x, y); i.next();) {
            to.write(i.at(1), logarithms(from.read(i.at(0))));
        }
    }

    static void logSoftmaxGradient(View y, View dy, int axis, View dx) {
        var from = new Line(y, axis);
        var back = new Line(dy, axis);
        var to = new Line(dx, axis);
        for (Walk i = lines(y, axis, y, dy, dx); i.next();) {
            double[] v = from.read(i.at(0));
            double[] g = back.read(i.at(1));
            double sum = Reductions.sum(g, 0, g.length);
            for (int j = 0; j < v.length; j++) {
                v[j] = g[j] - Math.exp(v[j]) * sum;
            }
            to.write(i.at(2), v);
        }
    }

    static void crossEntropy(View x, int axis, View target, View loss) {
        Indexing.check("crossEntropy", target, axis, x.shape());
        var from = new Line(x, axis);
        Cells classes = Cells.of(target);
        Cells to = Cells.of(loss);
        for (Walk i = lines(x, axis, x, target, loss); i.next();) {
            to.set(i.at(2), -logarithms(from.read(i.at(0)))[(int) classes.getLong(i.at(1))]);
        }
    }

    static void crossEntropyGradient(View x, int axis, View target, View dy, View dx) {
        var from = new Line(x, axis);
        var to = new Line(dx, axis);
        Cells classes = Cells.of(target);
        Cells back = Cells.of(dy);
        for (Walk i = lines(x, axis, x, target, dy, dx); i.next();) {
            double[] v = from.read(i.at(0));
            double sum = exponentials(v);
            int chosen = (int) classes.getLong(i.at(1));
            v[chosen] = 0;
            double others = Reductions.sum(v, 0, v.length);
            double g = back.get(i.at(2));
            for (int j = 0; j < v.length; j++) {
                v[j] = g * (v[j] / sum);
            }
            v[chosen] = -g * (others / sum);
            to.write(i.at(3), v);
        }
    }

    /// All indices but that of the axis.
    private static Walk lines(View x, int axis, View... views) {
        Shape shape = x.shape();
        return new Walk(shape.with(axis, Math.min(1, shape.size(axis))), views);
    }

    /// v becomes `e^(v − m)`; returns the sum of that.
    private static double exponentials(double[] v) {
        double m = peak(v);
        for (int j = 0; j < v.length; j++) {
            v[j] = Math.exp(v[j] - m);
        }
        return Reductions.sum(v, 0, v.length);
    }

    /// `v − m − ln Σ e^(v − m)`.
    private static double[] logarithms(double[] v) {
        double m = peak(v);
        double log = Math.log(exponentials(v.clone()));
        double[] y = new double[v.length];
        for (int j = 0; j < v.length; j++) {
            y[j] = v[j] - m - log;
        }
        return y;
    }

    private static double peak(double[] v) {
        double best = Double.NEGATIVE_INFINITY;
        for (double value : v) {
            best = Math.max(best, value);
        }
        return Double.isFinite(best) ? best : 0;
    }

    /// A view as lines along an axis, each found by the place of its first number.
    private record Line(Cells cells, int step, int size) {
        Line(View v, int axis) {
            this(Cells.of(v), v.stride(axis), v.shape().size(axis));
        }

        double[] read(int at) {
            double[] v = new double[size];
            for (int j = 0; j < size; j++) {
                v[j] = cells.get(at + j * step);
            }
            return v;
        }

        void write(int at, double[] v) {
            for (int j = 0; j < size; j++) {
                cells.set(at + j * step, v[j]);
            }
        }
    }
}
