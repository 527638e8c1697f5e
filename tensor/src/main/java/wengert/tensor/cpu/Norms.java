package wengert.tensor.cpu;

import wengert.tensor.spi.DType;
import wengert.tensor.spi.View;

// N batch, C channels, L values per image and channel; M = N·L.
/// Batch normalisation; a channel is a tile.
final class Norms {
    private Norms() {
    }

    static void batchNorm(View x, View gamma, View beta, double eps, View y, View mean, View var) {
        int c = x.shape().size(1);
        double[] g = numbers(gamma);
        double[] b = numbers(beta);
        double[] means = new double[c];
        double[] vars = new double[c];
        View from = Copies.contiguous(x);
        View to = Copies.target(y);
        Layout z = Layout.of(x);
        if (x.dtype() == DType.F32) {
            F32BatchNorm.forward(z, from.storage().f32(), from.offset(), g, b, eps, to.storage().f32(),
                    to.offset(), means, vars);
        } else {
            F64BatchNorm.forward(z, from.storage().f64(), from.offset(), g, b, eps, to.storage().f64(),
                    to.offset(), means, vars);
        }
        if (to != y) {
            Copies.copy(to, y);
        }
        store(means, mean);
        store(vars, var);
    }

    static void batchNormGradient(View x, View gamma, View dy, View mean, View var, double eps, View dx,
            View dgamma, View dbeta) {
        int c = x.shape().size(1);
        double[] g = numbers(gamma);
        double[] means = numbers(mean);
        double[] vars = numbers(var);
        double[] dg = new double[c];
        double[] db = new double[c];
        View from = Copies.contiguous(x);
        View back = Copies.contiguous(dy);
        View to = Copies.target(dx);
        Layout z = Layout.of(x);
        if (x.dtype() == DType.F32) {
            F32BatchNorm.backward(z, from.storage().f32(), from.offset(), g, back.storage().f32(),
                    back.offset(), means, vars, eps, to.storage().f32(), to.offset(), dg, db);
        } else {
            F64BatchNorm.backward(z, from.storage().f64(), from.offset(), g, back.storage().f64(),
                    back.offset(), means, vars, eps, to.storage().f64(), to.offset(), dg, db);
        }
        if (to != dx) {
            Copies.copy(to, dx);
        }
        store(dg, dgamma);
        store(db, dbeta);
    }

    /// [N, C, L], contiguous.
    record Layout(int n, int c, int l) {
        static Layout of(View x) {
            int l = 1;
            for (int a = 2; a < x.shape().rank(); a++) {
                l *= x.shape().size(a);
            }
            return new Layout(x.shape().size(0), x.shape().size(1), l);
        }

        int start(int n, int c) {
            return (n * this.c + c) * l;
        }
    }

    private static double[] numbers(View v) {
        double[] d = new double[v.shape().length()];
        for (int i = 0; i < d.length; i++) {
            int at = v.offset() + i * v.stride(0);
            d[i] = v.dtype() == DType.F32 ? v.storage().f32()[at] : v.storage().f64()[at];
        }
        return d;
    }

    private static void store(double[] d, View v) {
        for (int i = 0; i < d.length; i++) {
            Reductions.set(v.storage().data(), v.offset() + i * v.stride(0), d[i]);
        }
    }
}
