package wengert.nn;

import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.Shape;

/// Everything but the batch in one axis: [N, *] → [N, M].
///
/// ```java
/// var features = new Flatten();   // [N, 512, 4, 4] → [N, 8192]
/// ```
public record Flatten() implements Layer {
    @Override
    public <T extends TensorOps<T>> T forward(T x) {
        Shape s = x.shape();
        int m = 1;
        for (int a = 1; a < s.rank(); a++) {
            m *= s.size(a); // not −1, which an empty batch cannot complete
        }
        return x.reshape(s.size(0), m);
    }
}
