package wengert.cuda;

import jcuda.driver.CUstream;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnHandle;
import jcuda.runtime.cudaStream_t;
import wengert.cuda.driver.Context;
import wengert.cuda.load.Libraries;

/// cuDNN on the compute stream. Its handle is made by the first convolution: a program without any needs no
/// cuDNN.
final class Cudnn {
    /// Numbers of version 9; JCudnn's enumeration has those of version 8.
    private static final int NOT_SUPPORTED = 3000;
    private static final int NO_MEMORY = 4004;

    private final Context context;
    private cudnnHandle handle;

    Cudnn(Context context) {
        this.context = context;
    }

    /// The handle; the calling thread has entered the context.
    ///
    /// @throws wengert.tensor.spi.DeviceException if cuDNN cannot be loaded, with what to install
    cudnnHandle handle() {
        context.enter();
        if (handle == null) {
            Libraries.loadCudnn();
            var made = new cudnnHandle();
            check(JCudnn.cudnnCreate(made), "cudnnCreate", "");
            CUstream stream = context.compute().handle();
            int status = JCudnn.cudnnSetStream(made, new cudaStream_t(stream));
            if (status != 0) {
                JCudnn.cudnnDestroy(made);
                check(status, "cudnnSetStream", "");
            }
            handle = made;
        }
        return handle;
    }

    /// Whether a call says that it does not do such a thing.
    static boolean isUnsupported(int status) {
        return status >= NOT_SUPPORTED && status < NOT_SUPPORTED + 1000;
    }

    /// Nothing, where the status is 0.
    ///
    /// @param call name of the function
    /// @param what its sizes, may be empty
    void check(int status, String call, Object what) {
        if (status != 0) {
            String text = what.toString();
            throw LibraryError.of(context, call, text.isEmpty() ? text : text + ", " + context.compute(),
                    status, JCudnn.cudnnGetErrorString(status), status == NO_MEMORY);
        }
    }
}
