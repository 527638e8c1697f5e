package wengert.tensor;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Storage;

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

    static synchronized Storage take(Device device, DType dtype, int length) {
        if (length < SMALLEST) {
            return device.backend().allocate(dtype, length);
        }
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

    static synchronized void recycle(Storage storage, String scope) {
        Object data = storage.release(scope);
        if (storage.length() < SMALLEST) {
            return;
        }
        var size = new Size(storage.device(), storage.dtype(), storage.length());
        FREE.computeIfAbsent(size, _ -> new ArrayDeque<>()).push(data);
        inUse -= size.bytes();
        cached += size.bytes();
    }

    /// A kept buffer leaves the pool's books: the garbage collector owns it from now on.
    static synchronized void forget(Storage storage) {
        if (storage.length() >= SMALLEST) {
            inUse -= (long) storage.length() * storage.dtype().bytes();
        }
    }

    /// Bytes that open scopes hold.
    public static synchronized long liveBytes() {
        return inUse;
    }

    /// Most bytes that open scopes ever held at once.
    public static synchronized long peakBytes() {
        return peak;
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
