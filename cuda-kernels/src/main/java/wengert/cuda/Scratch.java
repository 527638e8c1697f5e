package wengert.cuda;

import java.util.ArrayList;
import java.util.List;
import wengert.cuda.memory.Allocator;
import wengert.cuda.memory.Buffer;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Storage;
import wengert.tensor.spi.View;

/// Memory that one operator needs until its kernels are queued.
///
/// ```java
/// try (var scratch = new Scratch(device, allocator, copies)) {
///     // launches
/// }
/// ```
final class Scratch implements AutoCloseable {
    private final Device device;
    private final Allocator allocator;
    private final Copies copies;
    private final List<Buffer> taken = new ArrayList<>();

    Scratch(Device device, Allocator allocator, Copies copies) {
        this.device = device;
        this.allocator = allocator;
        this.copies = copies;
    }

    /// Bytes of undefined content.
    Buffer bytes(long n) {
        Buffer buffer = allocator.take(n);
        taken.add(buffer);
        return buffer;
    }

    /// A contiguous view of undefined content.
    View view(DType dtype, Shape shape) {
        Buffer buffer = bytes((long) shape.length() * dtype.bytes());
        return View.of(new Storage(device, dtype, shape.length(), buffer), shape);
    }

    /// The same elements, contiguous: the view itself where it is, else a copy.
    View contiguous(View v) {
        if (v.isContiguous()) {
            return v;
        }
        View copy = view(v.dtype(), v.shape());
        copies.copy(v, copy);
        return copy;
    }

    @Override
    public void close() {
        for (Buffer buffer : taken) {
            buffer.free();
        }
    }
}
