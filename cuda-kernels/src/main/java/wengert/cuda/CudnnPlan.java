package wengert.cuda;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import jcuda.Pointer;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgo;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgo;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionFwdAlgo;
import jcuda.jcudnn.cudnnConvolutionFwdAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionMode;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnDeterminism;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnHandle;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.jcudnn.cudnnTensorFormat;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;

/// How cuDNN does one convolution of one shape: its descriptors, and the algorithms that it offers, those
/// first that it believes to be fast.
///
/// It is asked what it believes, not told to try: times differ from run to run, and so would the algorithm
/// and the bits. Algorithms that are not deterministic are left out, and those that want too much memory.
final class CudnnPlan {
    private static final long MOST_WORKSPACE = 256 << 20;
    /// Of a question that failed: JCudnn reads as many answers as a number says that is then not set, and
    /// where it throws the status is lost.
    private static final int UNKNOWN = -1;
    private static final Set<Integer> NOT_DETERMINISTIC_DATA =
            Set.of(cudnnConvolutionBwdDataAlgo.CUDNN_CONVOLUTION_BWD_DATA_ALGO_0);
    private static final Set<Integer> NOT_DETERMINISTIC_WEIGHTS =
            Set.of(cudnnConvolutionBwdFilterAlgo.CUDNN_CONVOLUTION_BWD_FILTER_ALGO_0,
                    cudnnConvolutionBwdFilterAlgo.CUDNN_CONVOLUTION_BWD_FILTER_ALGO_3);
    private static final Pointer ONE_F32 = Pointer.to(new float[] {1});
    private static final Pointer ZERO_F32 = Pointer.to(new float[] {0});
    private static final Pointer ONE_F64 = Pointer.to(new double[] {1});
    private static final Pointer ZERO_F64 = Pointer.to(new double[] {0});

    /// Which of the three is the result: y, dx or dw.
    enum Direction {
        FORWARD, DATA_GRADIENT, WEIGHT_GRADIENT
    }

    /// What a plan depends on.
    ///
    /// @param x    [N, C, H, W]
    /// @param w    [K, C/G, R, S]
    /// @param y    [N, K, P, Q]
    /// @param tf32 whether f32 may be rounded to TF32
    record Key(Direction direction, DType dtype, Shape x, Shape w, Shape y, Conv2dGeometry g, boolean tf32) {
        @Override
        public String toString() {
            return dtype + ", x " + x + ", w " + w + ", y " + y + ", " + g;
        }
    }

    private record Algorithm(int number, long workspace) {
    }

    private final Cudnn cudnn;
    private final Key key;
    private final cudnnTensorDescriptor x = new cudnnTensorDescriptor();
    private final cudnnTensorDescriptor y = new cudnnTensorDescriptor();
    private final cudnnFilterDescriptor w = new cudnnFilterDescriptor();
    private final cudnnConvolutionDescriptor convolution = new cudnnConvolutionDescriptor();
    /// How the descriptors made so far are given back.
    private final Deque<Runnable> made = new ArrayDeque<>();
    private final Deque<Algorithm> algorithms = new ArrayDeque<>();

    CudnnPlan(Cudnn cudnn, Key key) {
        this.cudnn = cudnn;
        this.key = key;
        cudnnHandle handle = cudnn.handle();
        try {
            describe();
            ask(handle);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void describe() {
        int type = key.dtype == DType.F32 ? cudnnDataType.CUDNN_DATA_FLOAT : cudnnDataType.CUDNN_DATA_DOUBLE;
        describe(x, key.x, type);
        describe(y, key.y, type);
        cudnn.check(JCudnn.cudnnCreateFilterDescriptor(w), "cudnnCreateFilterDescriptor", "");
        made.push(() -> JCudnn.cudnnDestroyFilterDescriptor(w));
        cudnn.check(JCudnn.cudnnSetFilter4dDescriptor(w, type, cudnnTensorFormat.CUDNN_TENSOR_NCHW,
                key.w.size(0), key.w.size(1), key.w.size(2), key.w.size(3)), "cudnnSetFilter4dDescriptor",
                key.w);
        Conv2dGeometry g = key.g;
        cudnn.check(JCudnn.cudnnCreateConvolutionDescriptor(convolution), "cudnnCreateConvolutionDescriptor",
                "");
        made.push(() -> JCudnn.cudnnDestroyConvolutionDescriptor(convolution));
        cudnn.check(JCudnn.cudnnSetConvolution2dDescriptor(convolution, g.padH(), g.padW(), g.strideH(),
                g.strideW(), g.dilationH(), g.dilationW(), cudnnConvolutionMode.CUDNN_CROSS_CORRELATION,
                type), "cudnnSetConvolution2dDescriptor", key);
        cudnn.check(JCudnn.cudnnSetConvolutionGroupCount(convolution, g.groups()),
                "cudnnSetConvolutionGroupCount", key);
        cudnn.check(JCudnn.cudnnSetConvolutionMathType(convolution, key.dtype == DType.F32 && !key.tf32
                ? cudnnMathType.CUDNN_FMA_MATH : cudnnMathType.CUDNN_DEFAULT_MATH),
                "cudnnSetConvolutionMathType", key);
    }

    private void describe(cudnnTensorDescriptor t, Shape s, int type) {
        cudnn.check(JCudnn.cudnnCreateTensorDescriptor(t), "cudnnCreateTensorDescriptor", "");
        made.push(() -> JCudnn.cudnnDestroyTensorDescriptor(t));
        cudnn.check(JCudnn.cudnnSetTensor4dDescriptor(t, cudnnTensorFormat.CUDNN_TENSOR_NCHW, type, s.size(0),
                s.size(1), s.size(2), s.size(3)), "cudnnSetTensor4dDescriptor", s);
    }

    private void ask(cudnnHandle h) {
        int[] n = new int[1];
        switch (key.direction) {
            case FORWARD -> {
                var offers = IntStream.range(0, cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_COUNT)
                        .mapToObj(i -> new cudnnConvolutionFwdAlgoPerf())
                        .toArray(cudnnConvolutionFwdAlgoPerf[]::new);
                answered(() -> JCudnn.cudnnGetConvolutionForwardAlgorithm_v7(h, x, w, convolution, y,
                        offers.length, n, offers), "cudnnGetConvolutionForwardAlgorithm_v7", n);
                for (int i = 0; i < n[0]; i++) {
                    take(offers[i].algo, offers[i].status, offers[i].memory, offers[i].determinism, Set.of());
                }
            }
            case DATA_GRADIENT -> {
                var offers = IntStream
                        .range(0, cudnnConvolutionBwdDataAlgo.CUDNN_CONVOLUTION_BWD_DATA_ALGO_COUNT)
                        .mapToObj(i -> new cudnnConvolutionBwdDataAlgoPerf())
                        .toArray(cudnnConvolutionBwdDataAlgoPerf[]::new);
                answered(() -> JCudnn.cudnnGetConvolutionBackwardDataAlgorithm_v7(h, w, y, convolution, x,
                        offers.length, n, offers), "cudnnGetConvolutionBackwardDataAlgorithm_v7", n);
                for (int i = 0; i < n[0]; i++) {
                    take(offers[i].algo, offers[i].status, offers[i].memory, offers[i].determinism,
                            NOT_DETERMINISTIC_DATA);
                }
            }
            case WEIGHT_GRADIENT -> {
                var offers = IntStream
                        .range(0, cudnnConvolutionBwdFilterAlgo.CUDNN_CONVOLUTION_BWD_FILTER_ALGO_COUNT)
                        .mapToObj(i -> new cudnnConvolutionBwdFilterAlgoPerf())
                        .toArray(cudnnConvolutionBwdFilterAlgoPerf[]::new);
                answered(() -> JCudnn.cudnnGetConvolutionBackwardFilterAlgorithm_v7(h, x, y, convolution, w,
                        offers.length, n, offers), "cudnnGetConvolutionBackwardFilterAlgorithm_v7", n);
                for (int i = 0; i < n[0]; i++) {
                    take(offers[i].algo, offers[i].status, offers[i].memory, offers[i].determinism,
                            NOT_DETERMINISTIC_WEIGHTS);
                }
            }
        }
    }

    private void answered(IntSupplier question, String call, int[] count) {
        int status;
        try {
            status = question.getAsInt();
        } catch (ArrayIndexOutOfBoundsException e) {
            status = UNKNOWN;
        }
        if (Cudnn.isUnsupported(status)) {
            count[0] = 0;
        } else {
            cudnn.check(status, call, key);
        }
    }

    private void take(int number, int status, long workspace, int determinism, Set<Integer> not) {
        if (status == 0 && determinism == cudnnDeterminism.CUDNN_DETERMINISTIC && !not.contains(number)
                && workspace <= MOST_WORKSPACE) {
            algorithms.add(new Algorithm(number, workspace));
        }
    }

    /// Queues the convolution.
    ///
    /// @param scratch gives the workspace
    /// @return whether cuDNN does it; if not, nothing was queued
    boolean run(Scratch scratch, Pointer atX, Pointer atW, Pointer atY) {
        while (!algorithms.isEmpty()) {
            Algorithm a = algorithms.getFirst();
            Pointer workspace = a.workspace == 0 ? new Pointer() : scratch.bytes(a.workspace).address();
            int status = run(a, workspace, atX, atW, atY);
            if (!Cudnn.isUnsupported(status)) {
                cudnn.check(status, switch (key.direction) {
                    case FORWARD -> "cudnnConvolutionForward";
                    case DATA_GRADIENT -> "cudnnConvolutionBackwardData";
                    case WEIGHT_GRADIENT -> "cudnnConvolutionBackwardFilter";
                }, key + ", algorithm " + a.number + ", workspace " + a.workspace + " bytes");
                return true;
            }
            algorithms.removeFirst(); // offered, but it does not do this geometry
        }
        return false;
    }

    private int run(Algorithm a, Pointer workspace, Pointer atX, Pointer atW, Pointer atY) {
        boolean f32 = key.dtype == DType.F32;
        Pointer one = f32 ? ONE_F32 : ONE_F64;
        Pointer zero = f32 ? ZERO_F32 : ZERO_F64;
        cudnnHandle h = cudnn.handle();
        return switch (key.direction) {
            case FORWARD -> JCudnn.cudnnConvolutionForward(h, one, x, atX, w, atW, convolution, a.number,
                    workspace, a.workspace, zero, y, atY);
            case DATA_GRADIENT -> JCudnn.cudnnConvolutionBackwardData(h, one, w, atW, y, atY, convolution,
                    a.number, workspace, a.workspace, zero, x, atX);
            case WEIGHT_GRADIENT -> JCudnn.cudnnConvolutionBackwardFilter(h, one, x, atX, y, atY, convolution,
                    a.number, workspace, a.workspace, zero, w, atW);
        };
    }

    /// Gives the descriptors back; the plan is not used any more.
    void close() {
        made.forEach(Runnable::run);
    }
}
