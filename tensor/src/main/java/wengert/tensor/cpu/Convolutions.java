package wengert.tensor.cpu;

import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Storage;
import wengert.tensor.spi.View;

/// Sorts the convolution trio by kind of number; operands with unusual strides are made contiguous first.
final class Convolutions {
    private Convolutions() {
    }

    static void conv2d(View x, View w, Conv2dGeometry g, View y) {
        Window z = Window.of(x, w, y, g);
        View a = wide(x);
        View b = wide(w);
        View c = wideTarget(y);
        F64Conv.forward(z, a.storage().f64(), a.offset(), b.storage().f64(), b.offset(), c.storage().f64(),
                c.offset());
        Copies.copy(c, y);
    }

    static void dataGradient(View dy, View w, Conv2dGeometry g, View dx) {
        Window z = Window.of(dx, w, dy, g);
        View a = wide(dy);
        View b = wide(w);
        View c = wideTarget(dx);
        F64Conv.dataGradient(z, a.storage().f64(), a.offset(), b.storage().f64(), b.offset(), c.storage().f64(),
                c.offset());
        Copies.copy(c, dx);
    }

    static void weightGradient(View x, View dy, Conv2dGeometry g, View dw) {
        Window z = Window.of(x, dw, dy, g);
        View a = wide(x);
        View b = wide(dy);
        View c = wideTarget(dw);
        F64Conv.weightGradient(z, a.storage().f64(), a.offset(), b.storage().f64(), b.offset(), c.storage().f64(),
                c.offset());
        Copies.copy(c, dw);
    }

    private static View wide(View x) {
        View y = wideTarget(x);
        Copies.copy(x, y);
        return y;
    }

    private static View wideTarget(View x) {
        int n = x.shape().length();
        return View.of(new Storage(x.storage().device(), DType.F64, n, new double[n]), x.shape());
    }
}
