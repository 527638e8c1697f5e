package wengert.nn;

import java.util.List;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.Shape;

/// The elements of each sample under other sizes: [N, *] → [N, sizes…].
///
/// ```java
/// var picture = new Reshape(8, 4, 4);   // [N, 128] → [N, 8, 4, 4]
/// ```
///
/// @param sizes without the batch
public record Reshape(List<Integer> sizes) implements Layer {
    /// Copies the list.
    public Reshape {
        sizes = List.copyOf(sizes);
    }

    /// @param sizes without the batch
    public Reshape(int... sizes) {
        this(java.util.Arrays.stream(sizes).boxed().toList());
    }

    @Override
    public <T extends TensorOps<T>> T forward(T x) {
        int[] all = new int[sizes.size() + 1];
        all[0] = x.shape().size(0);
        for (int i = 0; i < sizes.size(); i++) {
            all[i + 1] = sizes.get(i);
        }
        return x.reshape(Shape.of(all));
    }
}
