package wengert.cuda;

import jcuda.Pointer;
import jcuda.driver.CUstream;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasMath;
import jcuda.jcublas.cublasOperation;
import jcuda.jcublas.cublasStatus;
import jcuda.runtime.cudaStream_t;
import wengert.cuda.driver.Address;
import wengert.cuda.driver.Context;
import wengert.cuda.memory.Allocator;
import wengert.cuda.memory.Buffer;
import wengert.tensor.spi.DType;

/// cuBLAS on the compute stream. Its handle is made by the first product.
///
/// cuBLAS may choose other kernels, and so other bits, where its workspace has another size. Here it is given
/// one of fixed size, so a product of the same numbers is the same bits every time.
final class Cublas {
    /// What cuBLAS itself takes: on Hopper and newer, and before.
    private static final long WORKSPACE_NEW = 32 << 20;
    private static final long WORKSPACE = 4 << 20;
    private static final Pointer ONE_F32 = Pointer.to(new float[] {1});
    private static final Pointer ZERO_F32 = Pointer.to(new float[] {0});
    private static final Pointer ONE_F64 = Pointer.to(new double[] {1});
    private static final Pointer ZERO_F64 = Pointer.to(new double[] {0});

    private final Context context;
    private final Allocator allocator;
    private cublasHandle handle;
    private Buffer workspace;
    private boolean tf32;

    Cublas(Context context, Allocator allocator) {
        this.context = context;
        this.allocator = allocator;
    }

    /// A matrix in the card's memory, by columns: element (r, c) of it, or of its transpose, stands at
    /// `r + c · ld`.
    ///
    /// @param ld         elements from one column to the next
    /// @param transposed whether what stands there is the transpose
    /// @param step       elements from one matrix to the next
    record Matrix(Address at, int ld, boolean transposed, long step) {
        private int operation() {
            return transposed ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N;
        }
    }

    /// `y = a · b`, batch times: a [m, k], b [k, n], y [m, n]. f32 or f64.
    synchronized void multiply(DType dtype, int m, int n, int k, Matrix a, Matrix b, Matrix y, int batch) {
        open();
        boolean f32 = dtype == DType.F32;
        int status;
        String call;
        if (batch == 1) {
            call = f32 ? "cublasSgemm" : "cublasDgemm";
            status = f32
                    ? JCublas2.cublasSgemm(handle, a.operation(), b.operation(), m, n, k, ONE_F32, a.at, a.ld,
                            b.at, b.ld, ZERO_F32, y.at, y.ld)
                    : JCublas2.cublasDgemm(handle, a.operation(), b.operation(), m, n, k, ONE_F64, a.at, a.ld,
                            b.at, b.ld, ZERO_F64, y.at, y.ld);
        } else {
            call = f32 ? "cublasSgemmStridedBatched" : "cublasDgemmStridedBatched";
            status = f32
                    ? JCublas2.cublasSgemmStridedBatched(handle, a.operation(), b.operation(), m, n, k,
                            ONE_F32, a.at, a.ld, a.step, b.at, b.ld, b.step, ZERO_F32, y.at, y.ld, y.step,
                            batch)
                    : JCublas2.cublasDgemmStridedBatched(handle, a.operation(), b.operation(), m, n, k,
                            ONE_F64, a.at, a.ld, a.step, b.at, b.ld, b.step, ZERO_F64, y.at, y.ld, y.step,
                            batch);
        }
        if (status != 0) {
            check(status, call, "m " + m + ", n " + n + ", k " + k + ", ld " + a.ld + " " + b.ld + " " + y.ld
                    + (batch == 1 ? "" : ", batch " + batch) + ", " + context.compute());
        }
    }

    private void open() {
        context.enter();
        if (handle == null) {
            start();
        }
        if (tf32 != Choice.tf32()) {
            check(JCublas2.cublasSetMathMode(handle, Choice.tf32() ? cublasMath.CUBLAS_TF32_TENSOR_OP_MATH
                    : cublasMath.CUBLAS_DEFAULT_MATH), "cublasSetMathMode", "");
            tf32 = !tf32;
        }
    }

    private void start() {
        var made = new cublasHandle();
        check(JCublas2.cublasCreate(made), "cublasCreate", "");
        long bytes = context.capability() >= 90 ? WORKSPACE_NEW : WORKSPACE;
        try {
            CUstream stream = context.compute().handle();
            check(JCublas2.cublasSetStream(made, new cudaStream_t(stream)), "cublasSetStream", "");
            if (workspace == null) {
                workspace = allocator.take(bytes);
            }
            check(JCublas2.cublasSetWorkspace(made, workspace.address(), bytes), "cublasSetWorkspace",
                    bytes + " bytes");
        } catch (RuntimeException e) {
            JCublas2.cublasDestroy(made);
            throw e;
        }
        handle = made;
    }

    private void check(int status, String call, String what) {
        if (status != 0) {
            boolean memory = status == cublasStatus.CUBLAS_STATUS_ALLOC_FAILED;
            throw LibraryError.of(context, call, what, status, cublasStatus.stringFor(status), memory);
        }
    }
}
