package wengert.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import wengert.cuda.Twin.Layout;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.LossForm;
import wengert.tensor.spi.LossForm.Fold;
import wengert.tensor.spi.LossForm.Kind;
import wengert.tensor.spi.LossKernels;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

/// Losses and their gradients against the reference: nothing, one number, some, several chunks; targets
/// number by number and one for all.
class LossesTest {
    private static final int[][] SHAPES = {{1}, {7}, {64, 1}, {3, 33}, {0, 4}, {5, 1031}, {2, 3, 4, 5}};
    private static LossKernels reference;
    private static LossKernels card;

    @BeforeAll
    static void open() {
        reference = Twin.reference().find(LossKernels.class);
        card = Twin.card().find(LossKernels.class);
    }

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
        Layout layout = Layout.values()[r.nextInt(5)];
        Twin x = Twin.random(r, dtype, layout, form.kind() == Kind.PROBABILITY ? 1 : 30, shape);
        boolean one = r.nextBoolean();
        Shape full = Shape.of(shape);
        Twin t = one ? Twin.of(dtype, new double[] {r.nextBoolean() ? 1 : -1}).view(v -> v.expand(full))
                : Twin.random(r, dtype, layout, 1, shape);
        int[] result = form.fold() == Fold.NONE ? shape : new int[0];
        Twin y = Twin.output(r, dtype, Layout.values()[r.nextInt(5)], result);
        reference.loss(form, x.expected(), t.expected(), y.expected());
        card.loss(form, x.actual(), t.actual(), y.actual());
        String what = form + " " + layout + (one ? " of one target" : "");
        double unit = dtype == DType.F32 ? 0x1p-24 : 0x1p-53;
        y.assertClose(what, form.kind() == Kind.BCE ? 3 : 4, unit * (form.kind() == Kind.SMOOTH ? 64 : 32));
        Twin dy = Twin.random(r, dtype, form.fold() == Fold.NONE ? layout : Layout.PLAIN, 2, result);
        Twin dx = Twin.output(r, dtype, Layout.values()[r.nextInt(5)], shape);
        reference.lossGradient(form, x.expected(), t.expected(), dy.expected().expand(full), dx.expected());
        card.lossGradient(form, x.actual(), t.actual(), dy.actual().expand(full), dx.actual());
        dx.assertClose(what + " gradient", 4, form.share(full.elements()) * 8 * unit);
    }

    @Test
    void nothingLosesDigitsWhereALogitIsOnItsTargetsSide() {
        for (DType dtype : new DType[] {DType.F32, DType.F64}) {
            Twin x = Twin.of(dtype, new double[] {40, -40, 40}, 3);
            Twin t = Twin.of(dtype, new double[] {1, 0, 1}, 3);
            Twin y = Twin.of(dtype, new double[3], 3);
            var form = new LossForm(Kind.BCE, 0, Fold.NONE);
            card.loss(form, x.actual(), t.actual(), y.actual());
            double small = Math.exp(-40);
            for (double v : Twin.numbers(y.actual())) {
                assertEquals(1, v / small, 1e-6);
            }
            View ones = Twin.of(dtype, new double[] {1}).actual();
            card.lossGradient(form, x.actual(), t.actual(), ones.expand(Shape.of(3)), y.actual());
            double[] slopes = Twin.numbers(y.actual());
            for (int i = 0; i < 3; i++) {
                assertEquals(i % 2 == 0 ? -1 : 1, slopes[i] / small, 1e-6);
            }
        }
    }

    @Test
    void probabilitiesMayBe0And1() {
        for (DType dtype : new DType[] {DType.F32, DType.F64}) {
            double tiny = dtype == DType.F32 ? 0x1p-149 : 0x1p-1074;
            double[] p = {0, 0, 1, 1, 0.5, 0, 1, tiny, tiny, -0.0, 0.25, -3, 4};
            double[] q = {0, 1, 0, 1, 0.5, 0.5, 0.5, 0, 1, 1, 1, 0.5, 0.5};
            Twin x = Twin.of(dtype, p, p.length);
            Twin t = Twin.of(dtype, q, p.length);
            Twin y = Twin.of(dtype, new double[p.length], p.length);
            var form = new LossForm(Kind.PROBABILITY, 0, Fold.NONE);
            reference.loss(form, x.expected(), t.expected(), y.expected());
            card.loss(form, x.actual(), t.actual(), y.actual());
            y.assertClose("loss", 2, 0);
            Twin one = Twin.of(dtype, new double[] {1}).view(v -> v.expand(Shape.of(p.length)));
            reference.lossGradient(form, x.expected(), t.expected(), one.expected(), y.expected());
            card.lossGradient(form, x.actual(), t.actual(), one.actual(), y.actual());
            y.assertClose("gradient", 2, 0);
        }
    }

    @Test
    void nanStaysNaN() {
        for (Kind kind : Kind.values()) {
            double[] numbers = new double[9];
            Arrays.fill(numbers, Double.NaN);
            Twin x = Twin.of(DType.F32, numbers, 9);
            Twin t = Twin.of(DType.F32, new double[9], 9);
            Twin y = Twin.of(DType.F32, new double[9], 9);
            card.loss(new LossForm(kind, 1, Fold.NONE), x.actual(), t.actual(), y.actual());
            for (double v : Twin.numbers(y.actual())) {
                assertTrue(Double.isNaN(v), kind + ": " + v);
            }
        }
    }
}
