package wengert.cuda.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.LongAdder;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;
import wengert.tensor.spi.BackendException;

/// The parameters of one launch, in the order of the kernel's signature. Each is checked against the size
/// that the PTX gives it: a list that is too long, too short or out of step is an error and not a wrong
/// number.
///
/// One object and one native buffer for each thread, used for all of its launches: the driver has copied the
/// parameters when it returns.
public final class Launch {
    /// Wait after every launch, so that an error names its kernel.
    static final boolean SYNC = Boolean.getBoolean("wengert.cuda.sync");
    private static final int MOST_BYTES = 4096;
    private static final ThreadLocal<Launch> MINE = ThreadLocal.withInitial(Launch::new);
    private static final LongAdder LAUNCHES = new LongAdder();

    private final ByteBuffer parameters = ByteBuffer.allocateDirect(MOST_BYTES)
            .order(ByteOrder.nativeOrder());
    private final ByteBuffer size = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
    private final Pointer packed = Pointer.to(JCudaDriver.CU_LAUNCH_PARAM_BUFFER_POINTER,
            Pointer.to(parameters), JCudaDriver.CU_LAUNCH_PARAM_BUFFER_SIZE, Pointer.to(size),
            JCudaDriver.CU_LAUNCH_PARAM_END);
    private Kernel kernel;
    private int next;

    private Launch() {
    }

    static Launch begin(Kernel kernel) {
        Launch l = MINE.get();
        l.kernel = kernel;
        l.next = 0;
        return l;
    }

    /// Kernels started so far in this process.
    public static long count() {
        return LAUNCHES.sum();
    }

    /// A pointer.
    public Launch address(Address a) {
        parameters.putLong(place(8), a.value());
        return this;
    }

    /// A pointer to the elements that begin some bytes after it.
    public Launch address(Address a, long bytes) {
        parameters.putLong(place(8), a.value() + bytes);
        return this;
    }

    /// A null pointer.
    public Launch nowhere() {
        parameters.putLong(place(8), 0);
        return this;
    }

    /// A byte.
    public Launch i8(byte value) {
        parameters.put(place(1), value);
        return this;
    }

    /// An `int`.
    public Launch i32(int value) {
        parameters.putInt(place(4), value);
        return this;
    }

    /// A `long long`.
    public Launch i64(long value) {
        parameters.putLong(place(8), value);
        return this;
    }

    /// A `float`.
    public Launch f32(float value) {
        parameters.putFloat(place(4), value);
        return this;
    }

    /// A `double`.
    public Launch f64(double value) {
        parameters.putDouble(place(8), value);
        return this;
    }

    /// A struct of ints.
    ///
    /// @param values its fields and arrays one after the other, all of them
    public Launch ints(int... values) {
        int at = place(4 * values.length);
        for (int i = 0; i < values.length; i++) {
            parameters.putInt(at + 4 * i, values[i]);
        }
        return this;
    }

    /// A struct of pointers, or of other 64-bit numbers.
    ///
    /// @param values its fields and arrays one after the other, all of them
    public Launch longs(long... values) {
        int at = place(8 * values.length);
        for (int i = 0; i < values.length; i++) {
            parameters.putLong(at + 8 * i, values[i]);
        }
        return this;
    }

    private int place(int bytes) {
        if (next >= kernel.parameters.length || kernel.parameters[next].bytes() != bytes) {
            throw new BackendException("cuda: kernel " + kernel + " takes "
                    + (next < kernel.parameters.length
                            ? kernel.parameters[next].bytes() + " bytes as parameter " + next
                            : kernel.parameters.length + " parameters")
                    + ", but was given " + bytes + " bytes: the PTX and the class that launches it differ");
        }
        return kernel.parameters[next++].offset();
    }

    /// Starts it on the compute stream.
    ///
    /// @param blocks  in x, at least 1
    /// @param threads a block
    public void run(int blocks, int threads) {
        run(blocks, 1, 1, threads, 1, 1, 0);
    }

    /// Starts it with blocks in two directions.
    public void run(int blocksX, int blocksY, int blocksZ, int threads) {
        run(blocksX, blocksY, blocksZ, threads, 1, 1, 0);
    }

    /// Starts it.
    ///
    /// @param shared bytes of dynamic shared memory
    public void run(int blocksX, int blocksY, int blocksZ, int threadsX, int threadsY, int threadsZ,
            int shared) {
        Kernel k = kernel;
        if (next != k.parameters.length) {
            throw new BackendException("cuda: kernel " + k + " takes " + k.parameters.length
                    + " parameters, but was given " + next
                    + ": the PTX and the class that launches it differ");
        }
        k.context.enter();
        Ptx.Parameter last = next == 0 ? null : k.parameters[next - 1];
        size.putLong(0, last == null ? 0 : last.offset() + last.bytes());
        LAUNCHES.increment();
        Stream stream = k.context.compute();
        int status = JCudaDriver.cuLaunchKernel(k.function, blocksX, blocksY, blocksZ, threadsX, threadsY,
                threadsZ, shared, stream.handle(), null, packed);
        if (SYNC && status == 0) {
            status = JCudaDriver.cuStreamSynchronize(stream.handle());
        }
        if (status != 0) {
            throw Check.failure(status, "cuLaunchKernel", k + ", " + blocksX + "x" + blocksY + "x" + blocksZ
                    + " blocks of " + threadsX + "x" + threadsY + "x" + threadsZ + " threads, " + stream);
        }
    }
}
