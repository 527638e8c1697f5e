package wengert.cuda.emulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import jcuda.NativePointerObject;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/// Short forms over JCuda for the tests of the software driver: a context with the kernels of `faults.cu`.
final class Rig implements AutoCloseable {
    private final CUcontext context = new CUcontext();
    private final CUmodule module = new CUmodule();

    Rig() {
        JCudaDriver.setExceptionsEnabled(true);
        JCudaDriver.cuInit(0);
        var device = new CUdevice();
        JCudaDriver.cuDeviceGet(device, 0);
        JCudaDriver.cuCtxCreate(context, 0, device);
        JCudaDriver.cuModuleLoadData(module, ptx());
    }

    /// Of `faults.cu`.
    static String ptx() {
        try (InputStream in = Rig.class.getResourceAsStream("faults.ptx")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    CUcontext context() {
        return context;
    }

    CUdeviceptr allocate(long bytes) {
        var pointer = new CUdeviceptr();
        JCudaDriver.cuMemAlloc(pointer, bytes);
        return pointer;
    }

    CUdeviceptr put(float... values) {
        CUdeviceptr pointer = allocate(4L * values.length);
        JCudaDriver.cuMemcpyHtoD(pointer, Pointer.to(values), 4L * values.length);
        return pointer;
    }

    /// A ramp: 0, 1, 2, …
    CUdeviceptr ramp(int n) {
        var values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = i;
        }
        return put(values);
    }

    float[] get(CUdeviceptr pointer, int n) {
        var values = new float[n];
        JCudaDriver.cuMemcpyDtoH(Pointer.to(values), pointer, 4L * n);
        return values;
    }

    /// Another name of the same memory, which stays when JCuda forgets a freed pointer.
    static CUdeviceptr alias(CUdeviceptr pointer, long offset) {
        return pointer.withByteOffset(offset);
    }

    CUstream stream() {
        var stream = new CUstream();
        JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING);
        return stream;
    }

    CUmodule module() {
        return module;
    }

    CUfunction function(String name) {
        var function = new CUfunction();
        JCudaDriver.cuModuleGetFunction(function, module, name);
        return function;
    }

    void launchOn(CUstream stream, String name, int grid, int block, int shared, Object... arguments) {
        var list = new Pointer[arguments.length];
        for (int i = 0; i < list.length; i++) {
            list[i] = switch (arguments[i]) {
                case Integer v -> Pointer.to(new int[] {v});
                case Float v -> Pointer.to(new float[] {v});
                case Double v -> Pointer.to(new double[] {v});
                case Long v -> Pointer.to(new long[] {v});
                case Pointer p -> Pointer.to(p);
                default -> throw new IllegalArgumentException(arguments[i].toString());
            };
        }
        JCudaDriver.cuLaunchKernel(function(name), grid, 1, 1, block, 1, 1, shared, stream, Pointer.to(list),
                null);
    }

    void launch(String name, int block, Object... arguments) {
        launchOn(null, name, 1, block, 0, arguments);
    }

    /// The number that a kernel gets as an argument; JCuda keeps it to itself.
    static long address(CUdeviceptr pointer) {
        try {
            var method = NativePointerObject.class.getDeclaredMethod("getNativePointer");
            method.setAccessible(true);
            return (long) method.invoke(pointer);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    @Override
    public void close() {
        JCudaDriver.setExceptionsEnabled(false);
        JCudaDriver.cuCtxDestroy(context);
    }
}
