package wengert.tensor.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static wengert.tensor.ops.Numbers.assertNear;
import static wengert.tensor.ops.Numbers.assertRefused;
import static wengert.tensor.ops.Numbers.assertShape;
import static wengert.tensor.ops.Numbers.assertValues;
import static wengert.tensor.ops.Numbers.count;
import static wengert.tensor.ops.Numbers.element;
import static wengert.tensor.ops.Numbers.ramp;
import static wengert.tensor.ops.Numbers.vector;
import static wengert.tensor.ops.Numbers.zeros;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;

class NormsTest {
    private static final double EPS = 1e-5;

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void batchesComeOutWithMeanZeroAndVarianceOne(String device) {
        Tensor x = ramp(device, 5, 17, 8, 4, 4, 3, 5, 2);
        Normalized<Tensor> n = x.batchNorm(null, null, 0);
        assertArrayEquals(new double[3], n.y().mean(0, 2, 3).toDoubleArray(), 1e-12);
        assertNear(Tensor.ones(3).to(DType.F64), n.y().var(0, 0, 2, 3), 1e-12);
        assertNear(x.mean(0, 2, 3), n.mean(), 1e-12);
        assertNear(x.var(0, 0, 2, 3), n.var(), 1e-12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void channelsBeyondTheReachOfSixteenBits(String device) {
        Tensor c = Tensor.arange(70_000).to(DType.F64);
        Tensor x = c.stack(0, c.add(2)).reshape(2, 70_000, 1, 1).to(Device.parse(device));
        Normalized<Tensor> n = x.batchNorm(null, null, EPS);
        double[] y = n.y().toDoubleArray();
        double[] running = n.mean().mul(0.1).toDoubleArray();
        double[] unbiased = n.var().mul(2 * 0.1).add(0.9).toDoubleArray();
        for (int at : new int[] {0, 65534, 65535, 65536, 69999}) {
            assertEquals(-0.999995000037, y[at], 1e-9);
            assertEquals(0.999995000037, y[70_000 + at], 1e-9);
            assertEquals(0.1 * (at + 1), running[at], 1e-9);
            assertEquals(1.1, unbiased[at], 1e-12);
        }
    }

    @Test
    void oneValuePerChannelHasNoVariance() {
        assertRefused(() -> zeros(1, 64, 1, 1).batchNorm(null, null, EPS), "batchNorm",
                "more than one value per channel", "[1,64,1,1]", "has 1");
        assertRefused(() -> zeros(1, 64).batchNorm(null, null, EPS), "[1,64]", "has 1");
        assertRefused(() -> zeros(0, 64, 4, 4).batchNorm(null, null, EPS), "[0,64,4,4]", "has 0");
        assertRefused(() -> zeros(1, 3, 1, 1).instanceNorm(null, null, EPS), "instanceNorm", "[1,3,1,1]",
                "has 1");
        Tensor one = Tensor.ones(64).to(DType.F64).to(Device.REFERENCE);
        assertShape(zeros(1, 64, 1, 1).batchNormEval(zeros(64), one, null, null, EPS), 1, 64, 1, 1);
        assertShape(zeros(2, 0, 3).batchNorm(null, null, EPS).mean(), 0);
    }

    @Test
    void operandsOfTheWrongSizeAreNamed() {
        Tensor x = count(2, 3, 2);
        Tensor c = zeros(3);
        assertRefused(() -> x.batchNorm(zeros(2), c, EPS), "batchNorm", "gamma must be [3]", "got [2]");
        assertRefused(() -> x.batchNorm(c, zeros(3, 1), EPS), "beta must be [3]", "got [3,1]");
        assertRefused(() -> x.batchNormEval(zeros(4), c, c, c, EPS), "mean must be [3]", "got [4]");
        assertRefused(() -> x.batchNormEval(c, zeros(4), c, c, EPS), "var must be [3]", "got [4]");
        assertRefused(() -> x.batchNormEval(c, c, zeros(4), c, EPS), "gamma must be [3]", "got [4]");
        assertRefused(() -> x.batchNormEval(c, c, c, zeros(4), EPS), "beta must be [3]", "got [4]");
        assertRefused(() -> x.batchNorm(c.to(DType.F32), c, EPS), "one dtype", "f64", "f32");
        assertRefused(() -> vector(1, 2).batchNorm(null, null, EPS), "[N, C]", "[2]");
        assertRefused(() -> vector(1, 2).batchNormEval(c, c, null, null, EPS), "[N, C]", "[2]");
        assertRefused(() -> x.layerNorm(2, zeros(2), null, EPS), "layerNorm", "gamma must be [3,2]",
                "got [2]");
        assertRefused(() -> x.layerNorm(0, null, null, EPS), "last 1 to 3 axes", "got 0");
        assertRefused(() -> x.layerNorm(4, null, null, EPS), "got 4");
        assertRefused(() -> x.groupNorm(2, null, null, EPS), "groupNorm", "groups=2", "[2,3,2]");
        assertRefused(() -> x.groupNorm(3, null, zeros(2), EPS), "beta must be [3]");
        assertRefused(() -> x.instanceNorm(zeros(2), null, EPS), "gamma must be [3]");
        assertRefused(() -> count(2, 3).instanceNorm(null, null, EPS), "at least 3 axes", "[2,3]");
    }

    @Test
    void givenStatisticsMakeAnAffineMap() {
        Tensor x = count(2, 2);
        Tensor y = x.batchNormEval(vector(1, 2), vector(3, 8), vector(2, 3), vector(10, 20), 1);
        assertValues(y, 9, 19, 11, 21);
        assertValues(x.batchNormEval(vector(1, 2), vector(3, 8), null, null, 1), -0.5, -1 / 3.0, 0.5,
                1 / 3.0);
    }

    /// A mean of 10,000 times the deviation: the difference of E[x²] and E[x]² would have no digit left in
    /// f32.
    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void offsetsDoNotDrownTheVarianceInSinglePrecision(String device) {
        Tensor fine = ramp("reference", 5, 17, 8, 4, 2, 3, 4, 5).add(10_000);
        Tensor coarse = fine.to(DType.F32).to(Device.parse(device));
        assertNear(fine.layerNorm(2, null, null, EPS), coarse.layerNorm(2, null, null, EPS), 2e-3);
        assertNear(fine.batchNorm(null, null, EPS).y(), coarse.batchNorm(null, null, EPS).y(), 2e-3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "cpu"})
    void samplesDoNotSeeEachOther(String device) {
        Tensor x = ramp(device, 5, 17, 8, 4, 2, 4, 3, 2);
        Tensor gamma = ramp(device, 3, 7, 3, 2, 4);
        Tensor beta = ramp(device, 5, 7, 3, 2, 4);
        Tensor instance = x.instanceNorm(gamma, beta, EPS);
        Tensor group = x.groupNorm(2, gamma, beta, EPS);
        for (int n = 0; n < 2; n++) {
            for (int c = 0; c < 4; c++) {
                Tensor plane = x.select(0, n).select(0, c);
                Tensor pair = x.select(0, n).narrow(0, c / 2 * 2, 2);
                double scale = element(gamma, c);
                double shift = element(beta, c);
                assertNear(plane.sub(plane.mean()).div(plane.var(0).add(EPS).sqrt()).mul(scale).add(shift),
                        instance.select(0, n).select(0, c), 1e-12);
                assertNear(plane.sub(pair.mean()).div(pair.var(0).add(EPS).sqrt()).mul(scale).add(shift),
                        group.select(0, n).select(0, c), 1e-12);
            }
            Tensor layer = x.layerNorm(3, null, null, EPS).select(0, n);
            Tensor whole = x.select(0, n);
            assertNear(whole.sub(whole.mean()).div(whole.var(0).add(EPS).sqrt()), layer, 1e-12);
        }
    }

    @Test
    void nothingIsNormalisedToNothing() {
        assertShape(zeros(0, 3).layerNorm(1, zeros(3), zeros(3), EPS), 0, 3);
        assertShape(zeros(2, 0).layerNorm(1, zeros(0), null, EPS), 2, 0);
        assertShape(zeros(0, 4, 2).groupNorm(2, zeros(4), null, EPS), 0, 4, 2);
        assertShape(zeros(2, 4, 0).instanceNorm(zeros(4), null, EPS), 2, 4, 0);
        assertValues(vector(5, 6).reshape(2, 1).layerNorm(1, vector(3), vector(4), EPS), 4, 4);
    }

    @Test
    void affineMapOfTheLastAxis() {
        Tensor x = count(2, 2, 3);
        Tensor w = count(2, 3);
        assertShape(x.linear(w, vector(1, 2)), 2, 2, 2);
        assertValues(x.linear(w, vector(1, 2)).select(0, 0), 6, 16, 15, 52);
        assertValues(vector(1, 1, 1).linear(w, null), 3, 12);
        assertShape(zeros(0, 3).linear(w, vector(1, 2)), 0, 2);
        assertValues(zeros(2, 0).linear(zeros(2, 0), vector(1, 2)), 1, 2, 1, 2);
        assertRefused(() -> x.linear(count(2, 4), null), "linear", "[2,2,3]", "[2,4]", "3 and 4",
                "Linear(3, 2)");
        assertRefused(() -> x.linear(w, vector(1)), "linear: bias must be [2]", "got [1]");
        assertRefused(() -> x.linear(vector(1, 2, 3), null), "linear", "weight [O, I]");
    }
}
