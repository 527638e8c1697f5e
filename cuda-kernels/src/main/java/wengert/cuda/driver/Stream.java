package wengert.cuda.driver;

import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/// A queue of work on the card: what stands in one runs in order, two run beside each other.
public final class Stream {
    private final CUstream handle = new CUstream();
    private final String name;

    /// @param name for messages
    Stream(String name) {
        this.name = name;
        Check.driver(JCudaDriver.cuStreamCreate(handle, CUstream_flags.CU_STREAM_NON_BLOCKING),
                "cuStreamCreate");
    }

    /// What JCuda calls it.
    public CUstream handle() {
        return handle;
    }

    /// Everything queued here from now on runs after the event.
    public void after(Event event) {
        Check.driver(JCudaDriver.cuStreamWaitEvent(handle, event.handle(), 0), "cuStreamWaitEvent");
    }

    /// Waits until everything queued here has been done.
    public void synchronize() {
        Check.driver(JCudaDriver.cuStreamSynchronize(handle), "cuStreamSynchronize");
    }

    void close() {
        JCudaDriver.cuStreamDestroy(handle);
    }

    @Override
    public String toString() {
        return name + " stream";
    }
}
