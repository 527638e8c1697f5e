package wengert.cuda.driver;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;

/// One card as this process uses it: its context, the stream that computes, the stream that brings data, and
/// the kernels loaded so far.
///
/// The driver keeps a current context for each thread of the operating system. [#enter()] sets it, and
/// whoever calls the driver has entered before.
public final class Context {
    private static final ThreadLocal<Context> CURRENT = new ThreadLocal<>();

    private final CUdevice device = new CUdevice();
    private final CUcontext handle = new CUcontext();
    private final String name;
    private final int capability;
    private final int multiprocessors;
    private final Stream compute;
    private final Stream copies;
    private final CubinCache cubins;
    private final Map<String, KernelModule> modules = new ConcurrentHashMap<>();

    /// Opens a card. The driver has been loaded before.
    ///
    /// @param index from 0
    public Context(int index) {
        Check.driver(JCudaDriver.cuInit(0), "cuInit");
        Check.driver(JCudaDriver.cuDeviceGet(device, index), "cuDeviceGet");
        Check.driver(JCudaDriver.cuDevicePrimaryCtxRetain(handle, device), "cuDevicePrimaryCtxRetain");
        Stream first = null;
        try {
            enter();
            byte[] text = new byte[256];
            Check.driver(JCudaDriver.cuDeviceGetName(text, text.length, device), "cuDeviceGetName");
            name = new String(text, StandardCharsets.UTF_8).replace("\0", "");
            capability = 10 * attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
                    + attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
            multiprocessors = attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
            int[] driver = new int[1];
            Check.driver(JCudaDriver.cuDriverGetVersion(driver), "cuDriverGetVersion");
            cubins = CubinCache.of(capability, driver[0]);
            first = new Stream("compute");
            copies = new Stream("copy");
            compute = first;
        } catch (RuntimeException e) {
            if (first != null) {
                first.close();
            }
            CURRENT.remove();
            JCudaDriver.cuDevicePrimaryCtxRelease(device);
            throw e;
        }
    }

    private int attribute(int which) {
        int[] value = new int[1];
        Check.driver(JCudaDriver.cuDeviceGetAttribute(value, which, device), "cuDeviceGetAttribute");
        return value[0];
    }

    /// Makes this the context of the calling thread.
    public void enter() {
        if (CURRENT.get() != this) {
            Check.driver(JCudaDriver.cuCtxSetCurrent(handle), "cuCtxSetCurrent");
            CURRENT.set(this);
        }
    }

    /// What the card calls itself.
    public String name() {
        return name;
    }

    /// Compute capability: 90 for 9.0.
    public int capability() {
        return capability;
    }

    CubinCache cubins() {
        return cubins;
    }

    /// How many blocks run at once at the least.
    public int multiprocessors() {
        return multiprocessors;
    }

    /// Where everything is computed.
    public Stream compute() {
        return compute;
    }

    /// Where data comes in while the other computes.
    public Stream copies() {
        return copies;
    }

    /// A kernel of this project.
    ///
    /// @param file  name of the source without its ending: `elementwise`
    /// @param entry name of the kernel
    public Kernel kernel(String file, String entry) {
        KernelModule module = modules.get(file);
        if (module == null) {
            enter();
            module = modules.computeIfAbsent(file, name -> KernelModule.ofResource(this, name));
        }
        return module.kernel(entry);
    }

    /// Bytes free and in all on the card.
    public long[] memory() {
        enter();
        long[] free = new long[1];
        long[] total = new long[1];
        Check.driver(JCudaDriver.cuMemGetInfo(free, total), "cuMemGetInfo");
        return new long[] {free[0], total[0]};
    }
}
