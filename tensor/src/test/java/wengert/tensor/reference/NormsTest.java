package wengert.tensor.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static wengert.tensor.reference.Given.BACKEND;
import static wengert.tensor.reference.Given.dot;
import static wengert.tensor.reference.Given.empty;
import static wengert.tensor.reference.Given.f64;
import static wengert.tensor.reference.Given.ramp;
import static wengert.tensor.reference.Given.values;
import static wengert.tensor.reference.Given.view;

import org.junit.jupiter.api.Test;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.NormForm;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

class NormsTest {
    private static final double EPS = 1e-5;
    private static final NormForm FORM = new NormForm(0, EPS, 1);

    private record Forward(View y, View mean, View var) {
        static Forward of(View x, View gamma, View beta) {
            int c = x.shape().size(1);
            View y = empty(x.dtype(), x.shape().toArray());
            var f = new Forward(y, empty(x.dtype(), c), empty(x.dtype(), c));
            BACKEND.normalise(FORM, x, gamma, beta, f.y, f.mean, f.var);
            return f;
        }
    }

    @Test
    void meanAndBiasedVarianceOfEachChannel() {
        View x = view(DType.F64, Shape.of(2, 2, 2), 1, 2, 10, 10, 3, 4, 30, 30);
        Forward f = Forward.of(x, f64(2, 1), f64(0.5, -1));
        assertArrayEquals(new double[] {2.5, 20}, values(f.mean));
        assertArrayEquals(new double[] {1.25, 100}, values(f.var));
        double a = 1 / Math.sqrt(1.25 + EPS);
        double b = 10 / Math.sqrt(100 + EPS);
        assertArrayEquals(new double[] {0.5 - 3 * a, 0.5 - a, -1 - b, -1 - b, 0.5 + a, 0.5 + 3 * a, -1 + b,
            -1 + b}, values(f.y), 1e-14);
    }

    @Test
    void manyChannelsOfTwoValues() {
        int c = 70_000;
        View x = view(DType.F64, Shape.of(2, c, 1, 1), java.util.stream.IntStream.range(0, 2 * c)
                .mapToDouble(i -> i % c + 2.0 * (i / c)).toArray());
        Forward f = Forward.of(x, f64(1).expand(Shape.of(c)), f64(0).expand(Shape.of(c)));
        for (int i : new int[] {0, 65_534, 65_535, 65_536, 69_999}) {
            assertEquals(-0.999995000037, f.y.storage().f64()[i], 1e-9);
            assertEquals(0.999995000037, f.y.storage().f64()[c + i], 1e-9);
            assertEquals(i + 1, f.mean.storage().f64()[i]);
            assertEquals(1, f.var.storage().f64()[i]);
        }
    }

    @Test
    void varianceSurvivesALargeMean() {
        View x = view(DType.F32, Shape.of(4, 1), 1e6, 1e6 + 1, 1e6 + 2, 1e6 + 3);
        Forward f = Forward.of(x, view(DType.F32, Shape.of(1), 1), view(DType.F32, Shape.of(1), 0));
        assertArrayEquals(new double[] {1.25}, values(f.var));
    }

    @Test
    void stridedInputGivesTheBitsOfAPackedOne() {
        View x = ramp(DType.F64, Shape.of(3, 4, 5, 2), 11, 31, 15, 8).permute(0, 3, 1, 2).flip(1);
        View packed = empty(DType.F64, x.shape().toArray());
        BACKEND.copy(x, packed);
        View gamma = f64(3, 2).flip(0);
        Forward f = Forward.of(x, gamma, f64(1).expand(Shape.of(2)));
        assertArrayEquals(values(Forward.of(packed, f64(2, 3), f64(1, 1)).y), values(f.y));
    }

    /// Each gradient against a central difference of Σ y·dy.
    @Test
    void gradientsAgreeWithDifferences() {
        View x = ramp(DType.F64, Shape.of(3, 2, 2), 7, 13, 5, 4);
        View gamma = f64(1.5, -0.5);
        View beta = f64(0.25, 1);
        View dy = ramp(DType.F64, x.shape(), 5, 11, 4, 2);
        Forward f = Forward.of(x, gamma, beta);
        View dx = empty(DType.F64, 3, 2, 2);
        View dgamma = empty(DType.F64, 2);
        View dbeta = empty(DType.F64, 2);
        BACKEND.normaliseGradient(FORM, x, gamma, beta, dy, f.mean, f.var, dx, dgamma, dbeta);
        View[] inputs = {x, gamma, beta};
        View[] gradients = {dx, dgamma, dbeta};
        double h = 1e-5;
        for (int k = 0; k < 3; k++) {
            double[] data = inputs[k].storage().f64();
            for (int i = 0; i < data.length; i++) {
                double kept = data[i];
                data[i] = kept + h;
                double above = dot(Forward.of(x, gamma, beta).y, dy);
                data[i] = kept - h;
                double below = dot(Forward.of(x, gamma, beta).y, dy);
                data[i] = kept;
                assertEquals((above - below) / (2 * h), values(gradients[k])[i], 1e-7, k + " " + i);
            }
        }
    }
}
