package wengert.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;
import wengert.cuda.driver.Address;
import wengert.cuda.driver.Check;
import wengert.cuda.driver.Context;
import wengert.cuda.driver.Launch;
import wengert.tensor.spi.IndexException;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

/// Indices that choose nothing. They live on the card and kernels run behind the program, so a kernel goes on
/// without them and leaves a note, and the program is told where it next waits for the card. See
/// `faults.cuh`.
///
/// Of several faults the first is told: that of the earliest launch, and there the first in row-major order.
final class Faults {
    /// Launches whose operands are remembered.
    private static final int REMEMBERED = 4096;
    /// CU_MEMHOSTALLOC_DEVICEMAP.
    private static final int MAPPED = 2;
    private static final int WORDS = 3;
    private static final int WORD_BYTES = 8 * WORDS;
    private static final int HOST_BYTES = 8 + WORD_BYTES;

    private final Context context;
    private final Call[] calls = new Call[REMEMBERED];
    private long launches;
    /// In the program's memory: whether something was raised, then room for the card's words.
    private final Pointer host = new Pointer();
    private final Address seenByCard = new Address();
    private final Address words = new Address();
    private ByteBuffer raised;

    /// @param index shape of the indices
    /// @param from  shape of what is chosen from
    private record Call(String op, Shape index, int axis, Shape from) {
    }

    Faults(Context context) {
        this.context = context;
    }

    /// Adds `struct Faults` to a launch.
    ///
    /// @param op    as messages name it
    /// @param index whose numbers the kernel uses; positions are of its shape
    /// @param axis  of `from`, in which they should lie
    synchronized Launch put(Launch launch, String op, View index, int axis, Shape from) {
        if (raised == null) {
            open();
        }
        launches++;
        calls[(int) (launches % REMEMBERED)] = new Call(op, index.shape(), axis, from);
        return launch.longs(words.value(), seenByCard.value(), launches);
    }

    private void open() {
        context.enter();
        Check.driver(JCudaDriver.cuMemHostAlloc(host, HOST_BYTES, MAPPED), "cuMemHostAlloc", HOST_BYTES);
        boolean taken = false;
        try {
            Check.driver(JCudaDriver.cuMemHostGetDevicePointer(seenByCard, host, 0),
                    "cuMemHostGetDevicePointer");
            Check.driver(JCudaDriver.cuMemAlloc(words, WORD_BYTES), "cuMemAlloc", WORD_BYTES);
            taken = true;
            ByteBuffer bytes = host.getByteBuffer(0, HOST_BYTES).order(ByteOrder.nativeOrder());
            bytes.putInt(0, 0);
            forget();
            raised = bytes;
        } catch (RuntimeException e) {
            if (taken) {
                JCudaDriver.cuMemFree(words);
            }
            JCudaDriver.cuMemFreeHost(host);
            throw e;
        }
    }

    private void forget() {
        var stream = context.compute();
        Check.driver(JCudaDriver.cuMemsetD8Async(words, (byte) 0, 8, stream.handle()), "cuMemsetD8Async", 8,
                stream);
        Check.driver(JCudaDriver.cuMemsetD8Async(words.plus(8), (byte) -1, WORD_BYTES - 8, stream.handle()),
                "cuMemsetD8Async", WORD_BYTES - 8, stream);
    }

    /// To be called after waiting for the compute stream.
    ///
    /// @throws IndexException if a kernel has met an index outside of its axis since this was last asked
    synchronized void check() {
        if (raised == null || raised.getInt(0) == 0) {
            return;
        }
        var stream = context.compute();
        Check.driver(JCudaDriver.cuMemcpyDtoHAsync(host.withByteOffset(8), words, WORD_BYTES,
                stream.handle()), "cuMemcpyDtoHAsync", WORD_BYTES, stream);
        forget();
        stream.synchronize();
        raised.putInt(0, 0);
        long launch = raised.getLong(8);
        long low = raised.getLong(16);
        long high = raised.getLong(24);
        throw told(launch, (int) (low >>> 32), high << 32 | low & 0xFFFFFFFFL);
    }

    private IndexException told(long launch, int position, long index) {
        if (launches - launch >= REMEMBERED) {
            return new IndexException("cuda", "index", index, new int[] {position},
                    "of a call long ago lies outside of its axis", 0, null);
        }
        Call call = calls[(int) (launch % REMEMBERED)];
        int[] at = call.index.toArray();
        int rest = position;
        for (int a = at.length - 1; a >= 0; a--) {
            int size = at[a];
            at[a] = rest % size;
            rest /= size;
        }
        return new IndexException(call.op, "index", index, at, "lies outside of axis " + call.axis
                + " of shape " + call.from + " (an earlier call: the card works behind the program)",
                call.from.size(call.axis), null);
    }
}
