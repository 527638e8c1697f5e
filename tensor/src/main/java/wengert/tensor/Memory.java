package wengert.tensor;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Storage;
import wengert.tensor.spi.TensorException;

/// The pool behind [Scope]: buffers of exactly the sizes that were given back before, so that a warmed-up step
/// takes nothing from the heap. Buffers made outside of scopes never enter it.
public final class Memory {
    /// Smaller buffers are left to the garbage collector, which is faster at them.
    private static final int SMALLEST = 1024;

    private record Size(Device device, DType dtype, int length) {
        long bytes() {
            return (long) length * dtype.bytes();
        }
    }

    private static final Map<Size, ArrayDeque<Object>> FREE = new HashMap<>();
    private static long cached;
    private static long inUse;
    private static long peak;

    private Memory() {
    }

    static Storage take(Device device, DType dtype, int length) {
        return length < SMALLEST ? device.backend().allocate(dtype, length) : takeLarge(device, dtype, length);
    }

    private static synchronized Storage takeLarge(Device device, DType dtype, int length) {
        var size = new Size(device, dtype, length);
        ArrayDeque<Object> free = FREE.get(size);
        Object data = free == null ? null : free.poll();
        inUse += size.bytes();
        peak = Math.max(peak, inUse);
        if (data == null) {
            return device.backend().allocate(dtype, length);
        }
        cached -= size.bytes();
        return new Storage(device, dtype, length, data);
    }

    /// @param why see [Storage#release]
    static void recycle(Storage storage, Object why) {
        Object data = storage.release(why);
        if (storage.length() >= SMALLEST) {
            inUse(-put(storage, data));
        }
    }

    /// Gives the buffer of a tensor to the pool that a scope has handed out before. Later use of the
    /// tensor, or of a view of it, is an error that says why.
    ///
    /// @param x   what nobody else reads or writes any more
    /// @param why ends the sentence that begins with 'this buffer …'
    public static void give(Tensor x, String why) {
        Storage storage = x.view().storage();
        if (storage.owner() != null) {
            throw new TensorException("give: " + x.view() + " belongs to a scope, which will give it back itself");
        }
        Object data = storage.release(why);
        if (storage.length() >= SMALLEST) {
            put(storage, data);
        }
    }

    private static synchronized long put(Storage storage, Object data) {
        var size = new Size(storage.device(), storage.dtype(), storage.length());
        FREE.computeIfAbsent(size, _ -> new ArrayDeque<>()).push(data);
        cached += size.bytes();
        return size.bytes();
    }

    private static synchronized void inUse(long bytes) {
        inUse += bytes;
    }

    /// A kept buffer leaves the pool's books: the garbage collector owns it from now on.
    static void forget(Storage storage) {
        if (storage.length() >= SMALLEST) {
            inUse(-(long) storage.length() * storage.dtype().bytes());
        }
    }

    /// Bytes that open scopes hold.
    public static synchronized long liveBytes() {
        return inUse;
    }

    /// Most bytes that open scopes held at once since the last [#resetPeak], or since the start.
    public static synchronized long peakBytes() {
        return peak;
    }

    /// Starts a new measurement of [#peakBytes] from what open scopes hold now.
    public static synchronized void resetPeak() {
        peak = inUse;
    }

    /// Bytes that wait in the pool for the next step.
    public static synchronized long cachedBytes() {
        return cached;
    }

    /// Empties the pool, so that the garbage collector can take its buffers.
    public static synchronized void trim() {
        FREE.clear();
        cached = 0;
    }
}
