package wengert.cuda.emulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import jcuda.CudaException;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Faults of the kind that a GPU mostly forgives, planted one by one: the software driver finds each of them.
class FaultsFoundTest {
    private Rig rig;

    @BeforeAll
    static void driver() {
        EmulatedDriver.require();
    }

    @BeforeEach
    void open() {
        rig = new Rig();
        Emulation.set("LOG", "off");
        Emulation.messages();
    }

    @AfterEach
    void close() {
        Emulation.reset();
        rig.close();
        assertEquals("[]", Emulation.held().toString());
    }

    /// The call, or a later one, fails with this error, and the driver says why in words like these.
    private static void assertFound(String error, Executable call, String... words) {
        var thrown = assertThrows(CudaException.class, call, Emulation::messages);
        String said = Emulation.messages();
        assertTrue(thrown.getMessage().contains(error), () -> thrown.getMessage() + "; " + said);
        for (String word : words) {
            assertTrue(said.contains(word), () -> "\"" + word + "\" in: " + said);
        }
    }

    private float[] shifted(String order) {
        Emulation.set("THREADS", order);
        CUdeviceptr x = rig.ramp(64);
        rig.launch("shiftWithoutBarrier", 64, x);
        return rig.get(x, 64);
    }

    @Test
    void aMissingBarrierShowsInAnotherOrderOfThreads() {
        assertEquals(62, shifted("forward")[63]);
        assertTrue(Float.isNaN(shifted("reverse")[63]), "read before it was written");
        int wrong = 0;
        float[] random = shifted("random:5");
        for (int i = 1; i < 64; i++) {
            wrong += random[i] == i - 1 ? 0 : 1;
        }
        assertTrue(wrong > 10, wrong + " wrong in random order");
    }

    @Test
    void aBarrierThatSomeThreadsDoNotReachIsNamed() {
        CUdeviceptr x = rig.ramp(64);
        assertFound("LAUNCH_FAILED", () -> rig.launch("barrierForSome", 64, x), "barrierForSome",
                "barrier divergence", "faults.cu:");
    }

    @Test
    void barriersInTwoBranchesAreNamed() {
        CUdeviceptr x = rig.ramp(64);
        assertFound("LAUNCH_FAILED", () -> rig.launch("barriersInBranches", 64, x), "barriersInBranches",
                "others wait at faults.cu:");
    }

    @Test
    void aWarpAndABlockThatWaitForEachOtherEndInsteadOfHanging() {
        Emulation.set("BARRIER", "lenient");
        CUdeviceptr x = rig.ramp(32);
        assertFound("LAUNCH_FAILED", () -> rig.launch("warpWaitsForBlock", 32, x), "wait for ever");
    }

    @Test
    void aWritePastTheEndNamesKernelThreadAndAllocation() {
        CUdeviceptr x = rig.allocate(4 * 256);
        assertFound("ILLEGAL_ADDRESS", () -> rig.launchOn(null, "writesOneTooMany", 3, 128, 0, x, 256),
                "writesOneTooMany, block (2,0,0), thread (0,0,0)", "0 bytes past the end of allocation",
                "1024 bytes");
    }

    @Test
    void aWriteIntoTheGapBehindAnAllocationIsFoundAfterTheLaunch() {
        CUdeviceptr x = rig.allocate(4 * 100);
        assertFound("ILLEGAL_ADDRESS", () -> rig.launch("writesOneTooMany", 128, x, 100),
                "after kernel writesOneTooMany", "was overwritten, 0 bytes past its end");
    }

    @Test
    void aReadPastTheEndIsFoundToo() {
        CUdeviceptr x = rig.ramp(64);
        CUdeviceptr sum = rig.allocate(4);
        assertFound("ILLEGAL_ADDRESS", () -> rig.launch("sumF32", 32, x, sum, 65), "sumF32", "past the end");
    }

    @Test
    void anOverrunOfDynamicSharedMemoryIsFound() {
        CUdeviceptr x = rig.ramp(64);
        assertFound("ILLEGAL_ADDRESS", () -> rig.launchOn(null, "overrunsDynamicShared", 1, 64, 256, x),
                "past the end of dynamic shared memory");
    }

    @Test
    void whatWasNeverWrittenIsNaN() {
        assertTrue(Float.isNaN(rig.get(rig.allocate(8), 2)[1]), "fresh memory");
        CUdeviceptr x = rig.ramp(64);
        rig.launch("readsUnsetShared", 64, x);
        assertEquals(1, rig.get(x, 64)[7]);
        assertTrue(Float.isNaN(rig.get(x, 64)[8]), "shared memory");
        CUdeviceptr y = rig.ramp(48);
        rig.launch("shufflesFromNobody", 48, y);
        assertEquals(16, rig.get(y, 48)[0]);
        assertTrue(Float.isNaN(rig.get(y, 48)[32]), "lanes that are not there");
    }

    @Test
    void aMissingSynchronizeShowsOldDataInPinnedMemory() {
        Emulation.set("MODE", "lazy");
        CUstream stream = rig.stream();
        CUdeviceptr x = rig.put(1, 2, 3);
        var host = new Pointer();
        JCudaDriver.cuMemHostAlloc(host, 12, 0);
        FloatBuffer pinned = host.getByteBuffer(0, 12).order(ByteOrder.nativeOrder()).asFloatBuffer();
        rig.launchOn(stream, "scaleF32", 1, 32, 0, x, 10f, 3);
        JCudaDriver.cuMemcpyDtoHAsync(host, x, 12, stream);
        assertTrue(Float.isNaN(pinned.get(0)) || pinned.get(0) > 1e30f, "read too early: " + pinned.get(0));
        JCudaDriver.cuStreamSynchronize(stream);
        assertEquals(FloatBuffer.wrap(new float[] {10, 20, 30}), pinned);
        JCudaDriver.cuMemFreeHost(host);
    }

    @Test
    void aBlockingCopyDoesNotWaitForANonBlockingStream() {
        Emulation.set("MODE", "lazy");
        CUstream stream = rig.stream();
        CUdeviceptr x = rig.put(1, 2, 3);
        rig.launchOn(stream, "scaleF32", 1, 32, 0, x, 10f, 3);
        assertArrayEquals(new float[] {1, 2, 3}, rig.get(x, 3));
        JCudaDriver.cuStreamSynchronize(stream);
        assertArrayEquals(new float[] {10, 20, 30}, rig.get(x, 3));
    }

    @Test
    void aMissingEventBetweenStreamsShowsWhenTheOtherRunsFirst() {
        assertEquals(20, scaledOnTwoStreams(false));
        assertEquals(220, scaledOnTwoStreams(true));
    }

    /// Adds 20 to 1 on one stream and multiplies by 10 on another.
    private float scaledOnTwoStreams(boolean ordered) {
        Emulation.set("MODE", "lazy");
        Emulation.set("STREAMS", "reverse");
        CUstream first = rig.stream();
        CUstream second = rig.stream();
        CUdeviceptr x = rig.put(2);
        CUdeviceptr sum = rig.put(0);
        var event = new CUevent();
        JCudaDriver.cuEventCreate(event, 2);
        rig.launchOn(first, "scaleF32", 1, 32, 0, x, 11f, 1);
        JCudaDriver.cuEventRecord(event, first);
        if (ordered) {
            JCudaDriver.cuStreamWaitEvent(second, event, 0);
        }
        rig.launchOn(second, "scaleF32", 1, 32, 0, x, 10f, 1);
        rig.launchOn(second, "sumF32", 1, 32, 0, x, sum, 1);
        JCudaDriver.cuCtxSynchronize();
        JCudaDriver.cuEventDestroy(event);
        return rig.get(sum, 1)[0];
    }

    @Test
    void aStaleParameterListStillNamesTheFreedBuffer() {
        ByteBuffer values = Rig.direct(16);
        CUdeviceptr x = rig.put(1, 2);
        values.putLong(0, Rig.address(x)).putFloat(8, 2).putInt(12, 2);
        Pointer base = Pointer.to(values);
        Pointer list = Pointer.to(base, base.withByteOffset(8), base.withByteOffset(12));
        CUfunction scale = rig.function("scaleF32");
        JCudaDriver.cuLaunchKernel(scale, 1, 1, 1, 32, 1, 1, 0, null, list, null);
        assertArrayEquals(new float[] {2, 4}, rig.get(x, 2));
        JCudaDriver.cuMemFree(x); // its successor lies elsewhere, and nobody rebuilt the list
        CUdeviceptr successor = rig.put(1, 2);
        assertFound("ILLEGAL_ADDRESS",
                () -> JCudaDriver.cuLaunchKernel(scale, 1, 1, 1, 32, 1, 1, 0, null, list, null),
                "kernel scaleF32: parameter 0 points to byte 0 of allocation", "already freed");
        assertTrue(Rig.address(successor) != values.getLong(0), "no address comes twice");
    }

    @Test
    void packedParametersOfAnotherLengthAreRefused() {
        ByteBuffer values = Rig.direct(16);
        CUdeviceptr x = rig.put(1, 2);
        values.putLong(0, Rig.address(x)).putFloat(8, 2).putInt(12, 2);
        CUfunction scale = rig.function("scaleF32");
        launchPacked(scale, values, 16);
        assertArrayEquals(new float[] {2, 4}, rig.get(x, 2));
        assertFound("INVALID_VALUE", () -> launchPacked(scale, values, 12),
                "packed parameters have 12 bytes, the kernel takes 16");
    }

    private static void launchPacked(CUfunction function, ByteBuffer values, long bytes) {
        Pointer extra = Pointer.to(JCudaDriver.CU_LAUNCH_PARAM_BUFFER_POINTER, Pointer.to(values),
                JCudaDriver.CU_LAUNCH_PARAM_BUFFER_SIZE, Pointer.to(new long[] {bytes}),
                JCudaDriver.CU_LAUNCH_PARAM_END);
        JCudaDriver.cuLaunchKernel(function, 1, 1, 1, 32, 1, 1, 0, null, null, extra);
    }

    @Test
    void parametersInTheWrongOrderAreNoDeviceMemory() {
        assertFound("ILLEGAL_ADDRESS", () -> rig.launch("scaleF32", 32, 12345L, 1f, 1), "not device memory");
    }

    @Test
    void memoryIsNotUsedAfterItWasFreed() {
        CUdeviceptr x = rig.put(1);
        CUdeviceptr stale = Rig.alias(x, 0);
        JCudaDriver.cuMemFree(x);
        assertFound("INVALID_VALUE", () -> rig.get(stale, 1), "already freed");
        assertFound("ILLEGAL_ADDRESS", () -> rig.launch("scaleF32", 32, stale, 1f, 1), "already freed");
    }

    @Test
    void memoryIsNotFreedWhileALaunchIsPending() {
        Emulation.set("MODE", "lazy");
        Emulation.set("FREE_WAITS", "0"); // real drivers wait here, but do not promise it
        CUdeviceptr x = rig.put(1);
        rig.launch("scaleF32", 32, x, 1f, 1);
        JCudaDriver.cuMemFree(x);
        assertFound("ILLEGAL_ADDRESS", JCudaDriver::cuCtxSynchronize, "already freed");
    }

    @Test
    void streamOrderedMemoryBelongsToItsStream() {
        Emulation.set("MODE", "lazy");
        CUstream first = rig.stream();
        CUstream second = rig.stream();
        var x = new CUdeviceptr();
        JCudaDriver.cuMemAllocAsync(x, 400, first);
        rig.launchOn(second, "scaleF32", 1, 32, 0, x, 1f, 100);
        assertFound("ILLEGAL_ADDRESS", () -> JCudaDriver.cuStreamSynchronize(second), "not yet allocated");
    }

    @Test
    void doubleAndInnerFreesAreNamed() {
        CUdeviceptr x = rig.allocate(64);
        CUdeviceptr again = Rig.alias(x, 0);
        assertFound("INVALID_VALUE", () -> JCudaDriver.cuMemFree(Rig.alias(x, 16)), "inside allocation");
        JCudaDriver.cuMemFree(x);
        assertFound("INVALID_VALUE", () -> JCudaDriver.cuMemFree(again), "double free");
    }

    @Test
    void copiesAndFillsPastTheEndAreRefused() {
        CUdeviceptr x = rig.allocate(100);
        assertFound("INVALID_VALUE", () -> JCudaDriver.cuMemcpyHtoD(x, Pointer.to(new float[26]), 104),
                "104 bytes from byte 0 run 4 bytes past the end");
        assertFound("INVALID_VALUE", () -> JCudaDriver.cuMemsetD32(Rig.alias(x, 96), 0, 2), "4 bytes past");
    }

    @Test
    void memoryEndsWhereTheTestSaysSo() {
        Emulation.set("MEMORY", "1M");
        CUdeviceptr half = rig.allocate(600_000);
        assertFound("OUT_OF_MEMORY", () -> rig.allocate(600_000),
                "asked for 600000 bytes, 600064 of 1048576");
        JCudaDriver.cuMemFree(half);
        rig.allocate(600_000);
    }

    @Test
    void theNthCallFailsWhenAskedTo() {
        CUdeviceptr x = rig.put(1);
        Emulation.fail("cuLaunchKernel", 3, 719);
        long before = Emulation.calls("cuLaunchKernel");
        rig.launch("scaleF32", 32, x, 2f, 1);
        rig.launch("scaleF32", 32, x, 2f, 1);
        assertFound("LAUNCH_FAILED", () -> rig.launch("scaleF32", 32, x, 2f, 1), "injected");
        rig.launch("scaleF32", 32, x, 2f, 1);
        assertEquals(8, rig.get(x, 1)[0]);
        assertEquals(4, Emulation.calls("cuLaunchKernel") - before);
    }

    @Test
    void afterAFaultEverythingFails() {
        CUdeviceptr x = rig.allocate(4 * 256);
        assertThrows(CudaException.class, () -> rig.launchOn(null, "writesOneTooMany", 1, 512, 0, x, 256));
        assertFound("ILLEGAL_ADDRESS", () -> rig.allocate(4));
    }

    @Test
    void destroyedHandlesAndUnknownNamesAreErrors() {
        CUstream stream = rig.stream();
        JCudaDriver.cuStreamDestroy(stream);
        assertFound("INVALID_HANDLE", () -> JCudaDriver.cuStreamSynchronize(stream), "destroyed stream");
        assertFound("NOT_FOUND", () -> rig.function("nobody"), "no kernel nobody");
    }

    @Test
    void tooLargeLaunchesAreRefused() {
        CUdeviceptr x = rig.ramp(64);
        assertFound("INVALID_VALUE", () -> rig.launch("scaleF32", 2048, x, 1f, 1), "too large");
        assertFound("LAUNCH_OUT_OF_RESOURCES", () -> rig.launchOn(null, "reverse", 1, 128, 512, x),
                "__launch_bounds__ says 64");
        assertFound("INVALID_VALUE", () -> rig.launchOn(null, "reverse", 1, 64, 60_000, x), "limit 49152");
    }

    @Test
    void ptxThatIsStaleOrTooNewDoesNotLoad() {
        String ptx = Rig.ptx();
        assertFound("INVALID_PTX", () -> load(ptx.replace(".param .u32 scaleF32_param_2",
                ".param .u64 scaleF32_param_2")), "scaleF32, parameter 2: 8 bytes", "is the PTX stale?");
        assertFound("INVALID_PTX", () -> load(ptx.replace(".entry weigh", ".entry way")), "entry way");
        assertFound("UNSUPPORTED_PTX_VERSION", () -> load(ptx.replace(".version 6.3", ".version 9.0")),
                "ISA 9.0 is newer than driver 12.6");
        assertFound("NO_BINARY_FOR_GPU", () -> load(ptx.replace("sm_75", "sm_90")), "device is sm_75");
    }

    private static void load(String ptx) {
        JCudaDriver.cuModuleLoadData(new CUmodule(), ptx);
    }
}
