package wengert.cuda.emulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import jcuda.CudaException;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionFwdAlgoPerf;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnHandle;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.runtime.cudaStream_t;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The software cuBLAS and cuDNN against their definitions, in lazy mode on a stream that waits for nobody.
class LibrariesRunTest {
    private static final Pointer ONE = Pointer.to(new float[] {1});
    private static final Pointer ZERO = Pointer.to(new float[] {0});
    private Rig rig;
    private CUstream stream;

    @BeforeAll
    static void driver() {
        EmulatedDriver.require();
    }

    @BeforeEach
    void open() {
        rig = new Rig();
        JCublas2.setExceptionsEnabled(true);
        JCudnn.setExceptionsEnabled(true);
        stream = rig.stream();
        Emulation.set("MODE", "lazy");
    }

    @AfterEach
    void close() {
        Emulation.reset();
        rig.close();
        JCublas2.setExceptionsEnabled(false);
        JCudnn.setExceptionsEnabled(false);
        assertEquals("[]", Emulation.held().toString());
    }

    private static float[] numbers(int n) {
        var values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = i * 37 % 101 / 50f - 1;
        }
        return values;
    }

    private static double dot(float[] a, float[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * (double) b[i]).sum();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 1", "1, 0", "1, 1"})
    void aBatchOfProductsIsWhatCublasSaysItIs(int opA, int opB) {
        var handle = new cublasHandle();
        JCublas2.cublasCreate(handle);
        JCublas2.cublasSetStream(handle, new cudaStream_t(stream));
        int m = 3;
        int n = 4;
        int k = 5;
        int batch = 2;
        float[] a = numbers(batch * m * k);
        float[] b = numbers(batch * k * n);
        float[] c = numbers(batch * m * n);
        float[] expected = c.clone();
        for (int i = 0; i < batch; i++) {
            for (int row = 0; row < m; row++) {
                for (int column = 0; column < n; column++) {
                    double sum = 0;
                    for (int l = 0; l < k; l++) {
                        sum += a[i * m * k + (opA == 1 ? row * k + l : l * m + row)]
                                * b[i * k * n + (opB == 1 ? l * n + column : column * k + l)];
                    }
                    int at = i * m * n + column * m + row;
                    expected[at] = (float) (2 * sum + 0.5 * c[at]);
                }
            }
        }
        CUdeviceptr onDevice = rig.put(c);
        JCublas2.cublasSgemmStridedBatched(handle, opA, opB, m, n, k, Pointer.to(new float[] {2}), rig.put(a),
                opA == 1 ? k : m, m * k, rig.put(b), opB == 1 ? n : k, k * n, Pointer.to(new float[] {0.5f}),
                onDevice, m, m * n, batch);
        JCudaDriver.cuStreamSynchronize(stream);
        assertArrayEquals(expected, rig.get(onDevice, c.length), 1e-5f);
        JCublas2.cublasDestroy(handle);
    }

    @Test
    void aProductThatBetaIsZeroForDoesNotReadWhatWasThere() {
        var handle = new cublasHandle();
        JCublas2.cublasCreate(handle);
        CUdeviceptr c = rig.allocate(4);
        JCublas2.cublasSgemm(handle, 0, 0, 1, 1, 2, ONE, rig.put(1, 2), 1, rig.put(3, 4), 2, ZERO, c, 1);
        assertEquals(11, rig.get(c, 1)[0]);
        JCublas2.cublasDestroy(handle);
    }

    @Test
    void aMatrixThatIsTooSmallIsNamed() {
        Emulation.set("LOG", "off");
        var handle = new cublasHandle();
        JCublas2.cublasCreate(handle);
        CUdeviceptr c = rig.allocate(64);
        JCublas2.cublasSgemm(handle, 0, 0, 4, 4, 4, ONE, rig.put(numbers(15)), 4, rig.put(numbers(16)), 4,
                ZERO, c, 4);
        assertThrows(CudaException.class, JCudaDriver::cuCtxSynchronize);
        assertTrue(Emulation.messages().contains("cublasSgemm, A: 64 bytes from byte 0 run 4 bytes past"));
        JCublas2.cublasDestroy(handle);
    }

    /// One convolution with its descriptors, and y, dx, dw, db as cuDNN computes them.
    private final class Convolution {
        final cudnnHandle handle = new cudnnHandle();
        final cudnnTensorDescriptor xd = new cudnnTensorDescriptor();
        final cudnnTensorDescriptor yd = new cudnnTensorDescriptor();
        final cudnnTensorDescriptor bd = new cudnnTensorDescriptor();
        final cudnnFilterDescriptor wd = new cudnnFilterDescriptor();
        final cudnnConvolutionDescriptor cd = new cudnnConvolutionDescriptor();
        final int[] x = {2, 4, 7, 6};
        final int[] w;
        final int[] y;
        final int stride;
        final int pad;
        final int dilation;

        Convolution(int groups, int stride, int pad, int dilation) {
            this.stride = stride;
            this.pad = pad;
            this.dilation = dilation;
            w = new int[] {6, 4 / groups, 3, 3};
            y = new int[] {2, 6, (7 + 2 * pad - 2 * dilation - 1) / stride + 1,
                (6 + 2 * pad - 2 * dilation - 1) / stride + 1};
            JCudnn.cudnnCreate(handle);
            JCudnn.cudnnSetStream(handle, new cudaStream_t(stream()));
            tensor(xd, x);
            tensor(yd, y);
            tensor(bd, 1, 6, 1, 1);
            JCudnn.cudnnCreateFilterDescriptor(wd);
            JCudnn.cudnnSetFilter4dDescriptor(wd, 0, 0, w[0], w[1], w[2], w[3]);
            JCudnn.cudnnCreateConvolutionDescriptor(cd);
            JCudnn.cudnnSetConvolution2dDescriptor(cd, pad, pad, stride, stride, dilation, dilation, 1, 0);
            JCudnn.cudnnSetConvolutionGroupCount(cd, groups);
        }

        private CUstream stream() {
            return LibrariesRunTest.this.stream;
        }

        private static void tensor(cudnnTensorDescriptor d, int... dims) {
            JCudnn.cudnnCreateTensorDescriptor(d);
            JCudnn.cudnnSetTensor4dDescriptor(d, 0, 0, dims[0], dims[1], dims[2], dims[3]);
        }

        static int size(int[] dims) {
            return dims[0] * dims[1] * dims[2] * dims[3];
        }

        float[] expected(float[] image, float[] filter) {
            var result = new float[size(y)];
            int outputs = w[0] / (x[1] / w[1]);
            for (int i = 0; i < result.length; i++) {
                int q = i % y[3];
                int p = i / y[3] % y[2];
                int k = i / y[3] / y[2] % y[1];
                int n = i / y[3] / y[2] / y[1];
                for (int tap = 0; tap < w[1] * w[2] * w[3]; tap++) {
                    int c = tap / (w[2] * w[3]);
                    int row = p * stride - pad + tap / w[3] % w[2] * dilation;
                    int column = q * stride - pad + tap % w[3] * dilation;
                    if (row >= 0 && row < x[2] && column >= 0 && column < x[3]) {
                        int channel = k / outputs * w[1] + c;
                        result[i] += image[((n * x[1] + channel) * x[2] + row) * x[3] + column]
                                * filter[k * w[1] * w[2] * w[3] + tap];
                    }
                }
            }
            return result;
        }

        void close() {
            JCudnn.cudnnDestroyTensorDescriptor(xd);
            JCudnn.cudnnDestroyTensorDescriptor(yd);
            JCudnn.cudnnDestroyTensorDescriptor(bd);
            JCudnn.cudnnDestroyFilterDescriptor(wd);
            JCudnn.cudnnDestroyConvolutionDescriptor(cd);
            JCudnn.cudnnDestroy(handle);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1, 1", "2, 2, 1, 1", "1, 1, 0, 2", "2, 1, 2, 2"})
    void theDirectionsOfAConvolutionAreEachOthersTransposes(int groups, int stride, int pad, int dilation) {
        var conv = new Convolution(groups, stride, pad, dilation);
        float[] x = numbers(Convolution.size(conv.x));
        float[] w = numbers(Convolution.size(conv.w));
        float[] expected = conv.expected(x, w);
        float[] dy = numbers(expected.length);
        CUdeviceptr onDevice = rig.put(x);
        CUdeviceptr filter = rig.put(w);
        CUdeviceptr gradient = rig.put(dy);
        CUdeviceptr y = rig.allocate(4L * expected.length);
        CUdeviceptr dx = rig.allocate(4L * x.length);
        CUdeviceptr dw = rig.allocate(4L * w.length);
        CUdeviceptr db = rig.allocate(4L * 6);
        CUdeviceptr work = rig.allocate(1 << 16);

        var found = new int[1];
        var list = IntStream.range(0, 8).mapToObj(i -> new cudnnConvolutionFwdAlgoPerf())
                .toArray(cudnnConvolutionFwdAlgoPerf[]::new);
        JCudnn.cudnnGetConvolutionForwardAlgorithm_v7(conv.handle, conv.xd, conv.wd, conv.cd, conv.yd, 8,
                found, list);
        for (var algorithm : list) {
            if (algorithm.status == 0) {
                JCudnn.cudnnConvolutionForward(conv.handle, ONE, conv.xd, onDevice, conv.wd, filter, conv.cd,
                        algorithm.algo, work, algorithm.memory, ZERO, conv.yd, y);
                JCudaDriver.cuStreamSynchronize(this.stream);
                assertArrayEquals(expected, rig.get(y, expected.length), 1e-5f);
            }
        }
        JCudnn.cudnnConvolutionBackwardData(conv.handle, ONE, conv.wd, filter, conv.yd, gradient, conv.cd, 1,
                work, 1 << 16, ZERO, conv.xd, dx);
        JCudnn.cudnnConvolutionBackwardFilter(conv.handle, ONE, conv.xd, onDevice, conv.yd, gradient, conv.cd,
                1, work, 1 << 16, ZERO, conv.wd, dw);
        JCudnn.cudnnConvolutionBackwardBias(conv.handle, ONE, conv.yd, gradient, ZERO, conv.bd, db);
        JCudaDriver.cuStreamSynchronize(this.stream);
        double product = dot(expected, dy);
        assertEquals(product, dot(x, rig.get(dx, x.length)), 1e-4 * Math.abs(product) + 1e-4);
        assertEquals(product, dot(w, rig.get(dw, w.length)), 1e-4 * Math.abs(product) + 1e-4);
        double all = 0;
        for (float sum : rig.get(db, 6)) {
            all += sum;
        }
        assertEquals(IntStream.range(0, dy.length).mapToDouble(i -> dy[i]).sum(), all, 1e-4);
        conv.close();
    }

    @Test
    void aWorkspaceThatIsTooSmallIsRefused() {
        Emulation.set("LOG", "off");
        var conv = new Convolution(1, 1, 1, 1);
        var bytes = new long[1];
        JCudnn.cudnnGetConvolutionBackwardDataWorkspaceSize(conv.handle, conv.wd, conv.yd, conv.cd, conv.xd,
                1, bytes);
        CUdeviceptr x = rig.allocate(4L * Convolution.size(conv.x));
        assertThrows(CudaException.class, () -> JCudnn.cudnnConvolutionBackwardData(conv.handle, ONE, conv.wd,
                rig.put(numbers(Convolution.size(conv.w))), conv.yd,
                rig.put(numbers(Convolution.size(conv.y))), conv.cd, 1, rig.allocate(bytes[0]), bytes[0] - 1,
                ZERO, conv.xd, x));
        String said = Emulation.messages();
        assertTrue(said.contains("workspace of " + (bytes[0] - 1) + " bytes, needs " + bytes[0]), said);
        conv.close();
    }
}
