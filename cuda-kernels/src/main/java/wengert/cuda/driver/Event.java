package wengert.cuda.driver;

import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/// A mark in a stream that the program, or another stream, can wait for.
public final class Event {
    private final CUevent handle = new CUevent();

    /// One that marks, without a time.
    public Event() {
        this(CUevent_flags.CU_EVENT_DISABLE_TIMING);
    }

    private Event(int flags) {
        Check.driver(JCudaDriver.cuEventCreate(handle, flags), "cuEventCreate");
    }

    /// One that also knows when it was reached.
    public static Event timing() {
        return new Event(CUevent_flags.CU_EVENT_DEFAULT);
    }

    CUevent handle() {
        return handle;
    }

    /// Marks the end of everything that stands in the stream now.
    public void record(Stream stream) {
        Check.driver(JCudaDriver.cuEventRecord(handle, stream.handle()), "cuEventRecord");
    }

    /// Waits until the mark has been reached; an event that was never recorded has been.
    public void synchronize() {
        Check.driver(JCudaDriver.cuEventSynchronize(handle), "cuEventSynchronize");
    }

    /// Milliseconds of the card from an earlier event to this one; both were reached.
    public float since(Event earlier) {
        float[] milliseconds = new float[1];
        Check.driver(JCudaDriver.cuEventElapsedTime(milliseconds, earlier.handle, handle),
                "cuEventElapsedTime");
        return milliseconds[0];
    }

    /// Gives it back.
    public void close() {
        JCudaDriver.cuEventDestroy(handle);
    }
}
