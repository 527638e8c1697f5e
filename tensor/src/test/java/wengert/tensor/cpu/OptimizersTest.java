package wengert.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import wengert.tensor.cpu.Twin.Layout;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.OptimizerKernels;
import wengert.tensor.spi.OptimizerKernels.Item;
import wengert.tensor.spi.UnaryKind;
import wengert.tensor.spi.View;

/// Optimiser steps against the reference, for sizes around vectors and blocks, and every choice a rule has.
class OptimizersTest {
    private static final int[] SIZES = {0, 1, 7, 64, 1031, 8192, 8193, 40_000};

    private enum Step {
        ADAM, AMSGRAD, ADAM_DECAY, ADAM_W, SGD, SGD_DECAY, MOMENTUM, NESTEROV, RMS_PROP, CENTERED,
        RMS_PROP_MOMENTUM, CENTERED_MOMENTUM, ADAGRAD;

        boolean has(int slot) {
            return switch (slot) {
                case 0 -> this != SGD && this != SGD_DECAY;
                case 1 -> switch (this) {
                    case ADAM, AMSGRAD, ADAM_DECAY, ADAM_W, CENTERED, CENTERED_MOMENTUM -> true;
                    default -> false;
                };
                default -> this == AMSGRAD || this == RMS_PROP_MOMENTUM || this == CENTERED_MOMENTUM;
            };
        }

        void run(OptimizerKernels k, List<Item> items) {
            switch (this) {
                case ADAM, AMSGRAD -> k.adam(items, 0.5, 0.999, 0, 1);
                case ADAM_DECAY -> k.adam(items, 0, 0.9, 0.1, 1);
                case ADAM_W -> k.adam(items, 0.9, 0.99, 0, 0.98);
                case SGD -> k.sgd(items, 0, false, 0);
                case SGD_DECAY -> k.sgd(items, 0, false, 0.1);
                case MOMENTUM -> k.sgd(items, 0.9, false, 0.1);
                case NESTEROV -> k.sgd(items, 0.9, true, 0);
                case RMS_PROP, CENTERED -> k.rmsProp(items, 0.99, 0, 0.1);
                case RMS_PROP_MOMENTUM, CENTERED_MOMENTUM -> k.rmsProp(items, 0.9, 0.5, 0);
                case ADAGRAD -> k.adagrad(items, 0.1);
            }
        }
    }

    /// A parameter, its gradient and what is kept for it, on both sides.
    private record Case(Twin[] x, double rate, double own) {
        static Case of(Random r, Step step, Layout layout, int n) {
            Twin[] x = new Twin[5];
            for (int i = 0; i < 5; i++) {
                x[i] = Twin.random(r, DType.F32, layout, i == 3 ? 0.1 : 1, n);
                if (i == 2 && step != Step.MOMENTUM && step != Step.NESTEROV || i == 3 || i == 4) {
                    // squares: not negative
                    both(UnaryKind.ABS, x[i]);
                }
                if (i == 2 && (step == Step.CENTERED || step == Step.CENTERED_MOMENTUM)) {
                    both(UnaryKind.ADD, x[i]); // the mean square is well above the square of the mean
                }
            }
            return new Case(x, -0.01 * (1 + n % 3), 0.01 + n % 2);
        }

        private static void both(UnaryKind kind, Twin x) {
            Twin.REFERENCE.unary(kind, 1, 0, x.expected(), x.expected());
            Twin.CPU.unary(kind, 1, 0, x.actual(), x.actual());
        }

        Item item(Step step, boolean actual) {
            return new Item(view(0, actual), view(1, actual), step.has(0) ? view(2, actual) : null,
                    step.has(1) ? view(3, actual) : null, step.has(2) ? view(4, actual) : null, rate, own);
        }

        private View view(int i, boolean actual) {
            return actual ? x[i].actual() : x[i].expected();
        }
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void stepsAgreeWithTheReference(Step step) {
        for (Layout layout : new Layout[] {Layout.PLAIN, Layout.OFFSET}) {
            Random r = new Random(step.ordinal());
            List<Case> cases = new ArrayList<>();
            for (int n : SIZES) {
                cases.add(Case.of(r, step, layout, n));
            }
            step.run(Twin.REFERENCE.find(OptimizerKernels.class), items(cases, step, false));
            step.run(Twin.CPU.find(OptimizerKernels.class), items(cases, step, true));
            double eps = 0x1p-24;
            for (Case c : cases) {
                String what = step + " of " + c.x[0].expected();
                c.x[0].assertClose(what, 2, 8 * eps);
                c.x[1].assertSame(what + ": gradient");
                for (int slot = 0; slot < 3; slot++) {
                    // momentum of 1/(√v + eps) ≤ 100
                    c.x[2 + slot].assertClose(what + ": slot " + slot, 4, slot == 2 ? 400 * eps : 4 * eps);
                }
            }
        }
    }

    private static List<Item> items(List<Case> cases, Step step, boolean actual) {
        return cases.stream().map(c -> c.item(step, actual)).toList();
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void theNumberOfThreadsChangesNoBit(Step step) {
        int threads = Parallel.threads();
        try {
            List<double[]> results = new ArrayList<>();
            for (int t : new int[] {1, 3}) {
                Parallel.threads(t);
                Case c = Case.of(new Random(9), step, Layout.OFFSET, 50_001);
                step.run(Twin.CPU.find(OptimizerKernels.class), List.of(c.item(step, true)));
                results.add(Twin.numbers(c.x[0].actual()));
            }
            assertArrayEquals(results.get(0), results.get(1));
        } finally {
            Parallel.threads(threads);
        }
    }

    @Test
    void theMeanOfAConstantIsThatConstant() {
        float[] p = {1};
        float[] g = {0.1f};
        float[] m = {0.1f};
        float[] v = {0.1f * 0.1f};
        float square = v[0];
        for (int i = 0; i < 1000; i++) {
            F32Optimizers.adam(p, g, m, v, null, 0, 1, 0.1f, 0.001f, 0, 1, 0, 1e-8f);
        }
        assertEquals(0.1f, m[0], 2e-8f);
        assertEquals(square, v[0], 2e-9f);
    }

    @Test
    void squaresAreSummedInF64() {
        Random r = new Random(8);
        List<View> want = new ArrayList<>();
        List<View> got = new ArrayList<>();
        for (int n : SIZES) {
            Twin g = Twin.random(r, DType.F32, Layout.OFFSET, n % 2 == 0 ? 1e30 : 1, n);
            want.add(g.expected());
            got.add(g.actual());
        }
        double[] expected = new double[SIZES.length];
        double[] one = new double[SIZES.length];
        double[] two = new double[SIZES.length];
        Twin.REFERENCE.find(OptimizerKernels.class).squares(want, expected);
        int before = Parallel.threads();
        try {
            Parallel.threads(1);
            Twin.CPU.find(OptimizerKernels.class).squares(got, one);
            Parallel.threads(2);
            Twin.CPU.find(OptimizerKernels.class).squares(got, two);
        } finally {
            Parallel.threads(before);
        }
        assertArrayEquals(one, two);
        for (int i = 0; i < one.length; i++) {
            assertEquals(expected[i], one[i], 1e-12 * expected[i], "of " + SIZES[i]);
        }
    }
}
