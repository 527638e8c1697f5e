package wengert.tensor.cpu;

import java.util.Random;
import java.util.zip.CRC32;
import wengert.tensor.cpu.Twin.Layout;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.BinaryKind;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.ConvKernels;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.LossForm;
import wengert.tensor.spi.LossKernels;
import wengert.tensor.spi.MomentKernels;
import wengert.tensor.spi.NormForm;
import wengert.tensor.spi.PoolKernels;
import wengert.tensor.spi.ReduceKind;
import wengert.tensor.spi.SoftmaxKernels;
import wengert.tensor.spi.UnaryKind;

/// The program [WidthsTest] starts in a JVM of its own: the kernels that exist once per vector width, on
/// small inputs, against the reference. Prints the backend's description and a checksum of all results,
/// twice: of first calls, which are interpreted, and of calls after as many as the argument says.
final class Widths {
    private static final CRC32 SUM = new CRC32();
    /// The reference where results are looked at, and a second run of the backend itself where they only warm
    /// up.
    private static Backend oracle = Twin.REFERENCE;

    private Widths() {
    }

    public static void main(String[] args) {
        System.out.println(Twin.CPU.description());
        pass();
        long first = SUM.getValue();
        oracle = Twin.CPU;
        for (int i = 0; i < Integer.parseInt(args[0]); i++) {
            pass();
        }
        oracle = Twin.REFERENCE;
        SUM.reset();
        pass();
        System.out.println(first + " " + SUM.getValue());
    }

    private static void pass() {
        Random r = new Random(1);
        for (UnaryKind kind : new UnaryKind[] {UnaryKind.EXP, UnaryKind.LOG, UnaryKind.TANH,
                UnaryKind.SIGMOID, UnaryKind.SOFTPLUS, UnaryKind.LEAKY_RELU}) {
            Twin x = Twin.random(r, DType.F32, Layout.PLAIN, 9, 67);
            Twin y = Twin.output(r, DType.F32, Layout.PLAIN, 67);
            oracle.unary(kind, 0.2, 0, x.expected(), y.expected());
            Twin.CPU.unary(kind, 0.2, 0, x.actual(), y.actual());
            done(kind.toString(), y, 3.1, 0);
        }
        for (BinaryKind kind : new BinaryKind[] {BinaryKind.TANH_GRAD, BinaryKind.SIGMOID_GRAD,
            BinaryKind.LEAKY_RELU_GRAD, BinaryKind.CLAMP_GRAD}) {
            Twin a = Twin.random(r, DType.F32, Layout.PLAIN, 3, 67);
            Twin b = Twin.random(r, DType.F32, Layout.PLAIN, 3, 67);
            Twin y = Twin.output(r, DType.F32, Layout.PLAIN, 67);
            oracle.binary(kind, -1, 1, a.expected(), b.expected(), y.expected());
            Twin.CPU.binary(kind, -1, 1, a.actual(), b.actual(), y.actual());
            done(kind.toString(), y, 4, 0);
        }
        for (int[] s : new int[][] {{13, 70, 9}, {8, 64, 17}, {1, 5, 40}, {30, 33, 20}}) {
            Twin a = Twin.random(r, DType.F32, Layout.PLAIN, 1, s[0], s[2]);
            Twin b = Twin.random(r, DType.F32, Layout.ODD, 1, s[2], s[1]);
            Twin y = Twin.output(r, DType.F32, Layout.PLAIN, s[0], s[1]);
            oracle.matmul(a.expected(), b.expected(), y.expected());
            Twin.CPU.matmul(a.actual(), b.actual(), y.actual());
            done("matmul", y, 1, 0x1p-24 * 40);
        }
        Twin x = Twin.random(r, DType.F32, Layout.PLAIN, 1, 19, 33);
        Twin y = Twin.output(r, DType.F32, Layout.PLAIN, 1, 33);
        oracle.reduce(ReduceKind.SUM, x.expected(), y.expected());
        Twin.CPU.reduce(ReduceKind.SUM, x.actual(), y.actual());
        done("sum", y, 1, 0);
        Twin mean = Twin.output(r, DType.F32, Layout.PLAIN, 1, 33);
        Twin row = Twin.output(r, DType.F32, Layout.PLAIN, 19, 1);
        Twin spread = Twin.output(r, DType.F32, Layout.PLAIN, 19, 1);
        oracle.find(MomentKernels.class).variance(x.expected(), 18, mean.expected(), y.expected());
        Twin.CPU.find(MomentKernels.class).variance(x.actual(), 18, mean.actual(), y.actual());
        done("variance of columns", y, 1, 0);
        oracle.find(MomentKernels.class).variance(x.expected(), 32, row.expected(), spread.expected());
        Twin.CPU.find(MomentKernels.class).variance(x.actual(), 32, row.actual(), spread.actual());
        done("variance of rows", spread, 1, 0);
        Twin turned = new Twin(x.expected().permute(1, 0), x.actual().permute(1, 0));
        Twin copy = Twin.output(r, DType.F32, Layout.PLAIN, 33, 19);
        oracle.copy(turned.expected(), copy.expected());
        Twin.CPU.copy(turned.actual(), copy.actual());
        done("transpose", copy, 0, 0);
        for (int size : new int[] {7, 12, 36}) {
            convolution(r, 3, size, 2, 7, 1);
            convolution(r, 3, size, 3, 6, 3);
        }
        convolution(r, 3, 20, 8, 9, 1);
        convolution(r, 30, 8, 9, 8, 1);
        normalisation(r, 0, 5, 3, 33);
        normalisation(r, 0, 3, 2, 261);
        normalisation(r, 2, 3, 4, 21);
        normalisation(r, 1, 6, 37);
        places(r, 1, 0);
        places(r, 2, 1);
        places(r, 3, 1);
        resampling(r, 2, 2);
        resampling(r, 1, 3);
        softmax(r, 1);
        softmax(r, 0);
        for (LossForm.Kind kind : LossForm.Kind.values()) {
            loss(r, kind);
        }
    }

    /// @param groups 0 for statistics over the batch
    private static void normalisation(Random r, int groups, int... shape) {
        NormTwins twins = NormTwins.of(oracle, r, DType.F32, new NormForm(groups, 1e-2, 0.2), shape);
        if (oracle != Twin.CPU) {
            twins.assertClose();
        }
        twins.results().forEach(Widths::sum);
    }

    private static void loss(Random r, LossForm.Kind kind) {
        var form = new LossForm(kind, 0.7, LossForm.Fold.NONE);
        Twin x = Twin.random(r, DType.F32, Layout.PLAIN, kind == LossForm.Kind.PROBABILITY ? 1 : 20, 77);
        Twin t = Twin.random(r, DType.F32, Layout.PLAIN, 1, 77);
        Twin y = Twin.output(r, DType.F32, Layout.PLAIN, 77);
        oracle.find(LossKernels.class).loss(form, x.expected(), t.expected(), y.expected());
        Twin.CPU.find(LossKernels.class).loss(form, x.actual(), t.actual(), y.actual());
        done("loss " + kind, y, 4, 0x1p-20);
        oracle.find(LossKernels.class).lossGradient(form, x.expected(), t.expected(), x.expected(),
                y.expected());
        Twin.CPU.find(LossKernels.class).lossGradient(form, x.actual(), t.actual(), x.actual(), y.actual());
        done("lossGradient " + kind, y, 4, 0x1p-19);
    }

    private static void places(Random r, int stride, int pad) {
        Conv2dGeometry g = Conv2dGeometry.of(stride, pad);
        Twin x = Twin.random(r, DType.F32, Layout.PLAIN, 1, 2, 3, 9, 39);
        Twin y = Twin.output(r, DType.I64, Layout.PLAIN, 2, 3, g.outH(9, 3), g.outW(39, 3));
        oracle.find(PoolKernels.class).maxPool2dIndices(x.expected(), 3, 3, g, y.expected());
        Twin.CPU.find(PoolKernels.class).maxPool2dIndices(x.actual(), 3, 3, g, y.actual());
        done("maxPool2dIndices", y, 0, 0);
        Twin place = Twin.output(r, DType.I64, Layout.PLAIN, 2, 1, 9, 39);
        oracle.argReduce(ReduceKind.MIN, x.expected(), 1, place.expected());
        Twin.CPU.argReduce(ReduceKind.MIN, x.actual(), 1, place.actual());
        done("argmin", place, 0, 0);
    }

    private static void resampling(Random r, int sh, int sw) {
        PoolKernels reference = oracle.find(PoolKernels.class);
        PoolKernels cpu = Twin.CPU.find(PoolKernels.class);
        Twin x = Twin.random(r, DType.F32, Layout.PLAIN, 1, 2, 3, 9, 13);
        Twin y = Twin.output(r, DType.F32, Layout.PLAIN, 2, 3, 9 * sh, 13 * sw);
        Twin dx = Twin.output(r, DType.F32, Layout.PLAIN, 2, 3, 9, 13);
        reference.upsampleBilinear2d(x.expected(), sh, sw, y.expected());
        cpu.upsampleBilinear2d(x.actual(), sh, sw, y.actual());
        done("bilinear", y, 0, 0x1p-22);
        reference.upsampleBilinear2dGradient(y.expected(), sh, sw, dx.expected());
        cpu.upsampleBilinear2dGradient(y.actual(), sh, sw, dx.actual());
        done("bilinearGradient", dx, 0, 0x1p-24 * 16 * 6);
    }

    private static void softmax(Random r, int axis) {
        SoftmaxKernels reference = oracle.find(SoftmaxKernels.class);
        SoftmaxKernels cpu = Twin.CPU.find(SoftmaxKernels.class);
        Twin x = Twin.random(r, DType.F32, Layout.PLAIN, 20, 5, 77);
        Twin dy = Twin.random(r, DType.F32, Layout.PLAIN, 1, 5, 77);
        Twin y = Twin.output(r, DType.F32, Layout.PLAIN, 5, 77);
        Twin dx = Twin.output(r, DType.F32, Layout.PLAIN, 5, 77);
        reference.softmax(x.expected(), axis, y.expected());
        cpu.softmax(x.actual(), axis, y.actual());
        done("softmax", y, 2, 0);
        reference.softmaxGradient(y.expected(), dy.expected(), axis, dx.expected());
        cpu.softmaxGradient(y.actual(), dy.actual(), axis, dx.actual());
        done("softmaxGradient", dx, 2, 0x1p-21);
        reference.logSoftmax(x.expected(), axis, y.expected());
        cpu.logSoftmax(x.actual(), axis, y.actual());
        done("logSoftmax", y, 2, 0x1p-50);
        reference.logSoftmaxGradient(y.expected(), dy.expected(), axis, dx.expected());
        cpu.logSoftmaxGradient(y.actual(), dy.actual(), axis, dx.actual());
        done("logSoftmaxGradient", dx, 2, 0x1p-19);
        int[] lines = axis == 1 ? new int[] {5, 1} : new int[] {1, 77};
        Twin target = Twin.of(DType.I64, r.ints(axis == 1 ? 5 : 77, 0,
                axis == 1 ? 77 : 5).asDoubleStream().toArray(), lines);
        Twin loss = Twin.output(r, DType.F32, Layout.PLAIN, lines);
        reference.crossEntropy(x.expected(), axis, target.expected(), loss.expected());
        cpu.crossEntropy(x.actual(), axis, target.actual(), loss.actual());
        done("crossEntropy", loss, 2, 0x1p-22);
        reference.crossEntropyGradient(x.expected(), axis, target.expected(), loss.expected(), dx.expected());
        cpu.crossEntropyGradient(x.actual(), axis, target.actual(), loss.actual(), dx.actual());
        done("crossEntropyGradient", dx, 4, 0x1p-22);
    }

    /// @param c input channels
    /// @param k output channels
    private static void convolution(Random r, int n, int size, int c, int k, int groups) {
        Conv2dGeometry g = new Conv2dGeometry(2, 2, 1, 1, 1, 1, groups);
        int q = g.outH(size, 4);
        ConvKernels reference = oracle.find(ConvKernels.class);
        ConvKernels cpu = Twin.CPU.find(ConvKernels.class);
        Twin x = Twin.random(r, DType.F32, Layout.PLAIN, 1, n, c, size, size);
        Twin w = Twin.random(r, DType.F32, Layout.PLAIN, 1, k, c / groups, 4, 4);
        Twin dy = Twin.random(r, DType.F32, Layout.PLAIN, 1, n, k, q, q);
        Twin y = Twin.output(r, DType.F32, Layout.PLAIN, n, k, q, q);
        Twin dx = Twin.output(r, DType.F32, Layout.PLAIN, n, c, size, size);
        Twin dw = Twin.output(r, DType.F32, Layout.PLAIN, k, c / groups, 4, 4);
        Twin b = Twin.random(r, DType.F32, Layout.PLAIN, 1, k);
        reference.conv2d(x.expected(), w.expected(), b.expected(), g, y.expected());
        cpu.conv2d(x.actual(), w.actual(), b.actual(), g, y.actual());
        done("conv2d of " + size, y, 0, 0x1p-24 * 16 * Math.max(2, c / groups) * 6);
        reference.conv2dDataGradient(dy.expected(), w.expected(), g, dx.expected());
        cpu.conv2dDataGradient(dy.actual(), w.actual(), g, dx.actual());
        done("dataGradient of " + size, dx, 0, 0x1p-24 * 4 * Math.max(7, k) * 6);
        reference.conv2dWeightGradient(x.expected(), dy.expected(), g, dw.expected());
        cpu.conv2dWeightGradient(x.actual(), dy.actual(), g, dw.actual());
        int terms = n * q * q;
        done("weightGradient of " + size, dw, 0, 0x1p-24 * terms * Math.sqrt(terms));
    }

    private static void done(String what, Twin y, double ulps, double floor) {
        if (oracle != Twin.CPU) {
            y.assertClose(what, ulps, floor);
        }
        sum(y);
    }

    /// Adds the bits of a result to the checksum.
    private static void sum(Twin y) {
        if (oracle == Twin.CPU) {
            return;
        }
        for (double v : Twin.numbers(y.actual())) {
            int bits = Float.floatToIntBits((float) v);
            for (int shift = 0; shift < 32; shift += 8) {
                SUM.update(bits >> shift);
            }
        }
    }
}
