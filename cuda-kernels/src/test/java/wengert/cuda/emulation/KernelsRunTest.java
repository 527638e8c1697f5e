package wengert.cuda.emulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import jcuda.CudaException;
import jcuda.Pointer;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is right runs, in whatever order, and comes to the same.
class KernelsRunTest {
    private Rig rig;

    @BeforeAll
    static void driver() {
        EmulatedDriver.require();
    }

    @BeforeEach
    void open() {
        rig = new Rig();
    }

    @AfterEach
    void close() {
        Emulation.reset();
        rig.close();
        assertEquals("[]", Emulation.held().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward", "reverse", "random:3"})
    void kernelsGiveTheSameInEveryOrder(String order) {
        Emulation.set("THREADS", order);
        Emulation.set("BLOCKS", order);
        CUdeviceptr x = rig.ramp(100);
        rig.launchOn(null, "scaleF32", 3, 32, 0, x, 2f, 100);
        assertEquals(198, rig.get(x, 100)[99]);
        CUdeviceptr sum = rig.allocate(4);
        rig.launch("sumF32", 64, x, sum, 100);
        assertEquals(9900, rig.get(sum, 1)[0]);
        rig.launchOn(null, "reverse", 1, 64, 256, x);
        assertEquals(126, rig.get(x, 64)[0]);
        assertEquals("", Emulation.messages());
    }

    @Test
    void bothDataTypesOfAMacroAreKernels() {
        var values = new double[] {1, 2, 3};
        CUdeviceptr x = rig.allocate(24);
        JCudaDriver.cuMemcpyHtoD(x, Pointer.to(values), 24);
        CUdeviceptr sum = rig.allocate(8);
        rig.launch("scaleF64", 32, x, 0.5, 3);
        rig.launch("sumF64", 32, x, sum, 3);
        JCudaDriver.cuMemcpyDtoH(Pointer.to(values), sum, 8);
        assertEquals(3, values[0]);
    }

    @Test
    void variablesHaveTheirFirstValuesInAFreshModule() {
        CUdeviceptr x = rig.put(1, 1, 1, 1, 1);
        rig.launch("weigh", 5, x);
        assertArrayEquals(new float[] {1, 2, 3, 4, 1}, rig.get(x, 5));
        var visits = new CUdeviceptr();
        var bytes = new long[1];
        JCudaDriver.cuModuleGetGlobal(visits, bytes, rig.module(), "visits");
        var count = new int[1];
        JCudaDriver.cuMemcpyDtoH(Pointer.to(count), visits, bytes[0]);
        assertEquals(5, count[0]);
    }

    @Test
    void aLaunchCopiesItsParameters() {
        Emulation.set("MODE", "lazy");
        ByteBuffer values = Rig.direct(16);
        CUdeviceptr x = rig.put(1, 2);
        values.putLong(0, Rig.address(x)).putFloat(8, 3).putInt(12, 2);
        Pointer base = Pointer.to(values);
        JCudaDriver.cuLaunchKernel(rig.function("scaleF32"), 1, 1, 1, 32, 1, 1, 0, null,
                Pointer.to(base, base.withByteOffset(8), base.withByteOffset(12)), null);
        values.putFloat(8, 1000);
        assertArrayEquals(new float[] {3, 6}, rig.get(x, 2));
    }

    @Test
    void theDeviceSaysWhatItIs() {
        var version = new int[1];
        JCudaDriver.cuDriverGetVersion(version);
        assertEquals(12_060, version[0]);
        var device = new CUdevice();
        var value = new int[1];
        JCudaDriver.cuDeviceGet(device, 0);
        JCudaDriver.cuDeviceGetAttribute(value,
                CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device);
        assertEquals(7, value[0]);
        JCudaDriver.cuFuncGetAttribute(value, CUfunction_attribute.CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES,
                rig.function("sumF64"));
        assertEquals(256, value[0]);
        JCudaDriver.cuFuncGetAttribute(value, CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK,
                rig.function("reverse"));
        assertEquals(64, value[0]);
        JCudaDriver.cuOccupancyMaxActiveBlocksPerMultiprocessor(value, rig.function("scaleF32"), 256, 0);
        assertEquals(4, value[0]);
        Emulation.set("MEMORY", "1M");
        rig.allocate(1000);
        var free = new long[1];
        var total = new long[1];
        JCudaDriver.cuMemGetInfo(free, total);
        assertEquals(1 << 20, total[0]);
        assertEquals((1 << 20) - 1024, free[0]);
    }

    @Test
    void aThreadNeedsTheContext() throws InterruptedException {
        CUdeviceptr x = rig.put(1);
        var error = new AtomicReference<Throwable>();
        var thread = new Thread(() -> {
            assertThrows(CudaException.class, () -> rig.allocate(4));
            JCudaDriver.cuCtxSetCurrent(rig.context());
            rig.launch("scaleF32", 32, x, 7f, 1);
        });
        thread.setUncaughtExceptionHandler((t, e) -> error.set(e));
        thread.start();
        thread.join();
        assertNull(error.get());
        assertEquals(7, rig.get(x, 1)[0]);
    }

    @Test
    void eventsOrderStreamsAndAreAskedWithoutWaiting() {
        Emulation.set("MODE", "lazy");
        CUstream first = rig.stream();
        CUstream second = rig.stream();
        CUdeviceptr x = rig.put(1);
        var begin = new CUevent();
        var event = new CUevent();
        JCudaDriver.cuEventCreate(begin, 0);
        JCudaDriver.cuEventCreate(event, 0);
        JCudaDriver.cuEventRecord(begin, first);
        rig.launchOn(first, "scaleF32", 1, 32, 0, x, 3f, 1);
        JCudaDriver.cuEventRecord(event, first);
        JCudaDriver.cuStreamWaitEvent(second, event, 0);
        rig.launchOn(second, "scaleF32", 1, 32, 0, x, 5f, 1);
        JCudaDriver.setExceptionsEnabled(false); // not ready is an exception to JCuda
        assertEquals(CUresult.CUDA_ERROR_NOT_READY, JCudaDriver.cuEventQuery(event));
        while (JCudaDriver.cuStreamQuery(second) != 0) {
            Thread.onSpinWait();
        }
        JCudaDriver.setExceptionsEnabled(true);
        assertEquals(15, rig.get(x, 1)[0]);
        var milliseconds = new float[1];
        JCudaDriver.cuEventElapsedTime(milliseconds, begin, event);
        assertTrue(milliseconds[0] >= 0);
        JCudaDriver.cuEventDestroy(begin);
        JCudaDriver.cuEventDestroy(event);
    }

    @Test
    void streamOrderedMemoryComesAndGoesWithItsStream() {
        Emulation.set("MODE", "lazy");
        CUstream stream = rig.stream();
        var x = new CUdeviceptr();
        JCudaDriver.cuMemAllocAsync(x, 400, stream);
        JCudaDriver.cuMemsetD32Async(x, Float.floatToIntBits(1), 100, stream);
        rig.launchOn(stream, "scaleF32", 1, 64, 0, x, 2f, 100);
        JCudaDriver.cuMemFreeAsync(x, stream);
        JCudaDriver.cuStreamSynchronize(stream);
        assertEquals("", Emulation.messages());
    }

    @ParameterizedTest
    @ValueSource(strings = {"eager", "lazy"})
    void whatTwoStreamsDidIsReplayedAsAGraph(String mode) {
        Emulation.set("MODE", mode);
        CUstream first = rig.stream();
        CUstream second = rig.stream();
        CUdeviceptr x = rig.put(1);
        CUdeviceptr y = rig.put(1);
        var fork = new CUevent();
        var join = new CUevent();
        JCudaDriver.cuEventCreate(fork, 2);
        JCudaDriver.cuEventCreate(join, 2);
        JCudaDriver.cuStreamBeginCapture(first, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL);
        JCudaDriver.cuEventRecord(fork, first);
        JCudaDriver.cuStreamWaitEvent(second, fork, 0);
        rig.launchOn(first, "scaleF32", 1, 32, 0, x, 2f, 1);
        rig.launchOn(second, "scaleF32", 1, 32, 0, y, 3f, 1);
        JCudaDriver.cuEventRecord(join, second);
        JCudaDriver.cuStreamWaitEvent(first, join, 0);
        var graph = new CUgraph();
        JCudaDriver.cuStreamEndCapture(first, graph);
        var executable = new CUgraphExec();
        JCudaDriver.cuGraphInstantiate(executable, graph, 0);
        assertEquals(1, rig.get(x, 1)[0]);
        for (int i = 0; i < 3; i++) {
            JCudaDriver.cuGraphLaunch(executable, first);
        }
        JCudaDriver.cuStreamSynchronize(first);
        assertEquals(8, rig.get(x, 1)[0]);
        assertEquals(27, rig.get(y, 1)[0]);
        JCudaDriver.cuGraphExecDestroy(executable);
        JCudaDriver.cuGraphDestroy(graph);
        JCudaDriver.cuEventDestroy(fork);
        JCudaDriver.cuEventDestroy(join);
    }

    @Test
    void aGraphOfFreedMemoryAndACaptureThatWaitsAreFaults() {
        Emulation.set("LOG", "off");
        CUstream stream = rig.stream();
        CUdeviceptr x = rig.put(1);
        JCudaDriver.cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL);
        rig.launchOn(stream, "scaleF32", 1, 32, 0, x, 2f, 1);
        var graph = new CUgraph();
        JCudaDriver.cuStreamEndCapture(stream, graph);
        var executable = new CUgraphExec();
        JCudaDriver.cuGraphInstantiate(executable, graph, 0);
        JCudaDriver.cuGraphDestroy(graph);
        JCudaDriver.cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL);
        assertThrows(CudaException.class, () -> JCudaDriver.cuStreamSynchronize(stream));
        assertThrows(CudaException.class, () -> JCudaDriver.cuStreamEndCapture(stream, new CUgraph()));
        JCudaDriver.cuMemFree(x);
        assertThrows(CudaException.class, () -> JCudaDriver.cuGraphLaunch(executable, stream));
        assertTrue(Emulation.messages().contains("in a graph, at launch of scaleF32"));
        JCudaDriver.setExceptionsEnabled(false);
        Emulation.messages();
        rig.close();
        rig = new Rig();
        JCudaDriver.cuGraphExecDestroy(executable);
    }

    @Test
    void functionsThatNobodyWroteSaySo() {
        Emulation.set("LOG", "off");
        assertThrows(CudaException.class, () -> JCudaDriver.cuCtxSetCacheConfig(1));
        assertTrue(Emulation.messages().contains("cuCtxSetCacheConfig: the software driver does not have"));
    }

    @Test
    void faultsInKernelsLeaveTheVirtualMachineItsOwn() {
        Emulation.set("LOG", "off");
        CUdeviceptr x = rig.allocate(1024);
        assertThrows(CudaException.class, () -> rig.launchOn(null, "writesOneTooMany", 1, 512, 0, x, 256));
        int caught = 0;
        for (int i = 0; i < 100_000; i++) {
            try {
                caught += (i % 1000 == 0 ? null : "").length();
            } catch (NullPointerException e) {
                caught++;
            }
        }
        assertEquals(100, caught);
    }
}
