package wengert.tensor.cpu;

import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.View;

/// Chooses the plan of a convolution. Operands with unusual strides are made contiguous first.
///
/// - f64: [F64Conv].
/// - the window covers the whole input (a network's last layer, or a generator's first): one matrix product.
/// - groups of one input channel: [F32Depthwise].
/// - towards or to few channels: [F32Narrow].
/// - where it saves multiplications: [WinogradConv] and [WinogradWeightGradient].
/// - else [F32Conv] and [F32WeightGradient].
final class Convolutions {
    private Convolutions() {
    }

    static void conv2d(View x, View w, View bias, Conv2dGeometry g, View y) {
        Window z = Window.of(x, w, y, g);
        if (z.n() == 0) {
            return;
        }
        View a = Copies.contiguous(x);
        View b = Copies.contiguous(w);
        if (y.dtype() == DType.F64) {
            F64Conv.forward(z, a.storage().f64(), a.offset(), b.storage().f64(), b.offset(),
                    y.storage().f64(), y.offset());
        } else if (z.whole()) {
            int terms = z.c() * z.r() * z.s();
            Gemm.multiply(z.n(), z.k(), terms, matrix(a, terms, 1), matrix(b, 1, terms), y.storage().f32(),
                    y.offset(), z.k());
        } else if (F32Depthwise.suits(z)) {
            F32Depthwise.forward(z, a.storage().f32(), a.offset(), b.storage().f32(), b.offset(),
                    F32Conv.Bias.of(bias), y.storage().f32(), y.offset());
            return;
        } else if (F32Narrow.suitsForward(z)) {
            F32Narrow.forward(z, a.storage().f32(), a.offset(), b.storage().f32(), b.offset(),
                    y.storage().f32(), y.offset());
        } else if (Winograd.suitsForward(z)) {
            WinogradConv.forward(z, a.storage().f32(), a.offset(), b.storage().f32(), b.offset(),
                    F32Conv.Bias.of(bias), y.storage().f32(), y.offset());
            return;
        } else {
            F32Conv.forward(z, a.storage().f32(), a.offset(), b.storage().f32(), b.offset(),
                    F32Conv.Bias.of(bias), y.storage().f32(), y.offset());
            return;
        }
        add(bias, y);
    }

    static void dataGradient(View dy, View w, View bias, Conv2dGeometry g, View dx) {
        Window z = Window.of(dx, w, dy, g);
        if (z.n() == 0) {
            return;
        }
        View a = Copies.contiguous(dy);
        View b = Copies.contiguous(w);
        if (dx.dtype() == DType.F64) {
            F64Conv.dataGradient(z, a.storage().f64(), a.offset(), b.storage().f64(), b.offset(),
                    dx.storage().f64(), dx.offset());
        } else if (z.whole()) {
            int terms = z.c() * z.r() * z.s();
            Gemm.multiply(z.n(), terms, z.k(), matrix(a, z.k(), 1), matrix(b, terms, 1), dx.storage().f32(),
                    dx.offset(), terms);
        } else if (F32Depthwise.suits(z)) {
            F32Depthwise.dataGradient(z, a.storage().f32(), a.offset(), b.storage().f32(), b.offset(),
                    F32Conv.Bias.of(bias), dx.storage().f32(), dx.offset());
            return;
        } else if (F32Narrow.suitsGradient(z)) {
            F32Narrow.dataGradient(z, a.storage().f32(), a.offset(), b.storage().f32(), b.offset(),
                    dx.storage().f32(), dx.offset());
        } else if (Winograd.suitsGradient(z)) {
            WinogradConv.dataGradient(z, a.storage().f32(), a.offset(), b.storage().f32(), b.offset(),
                    F32Conv.Bias.of(bias), dx.storage().f32(), dx.offset());
            return;
        } else {
            F32Conv.dataGradient(z, a.storage().f32(), a.offset(), b.storage().f32(), b.offset(),
                    F32Conv.Bias.of(bias), dx.storage().f32(), dx.offset());
            return;
        }
        add(bias, dx);
    }

    static void weightGradient(View x, View dy, Conv2dGeometry g, View dw) {
        Window z = Window.of(x, dw, dy, g);
        if (z.n() == 0) {
            Copies.fill(dw, 0);
            return;
        }
        View a = Copies.contiguous(x);
        View b = Copies.contiguous(dy);
        if (dw.dtype() == DType.F64) {
            F64Conv.weightGradient(z, a.storage().f64(), a.offset(), b.storage().f64(), b.offset(),
                    dw.storage().f64(), dw.offset());
        } else if (z.whole()) {
            int terms = z.c() * z.r() * z.s();
            Gemm.multiply(z.k(), terms, z.n(), matrix(b, 1, z.k()), matrix(a, terms, 1), dw.storage().f32(),
                    dw.offset(), terms);
        } else if (F32Depthwise.suits(z)) {
            F32Depthwise.weightGradient(z, a.storage().f32(), a.offset(), b.storage().f32(), b.offset(),
                    dw.storage().f32(), dw.offset());
        } else if (F32Narrow.suitsForward(z)) {
            F32Narrow.weightGradient(z, a.storage().f32(), a.offset(), b.storage().f32(), b.offset(),
                    dw.storage().f32(), dw.offset());
        } else if (Winograd.suitsForward(z)) {
            new WinogradWeightGradient(z).run(a.storage().f32(), a.offset(), b.storage().f32(), b.offset(),
                    dw.storage().f32(), dw.offset());
        } else {
            new F32WeightGradient(z).run(a.storage().f32(), a.offset(), b.storage().f32(), b.offset(),
                    dw.storage().f32(), dw.offset());
        }
    }

    /// `y[n,k,…] += bias[k]`, where the kernel does not do it itself.
    private static void add(View bias, View y) {
        if (bias == null) {
            return;
        }
        View b = Copies.contiguous(bias);
        int k = y.shape().size(1);
        int plane = y.shape().size(2) * y.shape().size(3);
        Parallel.ranges(y.shape().size(0) * k, Math.max(1, 16_384 / plane), (from, to) -> {
            for (int i = from; i < to; i++) {
                int start = y.offset() + i * plane;
                if (y.dtype() == DType.F64) {
                    add(y.storage().f64(), start, plane, b.storage().f64()[b.offset() + i % k]);
                } else {
                    add(y.storage().f32(), start, plane, b.storage().f32()[b.offset() + i % k]);
                }
            }
        });
    }

    private static void add(float[] y, int start, int n, float b) {
        for (int i = start; i < start + n; i++) {
            y[i] += b;
        }
    }

    private static void add(double[] y, int start, int n, double b) {
        for (int i = start; i < start + n; i++) {
            y[i] += b;
        }
    }

    private static Gemm.Matrix matrix(View v, int rowStep, int columnStep) {
        return new Gemm.Matrix(v.storage().f32(), v.offset(), rowStep, columnStep);
    }
}
