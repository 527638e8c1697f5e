package wengert.cuda.memory;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;
import wengert.cuda.driver.Address;
import wengert.cuda.driver.Check;
import wengert.cuda.driver.Context;
import wengert.cuda.driver.Event;
import wengert.cuda.driver.Stream;

/// The way of data to the card and back, through memory that the system may not move.
///
/// ```text
/// program        array ─copy→ pinned slot
/// copy stream                 pinned slot ═════→ slot on the card ─event┐
/// compute stream   … kernels of the step before …                       └→ slot ─→ tensor
/// ```
///
/// The transfer runs beside the kernels that are still queued; only the copy on the card, which does not
/// cross the bus, waits its turn among them. A slot is used again when that copy has been done.
public final class Staging {
    private static final int SLOTS = 4;
    private static final int SLOT_BYTES = 4 << 20;

    private final Context context;
    private final Slot[] slots = new Slot[SLOTS];
    private int next;

    private static final class Slot {
        private final Pointer pinned = new Pointer();
        private final ByteBuffer bytes;
        private final Address onCard = new Address();
        private final Event brought;
        private final Event taken;

        Slot() {
            Deque<Runnable> made = new ArrayDeque<>();
            try {
                Check.driver(JCudaDriver.cuMemHostAlloc(pinned, SLOT_BYTES, 0), "cuMemHostAlloc", SLOT_BYTES);
                made.push(() -> JCudaDriver.cuMemFreeHost(pinned));
                Check.driver(JCudaDriver.cuMemAlloc(onCard, SLOT_BYTES), "cuMemAlloc", SLOT_BYTES);
                made.push(() -> JCudaDriver.cuMemFree(onCard));
                brought = new Event();
                made.push(brought::close);
                taken = new Event();
            } catch (RuntimeException e) {
                made.forEach(Runnable::run);
                throw e;
            }
            bytes = pinned.getByteBuffer(0, SLOT_BYTES);
        }
    }

    /// @param context of the card
    public Staging(Context context) {
        this.context = context;
    }

    private Slot slot() {
        if (slots[next] == null) {
            slots[next] = new Slot();
        }
        Slot slot = slots[next];
        next = (next + 1) % SLOTS;
        slot.taken.synchronize();
        return slot;
    }

    /// Copies bytes to the card. Returns when they have been read, not when they have arrived; kernels
    /// started afterwards find them there.
    public synchronized void upload(MemorySegment from, Address to) {
        context.enter();
        Stream copies = context.copies();
        Stream compute = context.compute();
        for (long at = 0; at < from.byteSize(); at += SLOT_BYTES) {
            int n = (int) Math.min(SLOT_BYTES, from.byteSize() - at);
            Slot slot = slot();
            MemorySegment.ofBuffer(slot.bytes).copyFrom(from.asSlice(at, n));
            Check.driver(JCudaDriver.cuMemcpyHtoDAsync(slot.onCard, slot.pinned, n, copies.handle()),
                    "cuMemcpyHtoDAsync", n, copies);
            slot.brought.record(copies);
            compute.after(slot.brought);
            Check.driver(JCudaDriver.cuMemcpyDtoDAsync(to.plus(at), slot.onCard, n, compute.handle()),
                    "cuMemcpyDtoDAsync", n, compute);
            slot.taken.record(compute);
        }
    }

    /// Copies bytes from the card, after everything that was started before.
    public synchronized void download(Address from, MemorySegment to) {
        context.enter();
        Stream compute = context.compute();
        for (long at = 0; at < to.byteSize(); at += SLOT_BYTES) {
            int n = (int) Math.min(SLOT_BYTES, to.byteSize() - at);
            Slot slot = slot();
            Check.driver(JCudaDriver.cuMemcpyDtoHAsync(slot.pinned, from.plus(at), n, compute.handle()),
                    "cuMemcpyDtoHAsync", n, compute);
            compute.synchronize();
            to.asSlice(at, n).copyFrom(MemorySegment.ofBuffer(slot.bytes).asSlice(0, n));
        }
    }
}
