package wengert.tensor.ops;

import org.junit.jupiter.api.Test;
import wengert.tensor.Tensor;

/// What products refuse.
class ProductsTest {
    @Test
    void aProductThatDoesNotFitNamesItselfAndBothShapes() {
        Expect.refused(() -> Tensor.ones(2, 3).matmul(Tensor.ones(2, 3)), "matmul", "[2,3]", "K is 3 and 2");
        Expect.refused(() -> Tensor.ones(2, 4, 3).matmul(Tensor.ones(5, 3, 1)), "matmul", "[2,4,3]",
                "[5,3,1]");
    }
}
