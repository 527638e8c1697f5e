package wengert.tensor.cpu;

import wengert.tensor.spi.ReduceKind;

/// One line of [Softmaxes] in f64.
final class F64Softmax {
    private F64Softmax() {
    }

    static void softmax(double[] x, int xo, double[] y, int yo, int n) {
        double sum = exponentials(x, xo, peak(x, xo, n), y, yo, n);
        for (int i = yo; i < yo + n; i++) {
            y[i] /= sum;
        }
    }

    static void softmaxGradient(double[] y, int yo, double[] dy, int go, double[] dx, int to, int n) {
        for (int i = 0; i < n; i++) {
            dx[to + i] = y[yo + i] * dy[go + i];
        }
        double sum = sum(dx, to, n);
        for (int i = 0; i < n; i++) {
            dx[to + i] = y[yo + i] * (dy[go + i] - sum);
        }
    }

    static void logSoftmax(double[] x, int xo, double[] y, int yo, int n) {
        double top = peak(x, xo, n);
        double log = StrictMath.log(exponentials(x, xo, top, y, yo, n));
        for (int i = 0; i < n; i++) {
            y[yo + i] = x[xo + i] - top - log;
        }
    }

    static void logSoftmaxGradient(double[] y, int yo, double[] dy, int go, double[] dx, int to, int n) {
        double sum = sum(dy, go, n);
        for (int i = 0; i < n; i++) {
            dx[to + i] = dy[go + i] - StrictMath.exp(y[yo + i]) * sum;
        }
    }

    static double crossEntropy(double[] x, int xo, int target, int n) {
        double top = peak(x, xo, n);
        double[] room = Scratch.mine().doubles(6, n);
        return StrictMath.log(exponentials(x, xo, top, room, 0, n)) - (x[xo + target] - top);
    }

    static void crossEntropyGradient(double[] x, int xo, int target, double dy, double[] dx, int to, int n) {
        exponentials(x, xo, peak(x, xo, n), dx, to, n);
        double own = dx[to + target];
        dx[to + target] = 0;
        double others = sum(dx, to, n);
        double share = dy / (own + others);
        for (int i = to; i < to + n; i++) {
            dx[i] *= share;
        }
        dx[to + target] = -others * share;
    }

    /// The largest of a line; 0 where it is infinite.
    private static double peak(double[] x, int at, int n) {
        double best = Double.NEGATIVE_INFINITY;
        for (int i = at; i < at + n; i++) {
            best = x[i] > best ? x[i] : best;
        }
        return Double.isFinite(best) ? best : 0;
    }

    private static double exponentials(double[] x, int xo, double top, double[] y, int yo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = StrictMath.exp(x[xo + i] - top);
        }
        return sum(y, yo, n);
    }

    private static double sum(double[] x, int at, int n) {
        Folds.Tree tree = new Folds.Tree(ReduceKind.SUM);
        for (int i = 0; i < n; i += Folds.BLOCK) {
            tree.add(Folds.block(ReduceKind.SUM, x, at + i, Math.min(Folds.BLOCK, n - i)));
        }
        return tree.total();
    }
}
