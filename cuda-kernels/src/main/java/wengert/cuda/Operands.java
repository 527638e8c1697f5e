package wengert.cuda;

import java.util.ArrayList;
import java.util.List;
import wengert.cuda.driver.Address;
import wengert.cuda.memory.Allocator;
import wengert.cuda.memory.Buffer;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Storage;
import wengert.tensor.spi.View;

/// The operands of one call whose kernels want them contiguous: a view that is not is copied, a result that
/// is not is computed beside it. Memory taken here goes back when the call returns; what is queued may still
/// use it.
///
/// ```java
/// try (Operands o = new Operands(…)) {
///     View to = o.out(y);
///     // launches
///     o.give();
/// }
/// ```
final class Operands implements AutoCloseable {
    private final Device device;
    private final Allocator allocator;
    private final Copies copies;
    private final List<Buffer> taken = new ArrayList<>();
    private final List<View[]> results = new ArrayList<>();

    Operands(Device device, Allocator allocator, Copies copies) {
        this.device = device;
        this.allocator = allocator;
        this.copies = copies;
    }

    /// An operand that is read.
    View in(View x) {
        if (x.isContiguous()) {
            return x;
        }
        View copy = like(x);
        copies.copy(x, copy);
        return copy;
    }

    /// An operand that is read, or one number that stands for all of its elements: see [#step].
    View inOrOne(View x) {
        return step(x) == 0 ? x : in(x);
    }

    /// 0 where every element of a view is the same one in memory, else 1.
    static int step(View x) {
        for (int a = 0; a < x.shape().rank(); a++) {
            if (x.stride(a) != 0 && x.shape().size(a) != 1) {
                return 1;
            }
        }
        return x.shape().elements() == 1 ? 1 : 0;
    }

    /// A result, every element of which will be written.
    View out(View y) {
        if (y.isContiguous()) {
            return y;
        }
        View beside = like(y);
        results.add(new View[] {beside, y});
        return beside;
    }

    private View like(View v) {
        DType dtype = v.dtype();
        int n = v.shape().length();
        return View.of(new Storage(device, dtype, n, buffer((long) n * dtype.bytes())), v.shape());
    }

    private Buffer buffer(long bytes) {
        Buffer b = allocator.take(bytes);
        taken.add(b);
        return b;
    }

    /// Room for what is computed on the way.
    Address room(long bytes) {
        return buffer(bytes).address();
    }

    /// Copies results to where they belong; to be called once the kernels are queued.
    void give() {
        for (View[] r : results) {
            copies.copy(r[0], r[1]);
        }
    }

    @Override
    public void close() {
        for (Buffer b : taken) {
            b.free();
        }
    }
}
