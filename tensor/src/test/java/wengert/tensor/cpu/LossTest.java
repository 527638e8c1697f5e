package wengert.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import wengert.tensor.cpu.Twin.Layout;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.LossForm;
import wengert.tensor.spi.LossForm.Fold;
import wengert.tensor.spi.LossForm.Kind;
import wengert.tensor.spi.LossKernels;
import wengert.tensor.spi.Shape;

/// Losses and their gradients against the reference: nothing, one number, vectors and tails, several blocks,
/// several parts; targets number by number and one for all.
class LossTest {
    private static final LossKernels REFERENCE = Twin.REFERENCE.find(LossKernels.class);
    private static final LossKernels CPU = Twin.CPU.find(LossKernels.class);
    private static final int[][] SHAPES = {{1}, {7}, {64, 1}, {3, 33}, {0, 4}, {5, 1031}, {3, 50_000},
            {2, 3, 4, 5}};

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"F32", "F64"})
    void everyLossAgreesWithTheReference(DType dtype) {
        int seed = 0;
        for (Kind kind : Kind.values()) {
            for (Fold fold : Fold.values()) {
                for (int[] shape : SHAPES) {
                    check(new Random(seed++), dtype, new LossForm(kind, 0.7, fold), shape);
                }
            }
        }
    }

    private static void check(Random r, DType dtype, LossForm form, int... shape) {
        Layout layout = Layout.values()[r.nextInt(4)];
        Twin x = Twin.random(r, dtype, layout, form.kind() == Kind.PROBABILITY ? 1 : 30, shape);
        boolean one = r.nextBoolean();
        Twin t = Twin.of(dtype, new double[] {r.nextBoolean() ? 1 : -1});
        t = one ? new Twin(t.expected().expand(Shape.of(shape)), t.actual().expand(Shape.of(shape)))
                : Twin.random(r, dtype, layout, 1, shape);
        int[] result = form.fold() == Fold.NONE ? shape : new int[0];
        Twin y = Twin.output(r, dtype, Layout.values()[r.nextInt(3)], result);
        REFERENCE.loss(form, x.expected(), t.expected(), y.expected());
        CPU.loss(form, x.actual(), t.actual(), y.actual());
        String what = form + " " + layout + (one ? " of one target" : "");
        double unit = dtype == DType.F32 ? 0x1p-24 : 0x1p-53;
        y.assertClose(what, form.kind() == Kind.BCE ? 3 : 4, unit * (form.kind() == Kind.SMOOTH ? 64 : 32));
        Twin dy = Twin.random(r, dtype, form.fold() == Fold.NONE ? layout : Layout.PLAIN, 2, result);
        Shape full = Shape.of(shape);
        Twin dx = Twin.output(r, dtype, Layout.values()[r.nextInt(3)], shape);
        REFERENCE.lossGradient(form, x.expected(), t.expected(), dy.expected().expand(full), dx.expected());
        CPU.lossGradient(form, x.actual(), t.actual(), dy.actual().expand(full), dx.actual());
        dx.assertClose(what + " gradient", 4, form.share(full.elements()) * 8 * unit);
    }

    @Test
    void nothingLosesDigitsWhereALogitIsOnItsTargetsSide() {
        for (DType dtype : new DType[] {DType.F32, DType.F64}) {
            int n = 19;
            double[] logits = new double[n];
            double[] targets = new double[n];
            for (int i = 0; i < n; i++) {
                logits[i] = i % 2 == 0 ? 40 : -40;
                targets[i] = i % 2 == 0 ? 1 : 0;
            }
            Twin x = Twin.of(dtype, logits, n);
            Twin t = Twin.of(dtype, targets, n);
            Twin y = Twin.of(dtype, new double[n], n);
            var form = new LossForm(Kind.BCE, 0, Fold.NONE);
            CPU.loss(form, x.actual(), t.actual(), y.actual());
            double small = Math.exp(-40);
            for (double v : Twin.numbers(y.actual())) {
                assertEquals(1, v / small, 1e-6);
            }
            Twin ones = Twin.of(dtype, new double[] {1});
            CPU.lossGradient(form, x.actual(), t.actual(), ones.actual().expand(Shape.of(n)), y.actual());
            for (int i = 0; i < n; i++) {
                assertEquals(i % 2 == 0 ? -1 : 1, Twin.numbers(y.actual())[i] / small, 1e-6);
            }
        }
    }

    @Test
    void probabilitiesMayBe0And1() {
        for (DType dtype : new DType[] {DType.F32, DType.F64}) {
            double tiny = dtype == DType.F32 ? 0x1p-149 : 0x1p-1074;
            double[] p = {0, 0, 1, 1, 0.5, 0, 1, tiny, tiny, -0.0, 0.25};
            double[] q = {0, 1, 0, 1, 0.5, 0.5, 0.5, 0, 1, 1, 1};
            Twin x = Twin.of(dtype, p, p.length);
            Twin t = Twin.of(dtype, q, p.length);
            Twin y = Twin.of(dtype, new double[p.length], p.length);
            var form = new LossForm(Kind.PROBABILITY, 0, Fold.NONE);
            REFERENCE.loss(form, x.expected(), t.expected(), y.expected());
            CPU.loss(form, x.actual(), t.actual(), y.actual());
            y.assertClose("loss", 2, 0);
            double[] loss = Twin.numbers(y.actual());
            assertEquals(0, loss[0]);
            assertEquals(100, loss[1]);
            assertEquals(100, loss[2]);
            assertEquals(50, loss[5]);
            assertEquals(100, loss[8]);
            Twin ones = Twin.of(dtype, new double[] {1});
            Shape all = Shape.of(p.length);
            REFERENCE.lossGradient(form, x.expected(), t.expected(), ones.expected().expand(all),
                    y.expected());
            CPU.lossGradient(form, x.actual(), t.actual(), ones.actual().expand(all), y.actual());
            y.assertClose("gradient", 2, 0);
            double[] slope = Twin.numbers(y.actual());
            assertEquals(1, slope[0]);
            assertEquals(0, slope[1]);
            assertEquals(-1, slope[3]);
            assertEquals(-4, slope[10]);
        }
    }

    @Test
    void valuesMayBeOneNumberForAll() {
        for (DType dtype : new DType[] {DType.F32, DType.F64}) {
            Twin one = Twin.of(dtype, new double[] {0.3});
            Twin x = new Twin(one.expected().expand(Shape.of(3000)), one.actual().expand(Shape.of(3000)));
            Twin t = Twin.random(new Random(5), dtype, Layout.PLAIN, 1, 3000);
            Twin y = Twin.of(dtype, new double[3000], 3000);
            for (Kind kind : Kind.values()) {
                var form = new LossForm(kind, 0.7, Fold.NONE);
                REFERENCE.loss(form, x.expected(), t.expected(), y.expected());
                CPU.loss(form, x.actual(), t.actual(), y.actual());
                y.assertClose(kind.toString(), 4, 0x1p-22);
                REFERENCE.lossGradient(form, x.expected(), t.expected(), x.expected(), y.expected());
                CPU.lossGradient(form, x.actual(), t.actual(), x.actual(), y.actual());
                y.assertClose(kind + " gradient", 4, 0x1p-22);
            }
        }
    }

    @Test
    void nanStaysNaN() {
        for (Kind kind : Kind.values()) {
            for (int n : new int[] {1, 9}) {
                double[] numbers = new double[n];
                java.util.Arrays.fill(numbers, Double.NaN);
                Twin x = Twin.of(DType.F32, numbers, n);
                Twin t = Twin.of(DType.F32, new double[n], n);
                Twin y = Twin.of(DType.F32, new double[n], n);
                CPU.loss(new LossForm(kind, 1, Fold.NONE), x.actual(), t.actual(), y.actual());
                for (double v : Twin.numbers(y.actual())) {
                    assertTrue(Double.isNaN(v) || kind == Kind.HINGE && v == 0, kind + ": " + v);
                }
            }
        }
    }
}
