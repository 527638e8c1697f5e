package wengert.cuda.driver;

import wengert.tensor.spi.BackendException;

/// The driver, or a library on top of it, refused a call or found that earlier work had failed.
public final class CudaException extends BackendException {
    private static final long serialVersionUID = 1L;
    /// `CUDA_ERROR_OUT_OF_MEMORY`.
    public static final int OUT_OF_MEMORY = 2;

    private final int status;
    private final boolean lost;

    /// @param status  number of the error
    /// @param lost    whether nothing can be computed in this context any more
    /// @param message what was called, what came, what to do
    public CudaException(int status, boolean lost, String message) {
        super(message);
        this.status = status;
        this.lost = lost;
    }

    /// Number of the error: a `CUresult`, `cublasStatus` or `cudnnStatus`.
    public int status() {
        return status;
    }

    /// True where the error stays: every later call in this process gives the same one.
    public boolean isLost() {
        return lost;
    }
}
