package wengert.cuda;

import wengert.cuda.driver.Context;
import wengert.cuda.driver.CudaException;
import wengert.tensor.spi.BackendException;
import wengert.tensor.spi.OutOfMemoryException;

/// What cuBLAS or cuDNN refused, in the words of the driver's errors.
final class LibraryError {
    private LibraryError() {
    }

    /// Waits for the card to learn whether the library only passes on that an earlier kernel has failed.
    ///
    /// @param call   name of the function
    /// @param what   its sizes, may be empty
    /// @param status the library's number
    /// @param name   the library's name of it
    /// @param memory whether it says that there was no memory
    static BackendException of(Context context, String call, String what, int status, String name,
            boolean memory) {
        String message = call + (what.isEmpty() ? "" : "(" + what + ")") + ": " + name + " (" + status + ")";
        try {
            context.enter();
            context.compute().synchronize();
        } catch (CudaException earlier) {
            var error = new CudaException(earlier.status(), earlier.isLost(), message
                    + ". It was raised earlier: " + earlier.getMessage());
            error.initCause(earlier);
            return error;
        }
        return memory
                ? new OutOfMemoryException(message + ". The card has no memory left for this.", 0, 0, null)
                : new CudaException(status, false, message);
    }
}
