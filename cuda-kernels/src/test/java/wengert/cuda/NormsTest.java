package wengert.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import wengert.cuda.Twin.Layout;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.NormForm;
import wengert.tensor.spi.NormKernels;

/// Normalisations and their gradients of both orders against the reference.
class NormsTest {
    private static final double EPS = 1e-2;
    private static final double[] SLOPES = {1, 0, 0.2};

    /// Shapes with all kinds of runs: one number, a few, packs, packs and a tail, several parts; columns of
    /// several chunks.
    private static final int[][] SHAPES = {{4, 3, 5, 5}, {16, 5}, {3, 2, 1, 1}, {1, 3, 33, 7}, {2, 4, 1500},
        {7, 1, 4, 4, 3}, {40, 6, 8, 8}, {5, 70}, {3, 4, 2}, {2, 6, 7}, {2, 3, 6145}, {3, 4, 8}, {300, 3, 4},
        {1, 2, 5000}, {3, 1400}};

    private static NormKernels reference;
    private static NormKernels card;

    @BeforeAll
    static void open() {
        reference = Twin.reference().find(NormKernels.class);
        card = Twin.card().find(NormKernels.class);
    }

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
        for (int seed = 0; seed < 4 * SHAPES.length; seed++) {
            int[] shape = SHAPES[seed % SHAPES.length];
            int[] groups = IntStream.rangeClosed(1, shape[1]).filter(g -> shape[1] % g == 0).toArray();
            int g = groups[seed / SHAPES.length % groups.length];
            check(seed, dtype, new NormForm(g, EPS, SLOPES[seed / SHAPES.length % 3]), shape);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void nothing(int groups) {
        for (int[] shape : new int[][] {{0, 4}, {0, 4, 9}, {3, 4, 0}, {2, 0, 5}}) {
            int g = shape[1] == 0 ? 1 : groups;
            check(1, DType.F32, new NormForm(g, EPS, 0.2), shape);
            check(1, DType.F64, new NormForm(0, EPS, 0.2), shape);
        }
    }

    /// Numbers whose mean is large beside their distances from it, outliers where distances are counted from,
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
        FAR_FROM_0, OUTLIERS, OUTLIERS_FIRST, ONE_OUTLIER, CONSTANT, NAN, INFINITE_FIRST, INFINITE_LAST;

        double at(Random r, int i, int n) {
            double normal = r.nextGaussian();
            return switch (this) {
                case FAR_FROM_0 -> 1e4 + normal;
                case OUTLIERS -> i % 37 == 0 ? 1e4 : normal;
                case OUTLIERS_FIRST -> i < 300 ? 1e4 + normal : normal;
                case ONE_OUTLIER -> i == 0 ? 1e4 : 3.3;
                case CONSTANT -> 3.3;
                case NAN -> i == 5 ? Double.NaN : normal;
                case INFINITE_FIRST -> i == 0 ? Double.POSITIVE_INFINITY : normal;
                case INFINITE_LAST -> i == n - 1 ? Double.NEGATIVE_INFINITY : normal;
            };
        }
    }

    private static void difficult(Numbers numbers, NormForm form, int... shape) {
        Random r = new Random(numbers.ordinal());
        double[] all = new double[IntStream.of(shape).reduce(1, (a, b) -> a * b)];
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
        reference.normalise(form, x.expected(), gamma.expected(), beta.expected(), y.expected(),
                mean.expected(), var.expected());
        card.normalise(form, x.actual(), gamma.actual(), beta.actual(), y.actual(), mean.actual(),
                var.actual());
        String what = numbers + " " + form + " ";
        double spread = 0;
        for (double v : Twin.numbers(var.expected())) {
            spread = Math.max(spread, Double.isFinite(v) ? Math.sqrt(v) : 0);
        }
        mean.assertClose(what + "mean", 1, 1e-6 * spread);
        var.assertClose(what + "var", 4, 0);
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
            NormForm form = new NormForm(groups[i], 1e-5, 0.2);
            Results k = new Results(i, dtype, form, Layout.PLAIN, shapes[i]);
            for (Twin zero : new Twin[] {k.dx, k.secondDx, k.dgamma, k.secondDgamma}) {
                for (double v : Twin.numbers(zero.actual())) {
                    assertEquals(0, Math.abs(v), form + " of " + zero.actual());
                }
            }
        }
    }

    /// As many terms up as down are 0, whatever their order, and Adam does not see a direction in what
    /// rounding left.
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theOrderOfFewImagesIsNoMatterToLayerNorm(int l) {
        Random r = new Random(4);
        Twin x = Twin.random(r, DType.F32, Layout.PLAIN, 2, 8, 100, l);
        Twin dy = Twin.random(r, DType.F32, Layout.PLAIN, 2, 8, 100, l);
        Twin gamma = Twin.random(r, DType.F32, Layout.PLAIN, 2, 100);
        Twin beta = Twin.random(r, DType.F32, Layout.PLAIN, 2, 100);
        NormForm form = new NormForm(1, EPS, 0.2);
        double[][] sums = new double[2][];
        for (int flip = 0; flip < 2; flip++) {
            Twin mean = Twin.output(r, DType.F32, Layout.PLAIN, 8);
            Twin var = Twin.output(r, DType.F32, Layout.PLAIN, 8);
            Twin large = Twin.output(r, DType.F32, Layout.PLAIN, 8, 100, l);
            Twin dgamma = Twin.output(r, DType.F32, Layout.PLAIN, 100);
            Twin dbeta = Twin.output(r, DType.F32, Layout.PLAIN, 100);
            Twin from = flip == 1 ? x.view(v -> v.flip(0)) : x;
            Twin back = flip == 1 ? dy.view(v -> v.flip(0)) : dy;
            card.normalise(form, from.actual(), gamma.actual(), beta.actual(), large.actual(), mean.actual(),
                    var.actual());
            card.normaliseGradient(form, from.actual(), gamma.actual(), beta.actual(), back.actual(),
                    mean.actual(), var.actual(), large.actual(), dgamma.actual(), dbeta.actual());
            sums[flip] = IntStream.range(0, 2)
                    .mapToObj(i -> Twin.numbers(i == 0 ? dgamma.actual() : dbeta.actual()))
                    .flatMapToDouble(Arrays::stream).toArray();
        }
        for (int i = 0; i < sums[0].length; i++) {
            assertEquals(sums[0][i], sums[1][i], "sum " + i);
        }
    }

    private static void check(int seed, DType dtype, NormForm form, int... shape) {
        Layout layout = Layout.values()[seed % 5];
        boolean empty = IntStream.of(shape).anyMatch(size -> size == 0);
        new Results(seed, dtype, form, empty ? Layout.PLAIN : layout, shape).assertClose();
    }

    /// All that the three kernels make of random numbers, on both backends.
    private static final class Results {
        private final String what;
        private final DType dtype;
        private final int values;
        private final int perChannel;
        private final Twin mean;
        private final Twin var;
        private final Twin y;
        private final Twin dx;
        private final Twin dgamma;
        private final Twin dbeta;
        private final Twin secondDx;
        private final Twin secondDgamma;
        private final Twin ddy;

        Results(int seed, DType dtype, NormForm form, Layout layout, int... shape) {
            Random r = new Random(seed);
            this.dtype = dtype;
            int c = shape[1];
            Twin x = Twin.random(r, dtype, layout, 2, shape);
            Twin back = Twin.random(r, dtype, layout, 2, shape);
            Twin a = Twin.random(r, dtype, layout, 2, shape);
            Twin gamma = Twin.random(r, dtype, c == 0 ? Layout.PLAIN : layout, 2, c);
            Twin beta = Twin.random(r, dtype, Layout.PLAIN, 2, c);
            Twin ddgamma = Twin.random(r, dtype, Layout.PLAIN, 2, c);
            Twin ddbeta = Twin.random(r, dtype, Layout.PLAIN, 2, c);
            what = form + " of " + x.expected() + " " + layout + " ";
            int sets = form.sets(x.expected().shape());
            int elements = x.expected().shape().length();
            values = sets == 0 ? 1 : Math.max(1, elements / sets);
            perChannel = c == 0 ? 1 : Math.max(1, elements / c);
            mean = output(r, layout, sets);
            var = output(r, layout, sets);
            y = output(r, layout, shape);
            dx = output(r, layout, shape);
            dgamma = output(r, layout, c);
            dbeta = output(r, layout, c);
            secondDx = output(r, layout, shape);
            secondDgamma = output(r, layout, c);
            ddy = output(r, layout, shape);
            for (boolean on : new boolean[] {false, true}) {
                NormKernels k = on ? card : reference;
                k.normalise(form, x.of(on), gamma.of(on), beta.of(on), y.of(on), mean.of(on), var.of(on));
                // both look back with the reference's statistics
                if (on) {
                    mean.assertClose(what + "mean", 2, 4 * unit());
                    var.assertClose(what + "var", 2, 32 * unit());
                    Twin.card().copy(mean.expected(), mean.actual());
                    Twin.card().copy(var.expected(), var.actual());
                }
                k.normaliseGradient(form, x.of(on), gamma.of(on), beta.of(on), back.of(on), mean.of(on),
                        var.of(on), dx.of(on), dgamma.of(on), dbeta.of(on));
                k.normaliseSecondGradient(form, x.of(on), gamma.of(on), beta.of(on), back.of(on), mean.of(on),
                        var.of(on), a.of(on), ddgamma.of(on), ddbeta.of(on), secondDx.of(on),
                        secondDgamma.of(on), ddy.of(on));
            }
        }

        private Twin output(Random r, Layout layout, int... shape) {
            Layout to = layout == Layout.PLAIN ? layout : Layout.values()[r.nextInt(4)];
            return Twin.output(r, dtype, to, shape);
        }

        private double unit() {
            return dtype == DType.F32 ? 0x1p-24 : 0x1p-53;
        }

        /// Numbers are up to 2, x̂ up to h = min(√M, 4/√eps), 1/σ up to 10 for an eps of 1e-2; a few
        /// roundings each.
        void assertClose() {
            double unit = unit();
            double h = Math.min(Math.sqrt(values), 40);
            double sigma = 10;
            y.assertClose(what + "y", 1, 8 * 2 * (h + sigma) * unit);
            dgamma.assertClose(what + "dgamma", 1, 2 * unit * h * perChannel);
            dbeta.assertClose(what + "dbeta", 1, 2 * unit * perChannel);
            dx.assertClose(what + "dx", 1, 16 * 4 * sigma * h * unit);
            secondDx.assertClose(what + "second dx", 1, 64 * 8 * sigma * sigma * h * unit);
            secondDgamma.assertClose(what + "second dgamma", 1, 16 * 4 * sigma * h * unit * perChannel);
            ddy.assertClose(what + "ddy", 1, 16 * 4 * sigma * h * unit);
        }
    }
}
