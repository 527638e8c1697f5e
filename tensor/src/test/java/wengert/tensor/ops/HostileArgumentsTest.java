package wengert.tensor.ops;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wengert.tensor.Tensor;

/// Numbers that no operator can mean are refused before anything is computed or allocated.
class HostileArgumentsTest {
    @Test
    void poolingToMorePartsThanATensorHoldsIsRefused() {
        Tensor x = Tensor.ones(2, 3, 4, 4);
        Expect.refused(() -> x.adaptiveAvgPool2d(Integer.MAX_VALUE, 1), String.valueOf(Integer.MAX_VALUE));
        Expect.refused(() -> x.adaptiveAvgPool2d(1, Integer.MAX_VALUE), String.valueOf(Integer.MAX_VALUE));
        Expect.refused(() -> x.adaptiveAvgPool2d(1 << 20, 1 << 20), String.valueOf(1 << 20));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1e-5, Double.NaN, Double.POSITIVE_INFINITY})
    void normalisationNeedsAnEpsFromZeroOn(double eps) {
        Tensor x = Tensor.ones(2, 3, 4);
        Expect.refused(() -> x.layerNorm(1, null, null, eps), "eps", String.valueOf(eps));
        Expect.refused(() -> x.batchNorm(null, null, eps), "eps", String.valueOf(eps));
        Expect.refused(() -> x.groupNorm(3, null, null, eps), "eps", String.valueOf(eps));
        Expect.refused(() -> x.batchNorm(null, null, 1e-5, Double.NaN), "slope", "NaN");
    }
}
