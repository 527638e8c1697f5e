package wengert.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import wengert.cuda.Twin.Layout;
import wengert.cuda.driver.Launch;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.OptimizerKernels;
import wengert.tensor.spi.OptimizerKernels.Item;
import wengert.tensor.spi.View;

/// Optimiser steps against the reference, for sizes around vectors and chunks, and every choice a rule has.
class OptimizersTest {
    private static final int[] SIZES = {0, 1, 7, 64, 1031, 0, 4096, 4097, 9000};
    private static OptimizerKernels reference;
    private static OptimizerKernels card;

    @BeforeAll
    static void open() {
        reference = Twin.reference().find(OptimizerKernels.class);
        card = Twin.card().find(OptimizerKernels.class);
    }

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
                boolean square = i == 2 && step != Step.MOMENTUM && step != Step.NESTEROV || i == 3 || i == 4;
                // the mean square is well above the square of the mean
                double more = i == 2 && (step == Step.CENTERED || step == Step.CENTERED_MOMENTUM) ? 1 : 0;
                double range = i == 3 ? 0.1 : 1;
                x[i] = Twin.random(r, DType.F32, layout, v -> square ? Math.abs(v * range) + more : v * range,
                        n);
            }
            return new Case(x, -0.01 * (1 + n % 3), 0.01 + n % 2);
        }

        Item item(Step step, boolean onCard) {
            return new Item(x[0].of(onCard), x[1].of(onCard), step.has(0) ? x[2].of(onCard) : null,
                    step.has(1) ? x[3].of(onCard) : null, step.has(2) ? x[4].of(onCard) : null, rate, own);
        }
    }

    private static List<Item> items(List<Case> cases, Step step, boolean onCard) {
        return cases.stream().map(c -> c.item(step, onCard)).toList();
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
            step.run(reference, items(cases, step, false));
            step.run(card, items(cases, step, true));
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

    @Test
    void upTo64ParametersAreOneLaunch() {
        Random r = new Random(3);
        List<Case> cases = new ArrayList<>();
        for (int i = 0; i < 130; i++) {
            cases.add(Case.of(r, Step.ADAM, Layout.PLAIN, 1 + i % 5));
        }
        for (int n : new int[] {1, 63, 64}) {
            long before = Launch.count();
            Step.ADAM.run(card, items(cases.subList(0, n), Step.ADAM, true));
            assertEquals(1, Launch.count() - before, n + " parameters");
            Step.ADAM.run(reference, items(cases.subList(0, n), Step.ADAM, false));
        }
        long before = Launch.count();
        Step.ADAM.run(card, items(cases, Step.ADAM, true));
        assertEquals(3, Launch.count() - before);
        Step.ADAM.run(reference, items(cases, Step.ADAM, false));
        for (Case c : cases) {
            c.x[0].assertClose("parameter", 4, 0x1p-20);
        }
        before = Launch.count();
        Step.ADAM.run(card, List.of());
        assertEquals(0, Launch.count() - before);
    }

    @Test
    void theMeanOfAConstantIsThatConstant() {
        Twin[] x = new Twin[4];
        double[] numbers = {1, 0.1f, 0.1f, 0.1f * 0.1f};
        for (int i = 0; i < 4; i++) {
            x[i] = Twin.of(DType.F32, new double[] {numbers[i]}, 1);
        }
        var item = new Item(x[0].actual(), x[1].actual(), x[2].actual(), x[3].actual(), null, 0, 1e-8);
        for (int i = 0; i < 1000; i++) {
            card.adam(List.of(item), 0.9, 0.999, 0, 1);
        }
        assertEquals(0.1f, Twin.numbers(x[2].actual())[0], 2e-8);
        assertEquals(numbers[3], Twin.numbers(x[3].actual())[0], 2e-9);
    }

    @Test
    void squaresAreSummedInF64() {
        Random r = new Random(8);
        List<View> want = new ArrayList<>();
        List<View> got = new ArrayList<>();
        for (int round = 0; round < 8; round++) {
            for (int n : SIZES) {
                Twin g = Twin.random(r, DType.F32, round % 2 == 0 ? Layout.OFFSET : Layout.PLAIN,
                        n % 2 == 0 ? 1e30 : 1, n);
                want.add(g.expected());
                got.add(g.actual());
            }
        }
        double[] expected = new double[want.size()];
        double[] actual = new double[want.size()];
        Arrays.fill(actual, 7);
        reference.squares(want, expected);
        card.squares(got, actual);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], 1e-12 * expected[i], "of " + want.get(i));
        }
    }
}
