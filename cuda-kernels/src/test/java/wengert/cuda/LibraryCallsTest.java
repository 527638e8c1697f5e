package wengert.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wengert.cuda.Pair.Layout;
import wengert.cuda.driver.CudaException;
import wengert.cuda.emulation.EmulatedDriver;
import wengert.cuda.emulation.Emulation;
import wengert.tensor.spi.BackendException;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.ConvKernels;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.OutOfMemoryException;
import wengert.tensor.spi.Shape;

/// What cuBLAS and cuDNN are asked for, and what becomes of a call that fails.
class LibraryCallsTest {
    private static final Conv2dGeometry HALVING = Conv2dGeometry.of(2, 1);
    private static final int NOT_SUPPORTED = 3000;

    private final Random random = new Random(1);
    private CudaBackend card;

    @BeforeEach
    void open() {
        EmulatedDriver.require();
        Emulation.reset();
        card = new CudaBackend(0);
    }

    @AfterEach
    void reset() {
        Emulation.reset();
        System.clearProperty("wengert.cuda.tf32");
    }

    private void product() {
        Pair a = Pair.random(card, DType.F32, Shape.of(2, 3), Layout.CONTIGUOUS, random);
        Pair b = Pair.random(card, DType.F32, Shape.of(3, 4), Layout.CONTIGUOUS, random);
        Pair y = Pair.result(card, DType.F32, Shape.of(2, 4));
        Device.REFERENCE.backend().matmul(a.host(), b.host(), y.host());
        card.matmul(a.card(), b.card(), y.card());
        y.assertSame(card, 3, "product");
    }

    private void forward() {
        ConvKernels reference = Device.REFERENCE.backend().find(ConvKernels.class);
        Pair x = Pair.random(card, DType.F32, Shape.of(2, 3, 8, 8), Layout.CONTIGUOUS, random);
        Pair w = Pair.random(card, DType.F32, Shape.of(5, 3, 3, 3), Layout.CONTIGUOUS, random);
        Pair y = Pair.result(card, DType.F32, Shape.of(2, 5, 4, 4));
        reference.conv2d(x.host(), w.host(), HALVING, y.host());
        card.find(ConvKernels.class).conv2d(x.card(), w.card(), HALVING, y.card());
        y.assertSame(card, 27, "y");
    }

    private void weightGradient() {
        ConvKernels reference = Device.REFERENCE.backend().find(ConvKernels.class);
        Pair x = Pair.random(card, DType.F32, Shape.of(2, 3, 8, 8), Layout.CONTIGUOUS, random);
        Pair dy = Pair.random(card, DType.F32, Shape.of(2, 5, 4, 4), Layout.CONTIGUOUS, random);
        Pair dw = Pair.result(card, DType.F32, Shape.of(5, 3, 3, 3));
        reference.conv2dWeightGradient(x.host(), dy.host(), HALVING, dw.host());
        card.find(ConvKernels.class).conv2dWeightGradient(x.card(), dy.card(), HALVING, dw.card());
        dw.assertSame(card, 32, "dw");
    }

    private static void assertSays(BackendException e, String... parts) {
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), () -> "expected '" + part + "' in: " + e.getMessage());
        }
    }

    @Test
    void aProductThatFailsNamesItsSizesAndTheNextOneRuns() {
        product();
        Emulation.fail("cublasSgemm", 1, 13);
        var e = assertThrows(CudaException.class, this::product);
        assertSays(e, "cublasSgemm(m 4, n 2, k 3, ld 4 3 4, compute stream): CUBLAS_STATUS_EXECUTION_FAILED "
                + "(13)");
        assertFalse(e.isLost());
        product();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cublasCreate", "cublasSetStream", "cublasSetWorkspace"})
    void aHandleThatCannotBeMadeIsMadeTheNextTime(String call) {
        Emulation.fail(call, 1, 1);
        assertSays(assertThrows(CudaException.class, this::product), call,
                "CUBLAS_STATUS_NOT_INITIALIZED (1)");
        product();
    }

    @Test
    void noMemoryForCublasIsOutOfMemory() {
        Emulation.fail("cublasCreate", 1, 3);
        assertSays(assertThrows(OutOfMemoryException.class, this::product), "cublasCreate",
                "CUBLAS_STATUS_ALLOC_FAILED (3)");
        product();
    }

    @Test
    void aFailureOfAnEarlierKernelIsSaidToBeEarlier() {
        product();
        Emulation.set("FAIL", "cublasSgemm:1:13,cuStreamSynchronize:1:700");
        var e = assertThrows(CudaException.class, this::product);
        assertSays(e, "cublasSgemm", "raised earlier", "CUDA_ERROR_ILLEGAL_ADDRESS");
        assertTrue(e.isLost());
    }

    @Test
    void tf32IsOffUntilAskedFor() {
        long before = Emulation.calls("cublasSetMathMode");
        product();
        assertEquals(before, Emulation.calls("cublasSetMathMode"));
        System.setProperty("wengert.cuda.tf32", "true");
        product();
        assertEquals(before + 1, Emulation.calls("cublasSetMathMode"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cudnnCreate", "cudnnSetStream", "cudnnCreateTensorDescriptor",
        "cudnnCreateFilterDescriptor", "cudnnCreateConvolutionDescriptor", "cudnnSetTensor4dDescriptor",
        "cudnnSetFilter4dDescriptor", "cudnnSetConvolution2dDescriptor", "cudnnSetConvolutionGroupCount",
        "cudnnSetConvolutionMathType", "cudnnGetConvolutionForwardAlgorithm", "cudnnConvolutionForward"})
    void aCallOfCudnnThatFailsLeavesNothingBehindAndTheNextOneRuns(String call) {
        List<String> before = held();
        Emulation.fail(call, 1, 5000);
        var e = assertThrows(CudaException.class, this::forward);
        assertSays(e, call, "CUDNN_STATUS_EXECUTION_FAILED (5000)");
        if (!call.equals("cudnnConvolutionForward")) {
            assertEquals(before, held());
        }
        forward();
    }

    private static List<String> held() {
        return Emulation.held().stream().filter(line -> line.contains("cuDNN descriptors")).toList();
    }

    @Test
    void aPlanIsMadeOnceForAShape() {
        forward();
        long before = Emulation.calls("cudnnGetConvolutionForwardAlgorithm");
        assertTrue(before > 0);
        forward();
        forward();
        assertEquals(before, Emulation.calls("cudnnGetConvolutionForwardAlgorithm"));
    }

    @Test
    void whatCudnnDoesNotDoIsDoneByOwnKernels() {
        long before = Emulation.launches("convolve_plain_f32");
        Emulation.fail("cudnnGetConvolutionForwardAlgorithm", 1, NOT_SUPPORTED);
        forward();
        forward();
        assertEquals(before + 2, Emulation.launches("convolve_plain_f32"));
    }

    @Test
    void anAlgorithmThatRefusesGivesWayToTheNext() {
        long own = Emulation.launches("convolve_plain_f32");
        long before = Emulation.calls("cudnnConvolutionForward");
        Emulation.fail("cudnnConvolutionForward", 1, NOT_SUPPORTED);
        forward();
        assertEquals(before + 2, Emulation.calls("cudnnConvolutionForward"));
        assertEquals(own, Emulation.launches("convolve_plain_f32"));
    }

    /// With steps of two the software cuDNN offers the algorithms 0, 1 and 3, of which 1 is deterministic.
    @Test
    void algorithmsThatAreNotDeterministicAreNeverTaken() {
        long before = Emulation.calls("cudnnConvolutionBackwardFilter");
        Emulation.fail("cudnnConvolutionBackwardFilter", 1, NOT_SUPPORTED);
        weightGradient();
        assertEquals(before + 1, Emulation.calls("cudnnConvolutionBackwardFilter"));
    }
}
