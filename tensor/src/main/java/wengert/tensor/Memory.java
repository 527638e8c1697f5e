package wengert.tensor;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.OutOfMemoryException;
import wengert.tensor.spi.Storage;
import wengert.tensor.spi.TensorException;

/// The pool behind [Scope]: buffers of exactly the sizes that were given back before, so that a warmed-up
/// step takes nothing from the heap. Buffers made outside of scopes never enter it.
///
/// The pool keeps every size that it was ever given, since it cannot know which will come again: after
/// another batch size, another resolution or another network the buffers of the old one wait on. A program
/// that is through with one calls [#trim()]. Where the heap has no room for a new buffer, those that wait go
/// by themselves.
public final class Memory {
    /// Smaller buffers are left to the garbage collector, which is faster at them, but for backends that say
    /// otherwise.
    private static final int SMALLEST = 1024;

    private record Size(Device device, DType dtype, int length) {
        long bytes() {
            return (long) length * dtype.bytes();
        }
    }

    /// What is held of one device, or of all.
    private static final class Books {
        long cached;
        long inUse;
        long peak;

        void change(long inUseBy, long cachedBy) {
            inUse += inUseBy;
            cached += cachedBy;
            peak = Math.max(peak, inUse);
        }
    }

    private static final Map<Size, ArrayDeque<Object>> FREE = new HashMap<>();
    private static final Map<Device, Books> BOOKS = new HashMap<>();
    /// All devices but [Device#SHAPES], whose bytes do not exist.
    private static final Books ALL = new Books();

    private Memory() {
    }

    private static Books books(Device device) {
        return BOOKS.getOrDefault(device, new Books());
    }

    private static void change(Device device, long inUse, long cached) {
        BOOKS.computeIfAbsent(device, Memory::begin).change(inUse, cached);
        if (!device.equals(Device.SHAPES)) {
            ALL.change(inUse, cached);
        }
    }

    /// A device's first buffer: from now on it may ask for those that wait here.
    private static Books begin(Device device) {
        device.backend().whenShort(() -> trim(device));
        return new Books();
    }

    /// Adds to an error who holds the memory.
    static OutOfMemoryException told(OutOfMemoryException e, Device device) {
        return e.hasTable() ? e : e.table("  Use a smaller batch (accumulation keeps its gradients), smaller "
                + "networks, or a device with more memory.\n" + Holders.table(device));
    }

    static Storage take(Device device, DType dtype, int length) {
        return pools(device, length) ? takePooled(device, dtype, length)
                : device.backend().allocate(dtype, length);
    }

    private static boolean pools(Device device, int length) {
        return length >= SMALLEST || !device.isHost() && device.backend().poolsSmall();
    }

    private static boolean pools(Storage storage) {
        return pools(storage.device(), storage.length());
    }

    private static synchronized Storage takePooled(Device device, DType dtype, int length) {
        var size = new Size(device, dtype, length);
        ArrayDeque<Object> free = FREE.get(size);
        Object data = free == null ? null : free.poll();
        if (data == null) {
            Storage fresh = allocate(size);
            change(device, size.bytes(), 0);
            return fresh;
        }
        change(device, size.bytes(), -size.bytes());
        return new Storage(device, dtype, length, data);
    }

    /// A new buffer, if need be in place of those of other sizes that wait here.
    private static Storage allocate(Size size) {
        Backend backend = size.device.backend();
        try {
            return backend.allocate(size.dtype, size.length);
        } catch (OutOfMemoryError e) {
            if (books(size.device).cached == 0) {
                throw told(size, e);
            }
            trim(size.device);
            try {
                return backend.allocate(size.dtype, size.length);
            } catch (OutOfMemoryError again) {
                throw told(size, again);
            }
        }
    }

    /// The heap's error, with who holds the memory as far as that is known: parameters are not counted there.
    private static Error told(Size size, OutOfMemoryError e) {
        if (!size.device.isHost()) {
            return e;
        }
        var told = new OutOfMemoryError("no room for " + size.length + " of " + size.dtype + ", "
                + Holders.size(size.bytes()) + "\n" + Holders.table(size.device));
        told.initCause(e);
        return told;
    }

    /// @param why see [Storage#release]
    static void recycle(Storage storage, Object why) {
        Object data = storage.release(why);
        if (pools(storage)) {
            put(storage, data, true);
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
            throw new TensorException("give: " + x.view() + " belongs to a scope, which will give it back "
                    + "itself");
        }
        Object data = storage.release(why);
        if (pools(storage)) {
            put(storage, data, false);
        }
    }

    private static synchronized void put(Storage storage, Object data, boolean wasInUse) {
        var size = new Size(storage.device(), storage.dtype(), storage.length());
        FREE.computeIfAbsent(size, _ -> new ArrayDeque<>()).push(data);
        change(storage.device(), wasInUse ? -size.bytes() : 0, size.bytes());
    }

    /// A kept buffer leaves the pool's books: the garbage collector owns it from now on.
    static synchronized void forget(Storage storage) {
        if (pools(storage)) {
            change(storage.device(), -(long) storage.length() * storage.dtype().bytes(), 0);
        }
    }

    /// Bytes that open scopes hold.
    public static synchronized long liveBytes() {
        return ALL.inUse;
    }

    /// Most bytes that open scopes held at once since the last [#resetPeak()], or since the start.
    public static synchronized long peakBytes() {
        return ALL.peak;
    }

    /// The same of one device.
    public static synchronized long peakBytes(Device device) {
        return books(device).peak;
    }

    /// Starts a new measurement of [#peakBytes()] from what open scopes hold now.
    public static synchronized void resetPeak() {
        ALL.peak = ALL.inUse;
    }

    /// The same for one device.
    public static synchronized void resetPeak(Device device) {
        books(device).peak = books(device).inUse;
    }

    /// Bytes that wait in the pool for the next step.
    public static synchronized long cachedBytes() {
        return ALL.cached;
    }

    /// The same of one device.
    public static synchronized long cachedBytes(Device device) {
        return books(device).cached;
    }

    /// Empties the pool, so that the garbage collector can take its buffers.
    public static synchronized void trim() {
        BOOKS.keySet().forEach(Memory::trim);
    }

    /// Empties the pool of one device.
    public static synchronized void trim(Device device) {
        FREE.entrySet().removeIf(entry -> {
            if (!entry.getKey().device.equals(device)) {
                return false;
            }
            entry.getValue().forEach(device.backend()::free);
            return true;
        });
        long cached = books(device).cached;
        if (cached != 0) {
            change(device, 0, -cached);
        }
    }
}
