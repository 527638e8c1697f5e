package wengert.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import wengert.tensor.cpu.Twin.Layout;
import wengert.tensor.spi.BinaryKind;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.ConvKernels;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.LossForm;
import wengert.tensor.spi.LossKernels;
import wengert.tensor.spi.MomentKernels;
import wengert.tensor.spi.NormForm;
import wengert.tensor.spi.NormKernels;
import wengert.tensor.spi.PoolKernels;
import wengert.tensor.spi.RandomKind;
import wengert.tensor.spi.ReduceKind;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.SoftmaxKernels;
import wengert.tensor.spi.UnaryKind;
import wengert.tensor.spi.View;

/// The same call gives the same bits: on any number of threads, and before and after compilation.
class BitsTest {
    private final Map<String, Supplier<View>> kernels = new LinkedHashMap<>();

    /// All kernels on inputs of a size.
    private void kernels(int scale, DType dtype) {
        Random r = new Random(scale);
        int n = 700 * scale + 13;
        View a = Twin.random(r, dtype, Layout.PLAIN, 4, n).actual();
        View b = Twin.random(r, dtype, Layout.PLAIN, 4, n).actual();
        View odd = Twin.random(r, dtype, Layout.ODD, 4, 7, 3 * scale, 11).actual();
        View repeated = Twin.random(r, dtype, Layout.REPEATED, 4, 7, 3 * scale, 11).actual();
        for (UnaryKind kind : UnaryKind.values()) {
            if (kind != UnaryKind.NOT) {
                add(kind + " plain", dtype, y -> Twin.CPU.unary(kind, 0.3, 2, a, y), n);
                add(kind + " odd", dtype, y -> Twin.CPU.unary(kind, 0.3, 2, odd, y), 7, 3 * scale, 11);
            }
        }
        for (BinaryKind kind : BinaryKind.values()) {
            add(kind + " plain", dtype, y -> Twin.CPU.binary(kind, 0.3, 2, a, b, y), n);
            add(kind + " odd", dtype, y -> Twin.CPU.binary(kind, 0.3, 2, odd, repeated, y), 7, 3 * scale, 11);
        }
        View pieces = Twin.random(r, dtype, Layout.PLAIN, 4, 2 * scale, 5, 1100).actual();
        for (ReduceKind kind : ReduceKind.values()) {
            add(kind + " of all", dtype, y -> Twin.CPU.reduce(kind, a, y), 1);
            add(kind + " over the first", dtype, y -> Twin.CPU.reduce(kind, odd, y), 1, 3 * scale, 11);
            add(kind + " over all but the middle", dtype, y -> Twin.CPU.reduce(kind, pieces, y), 1, 5, 1);
            add(kind + " over the last", dtype, y -> Twin.CPU.reduce(kind, odd, y), 7, 3 * scale, 1);
        }
        MomentKernels moments = Twin.CPU.find(MomentKernels.class);
        View spread = Twin.of(dtype, new double[5], 1, 5, 1).actual();
        add("variance over all but the middle", dtype, y -> moments.variance(pieces, 3, spread, y), 1, 5, 1);
        View lines = Twin.of(dtype, new double[1100 * 5], 1, 5, 1100).actual();
        add("variance over the first", dtype, y -> moments.variance(pieces, 3, lines, y), 1, 5, 1100);
        View all = Twin.of(dtype, new double[1], 1).actual();
        View many = Twin.random(r, dtype, Layout.PLAIN, 4, 5000 * scale).actual();
        add("variance of all", dtype, y -> moments.variance(many, 3, all, y), 1);
        add("argmax over the first", DType.I64, y -> Twin.CPU.argReduce(ReduceKind.MAX, odd, 0, y), 1,
                3 * scale, 11);
        add("argmin over the last", DType.I64, y -> Twin.CPU.argReduce(ReduceKind.MIN, odd, 2, y), 7,
                3 * scale, 1);
        add("cumulativeSum", dtype, y -> Twin.CPU.cumulativeSum(a, 0, y), n);
        int k = 20 * scale + 1;
        View left = Twin.random(r, dtype, Layout.PLAIN, 1, k, k + 2).actual();
        View right = Twin.random(r, dtype, Layout.ODD, 1, k + 2, k + 1).actual();
        add("matmul", dtype, y -> Twin.CPU.matmul(left, right, y), k, k + 1);
        ConvKernels conv = Twin.CPU.find(ConvKernels.class);
        for (int c : new int[] {1, 5}) {
            Conv2dGeometry g = Conv2dGeometry.of(2, 1);
            View x = Twin.random(r, dtype, Layout.PLAIN, 1, 2 * scale, c, 8, 8).actual();
            View w = Twin.random(r, dtype, Layout.PLAIN, 1, 6, c, 4, 4).actual();
            View dy = Twin.random(r, dtype, Layout.PLAIN, 1, 2 * scale, 6, 4, 4).actual();
            View shift = Twin.random(r, dtype, Layout.PLAIN, 1, 6).actual();
            View back = Twin.random(r, dtype, Layout.PLAIN, 1, c).actual();
            add("conv2d of " + c, dtype, y -> conv.conv2d(x, w, shift, g, y), 2 * scale, 6, 4, 4);
            add("dataGradient of " + c, dtype, y -> conv.conv2dDataGradient(dy, w, back, g, y), 2 * scale, c,
                    8, 8);
            add("weightGradient of " + c, dtype, y -> conv.conv2dWeightGradient(x, dy, g, y), 6, c, 4, 4);
        }
        Conv2dGeometry single = new Conv2dGeometry(2, 2, 1, 1, 1, 1, 5);
        View five = Twin.random(r, dtype, Layout.PLAIN, 1, 4 * scale, 5, 8, 8).actual();
        View window = Twin.random(r, dtype, Layout.PLAIN, 1, 10, 1, 4, 4).actual();
        View ten = Twin.random(r, dtype, Layout.PLAIN, 1, 4 * scale, 10, 4, 4).actual();
        add("depthwise", dtype, y -> conv.conv2d(five, window, single, y), 4 * scale, 10, 4, 4);
        add("depthwise dataGradient", dtype, y -> conv.conv2dDataGradient(ten, window, single, y), 4 * scale,
                5, 8, 8);
        add("depthwise weightGradient", dtype, y -> conv.conv2dWeightGradient(five, ten, single, y), 10, 1, 4,
                4);
        PoolKernels pool = Twin.CPU.find(PoolKernels.class);
        View planes = Twin.random(r, dtype, Layout.PLAIN, 1, 2 * scale, 3, 8, 8).actual();
        add("avgPool2d", dtype, y -> pool.avgPool2d(planes, 2, 2, Conv2dGeometry.of(2, 0), y), 2 * scale, 3,
                4, 4);
        add("avgPool2d gradient", dtype, y -> pool.avgPool2dGradient(planes, 2, 2, Conv2dGeometry.of(2, 0),
                y), 2 * scale, 3, 16, 16);
        add("maxPool2d", DType.I64, y -> pool.maxPool2dIndices(planes, 3, 3, Conv2dGeometry.of(2, 1), y),
                2 * scale, 3, 4, 4);
        add("bilinear", dtype, y -> pool.upsampleBilinear2d(planes, 2, 3, y), 2 * scale, 3, 16, 24);
        View enlarged = Twin.random(r, dtype, Layout.PLAIN, 1, 2 * scale, 3, 16, 16).actual();
        add("bilinear gradient", dtype, y -> pool.upsampleBilinear2dGradient(enlarged, 2, 2, y), 2 * scale, 3,
                8, 8);
        SoftmaxKernels soft = Twin.CPU.find(SoftmaxKernels.class);
        for (int axis = 0; axis < 4; axis++) {
            int along = axis;
            add("softmax " + axis, dtype, y -> soft.softmax(planes, along, y), 2 * scale, 3, 8, 8);
            add("logSoftmax " + axis, dtype, y -> soft.logSoftmax(planes, along, y), 2 * scale, 3, 8, 8);
            add("softmaxGradient " + axis, dtype, y -> soft.softmaxGradient(planes, planes, along, y),
                    2 * scale, 3, 8, 8);
            add("logSoftmaxGradient " + axis, dtype,
                    y -> soft.logSoftmaxGradient(planes, planes, along, y), 2 * scale, 3, 8, 8);
        }
        View classes = Twin.of(DType.I64, r.ints(128 * scale, 0, 3).asDoubleStream().toArray(), 2 * scale,
                1, 8, 8).actual();
        View weights = Twin.random(r, dtype, Layout.PLAIN, 1, 2 * scale, 1, 8, 8).actual();
        add("crossEntropy", dtype, y -> soft.crossEntropy(planes, 1, classes, y), 2 * scale, 1, 8, 8);
        add("crossEntropyGradient", dtype, y -> soft.crossEntropyGradient(planes, 1, classes, weights, y),
                2 * scale, 3, 8, 8);
        LossKernels loss = Twin.CPU.find(LossKernels.class);
        View one = Twin.of(dtype, new double[] {1}).actual().expand(Shape.of(n));
        for (LossForm.Kind kind : LossForm.Kind.values()) {
            var mean = new LossForm(kind, 0.5, LossForm.Fold.MEAN);
            add(mean + " loss", dtype, y -> loss.loss(mean, a, b, y));
            add(mean + " gradient", dtype, y -> loss.lossGradient(mean, a, b, one, y), n);
            add(mean + " gradient of each", dtype, y -> loss.lossGradient(mean, a, one, b, y), n);
        }
        NormKernels norm = Twin.CPU.find(NormKernels.class);
        View three = Twin.random(r, dtype, Layout.PLAIN, 1, 3).actual();
        View spare = Twin.of(dtype, new double[3], 3).actual();
        for (NormForm form : new NormForm[] {new NormForm(0, 1e-5, 0.2), new NormForm(3, 1e-5, 0)}) {
            norm(form, norm, planes, three, spare, dtype);
        }
        View rows = planes.reshape(Shape.of(2 * scale, 192));
        View each = Twin.random(r, dtype, Layout.PLAIN, 1, 192).actual();
        norm(new NormForm(1, 1e-5, 0.2), norm, rows, each, Twin.of(dtype, new double[192], 192).actual(),
                dtype);
        for (RandomKind kind : RandomKind.values()) {
            add("random " + kind, dtype, y -> Twin.CPU.random(kind, 1, 2, 3, y), n);
        }
    }

    private void norm(NormForm form, NormKernels norm, View x, View gamma, View spare, DType dtype) {
        int n = form.sets(x.shape());
        View mean = Twin.of(dtype, new double[n], n).actual();
        View var = Twin.of(dtype, java.util.stream.IntStream.range(1, n + 1).asDoubleStream().toArray(), n)
                .actual();
        View mean2 = Twin.of(dtype, new double[n], n).actual();
        View var2 = Twin.of(dtype, new double[n], n).actual();
        View big = Twin.of(dtype, new double[x.shape().length()], x.shape().toArray()).actual();
        View big2 = Twin.of(dtype, new double[x.shape().length()], x.shape().toArray()).actual();
        int[] s = x.shape().toArray();
        int[] c = gamma.shape().toArray();
        String name = form + " of " + x;
        add("y " + name, dtype, y -> norm.normalise(form, x, gamma, gamma, y, mean2, var2), s);
        add("dx " + name, dtype, y -> norm.normaliseGradient(form, x, gamma, gamma, x, mean, var, y, spare,
                spare), s);
        add("dgamma " + name, dtype, y -> norm.normaliseGradient(form, x, gamma, gamma, x, mean, var, big, y,
                spare), c);
        add("second dx " + name, dtype, y -> norm.normaliseSecondGradient(form, x, gamma, gamma, x, mean, var,
                x, gamma, gamma, y, spare, big), s);
        add("second dgamma " + name, dtype, y -> norm.normaliseSecondGradient(form, x, gamma, gamma, x, mean,
                var, x, gamma, gamma, big, y, big2), c);
        add("second ddy " + name, dtype, y -> norm.normaliseSecondGradient(form, x, gamma, gamma, x, mean,
                var, x, gamma, gamma, big, spare, y), s);
    }

    private interface Kernel {
        void run(View y);
    }

    private void add(String name, DType dtype, Kernel kernel, int... shape) {
        View y = Twin.output(new Random(1), dtype, Layout.PLAIN, shape).actual();
        kernels.put(dtype + " " + name, () -> {
            kernel.run(y);
            return y;
        });
    }

    private static List<long[]> bits(Iterable<Supplier<View>> kernels) {
        List<long[]> all = new ArrayList<>();
        for (Supplier<View> k : kernels) {
            double[] numbers = Twin.numbers(k.get());
            long[] bits = new long[numbers.length];
            for (int i = 0; i < bits.length; i++) {
                bits[i] = Double.doubleToLongBits(numbers[i]);
            }
            all.add(bits);
        }
        return all;
    }

    @Test
    void compilationDoesNotChangeABit() {
        kernels(1, DType.F32);
        kernels(1, DType.F64);
        List<long[]> first = bits(kernels.values());
        int i = 0;
        for (var kernel : kernels.entrySet()) {
            // until the compilers are through with it: 20,000 calls of the small kernels
            long end = System.nanoTime() + 50_000_000;
            for (int call = 0; call < 20_000 && System.nanoTime() < end; call++) {
                kernel.getValue().get();
            }
            assertArrayEquals(first.get(i++), bits(List.of(kernel.getValue())).get(0), kernel.getKey());
        }
    }

    @Test
    void theNumberOfThreadsDoesNotChangeABit() {
        kernels(40, DType.F32);
        kernels(6, DType.F64);
        int before = Parallel.threads();
        try {
            Parallel.threads(1);
            List<long[]> one = bits(kernels.values());
            for (int threads = 2; threads <= 3; threads++) {
                Parallel.threads(threads);
                List<long[]> more = bits(kernels.values());
                int i = 0;
                for (String name : kernels.keySet()) {
                    assertArrayEquals(one.get(i), more.get(i), name + " on " + threads + " threads");
                    i++;
                }
            }
        } finally {
            Parallel.threads(before);
        }
    }

    @Test
    void aLongSumIsTheSameTreeWhetherItIsSplitOrNot() {
        Random r = new Random(4);
        int before = Parallel.threads();
        for (int n : new int[] {65_536, 65_537, 200_003, 458_752, 500_001}) {
            View x = Twin.random(r, DType.F64, Layout.PLAIN, 1e9, 3, n).actual();
            View y = Twin.of(DType.F64, new double[3], 3, 1).actual();
            try {
                Parallel.threads(1); // three results: one after the other
                Twin.CPU.reduce(ReduceKind.SUM, x, y);
                double[] one = Twin.numbers(y);
                Parallel.threads(2); // each in parts
                Twin.CPU.reduce(ReduceKind.SUM, x, y);
                assertArrayEquals(one, Twin.numbers(y), "rows of " + n);
            } finally {
                Parallel.threads(before);
            }
        }
    }

    @Test
    void aNumbersPlaceInTheLoopDoesNotChangeItsBits() {
        Random r = new Random(3);
        float[] x = new float[131];
        float[] dy = new float[131];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (r.nextGaussian() * 10);
            dy[i] = (float) r.nextGaussian();
        }
        float[] one = new float[1];
        float[] all = new float[131];
        for (UnaryKind kind : UnaryKind.values()) {
            if (kind == UnaryKind.NOT) {
                continue;
            }
            F32Unary.run(kind, 0.3, 2, x, all, 0, x.length);
            for (int i = 0; i < x.length; i++) {
                F32Unary.run(kind, 0.3, 2, new float[] {x[i]}, one, 0, 1);
                assertEquals(Float.floatToIntBits(one[0]), Float.floatToIntBits(all[i]), kind + " of "
                        + x[i]);
            }
        }
        for (BinaryKind kind : BinaryKind.values()) {
            F32Binary.run(kind, 0.3, 2, x, dy, all, 0, x.length);
            for (int i = 0; i < x.length; i++) {
                F32Binary.run(kind, 0.3, 2, new float[] {x[i]}, new float[] {dy[i]}, one, 0, 1);
                assertEquals(Float.floatToIntBits(one[0]), Float.floatToIntBits(all[i]), kind + " of "
                        + x[i]);
            }
        }
    }
}
