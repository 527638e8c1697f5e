package wengert.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import wengert.tensor.cpu.Twin.Layout;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.NormForm;
import wengert.tensor.spi.NormKernels;
import wengert.tensor.spi.View;

/// Normalisations and their gradients of both orders against the reference.
class NormsTest {
    private static final NormKernels REFERENCE = Twin.REFERENCE.find(NormKernels.class);
    private static final NormKernels CPU = Twin.CPU.find(NormKernels.class);
    private static final double EPS = 1e-2;
    private static final double[] SLOPES = {1, 0, 0.2};

    /// Shapes with all kinds of runs: none, one number, a few, whole vectors, vectors and a tail, more than
    /// one block of a sum.
    private static final int[][] SHAPES = {{4, 3, 5, 5}, {16, 5}, {3, 2, 1, 1}, {1, 3, 33, 7}, {2, 4, 1500},
        {7, 1, 4, 4, 3}, {64, 6, 16, 16}, {5, 70}, {3, 4, 2}, {2, 6, 7}, {2, 3, 4099}, {3, 4, 8}};

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"F32", "F64"})
    void overTheBatch(DType dtype) {
        for (int seed = 0; seed < 3 * SHAPES.length; seed++) {
            int[] shape = SHAPES[seed % SHAPES.length];
            check(seed, dtype, new NormForm(0, EPS, SLOPES[seed / SHAPES.length]), shape);
        }
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"F32", "F64"})
    void byGroups(DType dtype) {
        for (int seed = 0; seed < 6 * SHAPES.length; seed++) {
            int[] shape = SHAPES[seed % SHAPES.length];
            int[] groups = java.util.stream.IntStream.rangeClosed(1, shape[1])
                    .filter(g -> shape[1] % g == 0).toArray();
            int g = groups[seed / SHAPES.length % groups.length];
            check(seed, dtype, new NormForm(g, EPS, SLOPES[seed / SHAPES.length % 3]), shape);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void nothing(int groups) {
        for (int[] shape : new int[][] {{0, 4}, {0, 4, 9}, {3, 4, 0}, {2, 0, 5},
            {0, 4, 65536, 32769}}) {
            int g = shape[1] == 0 ? 1 : groups;
            check(1, DType.F32, new NormForm(g, EPS, 0.2), shape);
            check(1, DType.F64, new NormForm(g, EPS, 0.2), shape);
        }
    }

    /// Numbers whose mean is large beside their distances from it, outliers where the mean is guessed from,
    /// sets of equal numbers, and numbers that are none: these stay within their set.
    @ParameterizedTest
    @EnumSource(Numbers.class)
    void statisticsOfDifficultNumbers(Numbers numbers) {
        for (int[] shape : new int[][] {{6, 4, 5, 5}, {20, 4, 16, 16}, {300, 16}, {3, 1031}, {2, 2, 9000}}) {
            for (int groups = 0; groups <= 2; groups++) {
                if (groups == 0 || shape[1] % groups == 0) {
                    difficult(numbers, new NormForm(groups, 1e-5, 0.2), shape);
                }
            }
        }
    }

    private enum Numbers {
        FAR_FROM_0, OUTLIERS, OUTLIERS_FIRST, CONSTANT, NAN, INFINITE_FIRST, INFINITE_LAST;

        double at(Random r, int i, int n) {
            double normal = r.nextGaussian();
            return switch (this) {
                case FAR_FROM_0 -> 1e4 + normal;
                case OUTLIERS -> i % 37 == 0 ? 1e4 : normal;
                case OUTLIERS_FIRST -> i < 300 ? 1e4 + normal : normal;
                case CONSTANT -> 3.3;
                case NAN -> i == 5 ? Double.NaN : normal;
                case INFINITE_FIRST -> i == 5 ? Double.POSITIVE_INFINITY : normal;
                case INFINITE_LAST -> i == n - 1 ? Double.NEGATIVE_INFINITY : normal;
            };
        }
    }

    private static void difficult(Numbers numbers, NormForm form, int... shape) {
        Random r = new Random(numbers.ordinal());
        double[] all = new double[java.util.stream.IntStream.of(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < all.length; i++) {
            all[i] = numbers.at(r, i, all.length);
        }
        Twin x = Twin.of(DType.F32, all, shape);
        Twin gamma = Twin.random(r, DType.F32, Layout.PLAIN, 1, shape[1]);
        Twin beta = Twin.random(r, DType.F32, Layout.PLAIN, 1, shape[1]);
        int sets = form.sets(x.expected().shape());
        Twin mean = Twin.output(r, DType.F32, Layout.PLAIN, sets);
        Twin var = Twin.output(r, DType.F32, Layout.PLAIN, sets);
        Twin y = Twin.output(r, DType.F32, Layout.PLAIN, shape);
        REFERENCE.normalise(form, x.expected(), gamma.expected(), beta.expected(), y.expected(),
                mean.expected(), var.expected());
        CPU.normalise(form, x.actual(), gamma.actual(), beta.actual(), y.actual(), mean.actual(),
                var.actual());
        String what = numbers + " " + form + " ";
        double spread = 0;
        for (double v : Twin.numbers(var.expected())) {
            spread = Math.max(spread, Double.isFinite(v) ? Math.sqrt(v) : 0);
        }
        mean.assertClose(what + "mean", 1, 1e-6 * spread);
        var.assertClose(what + "var", 64, 0);
        y.assertClose(what + "y", 4, 1e-5);
    }

    /// A set of one number is its own mean: its gradients are 0, not what rounding leaves of two equal terms,
    /// which are 1/√eps times as large as dy.
    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"F32", "F64"})
    void nothingFlowsThroughASetOfOneNumber(DType dtype) {
        int[][] shapes = {{1, 20}, {5, 20}, {5, 1}, {5, 20, 1}};
        int[] groups = {0, 20, 1, 20};
        for (int i = 0; i < shapes.length; i++) {
            Random r = new Random(i);
            NormForm form = new NormForm(groups[i], 1e-5, 0.2);
            int c = shapes[i][1];
            View[] large = new View[7];
            View[] small = new View[7];
            for (int j = 0; j < 7; j++) {
                large[j] = Twin.random(r, dtype, Layout.PLAIN, 2, shapes[i]).actual();
                small[j] = Twin.random(r, dtype, Layout.PLAIN, 2, c).actual();
            }
            int sets = form.sets(large[0].shape());
            View mean = Twin.output(r, dtype, Layout.PLAIN, sets).actual();
            View var = Twin.output(r, dtype, Layout.PLAIN, sets).actual();
            CPU.normalise(form, large[0], small[0], small[1], large[1], mean, var);
            CPU.normaliseGradient(form, large[0], small[0], small[1], large[2], mean, var, large[3], small[2],
                    small[3]);
            CPU.normaliseSecondGradient(form, large[0], small[0], small[1], large[2], mean, var, large[4],
                    small[4], small[5], large[5], small[6], large[6]);
            for (View zero : new View[] {large[3], large[5], small[2], small[6]}) {
                for (double v : Twin.numbers(zero)) {
                    assertEquals(0, Math.abs(v), form + " of " + large[0]);
                }
            }
        }
    }

    /// Of a few images each has sums of its own, which are added up exactly enough: as many terms up as down
    /// are 0, whatever their order, and Adam does not see a direction in what rounding left.
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theOrderOfFewImagesIsNoMatterToLayerNorm(int l) {
        Random r = new Random(4);
        View x = Twin.random(r, DType.F32, Layout.PLAIN, 2, 8, 100, l).actual();
        View dy = Twin.random(r, DType.F32, Layout.PLAIN, 2, 8, 100, l).actual();
        View gamma = Twin.random(r, DType.F32, Layout.PLAIN, 2, 100).actual();
        View beta = Twin.random(r, DType.F32, Layout.PLAIN, 2, 100).actual();
        NormForm form = new NormForm(1, EPS, 0.2);
        Twin dgamma = Twin.output(r, DType.F32, Layout.PLAIN, 100);
        Twin dbeta = Twin.output(r, DType.F32, Layout.PLAIN, 100);
        for (boolean flip : new boolean[] {false, true}) {
            View mean = Twin.output(r, DType.F32, Layout.PLAIN, 8).actual();
            View var = Twin.output(r, DType.F32, Layout.PLAIN, 8).actual();
            View large = Twin.output(r, DType.F32, Layout.PLAIN, 8, 100, l).actual();
            View from = flip ? x.flip(0) : x;
            CPU.normalise(form, from, gamma, beta, large, mean, var);
            CPU.normaliseGradient(form, from, gamma, beta, flip ? dy.flip(0) : dy, mean, var, large,
                    flip ? dgamma.actual() : dgamma.expected(), flip ? dbeta.actual() : dbeta.expected());
        }
        dgamma.assertSame("dgamma");
        dbeta.assertSame("dbeta");
    }

    private static void check(int seed, DType dtype, NormForm form, int... shape) {
        NormTwins.of(Twin.REFERENCE, new Random(seed), dtype, form, shape).assertClose();
    }
}
