package wengert.cuda.driver;

import jcuda.driver.JCudaDriver;

/// Looks at what a call of the driver returned.
public final class Check {
    private Check() {
    }

    /// Nothing, where the status is 0.
    ///
    /// @param status what the call returned
    /// @param call   its name
    /// @throws CudaException saying what the status means
    public static void driver(int status, String call) {
        if (status != 0) {
            throw failure(status, call, "");
        }
    }

    /// The same of a call with a size.
    ///
    /// @param bytes how many it was about
    public static void driver(int status, String call, long bytes) {
        if (status != 0) {
            throw failure(status, call, bytes + " bytes");
        }
    }

    /// The same of a call that was queued on a stream.
    public static void driver(int status, String call, long bytes, Stream stream) {
        if (status != 0) {
            throw failure(status, call, bytes + " bytes, " + stream);
        }
    }

    /// What a status other than 0 means.
    ///
    /// @param what the call was about, may be empty
    public static CudaException failure(int status, String call, String what) {
        var message = new StringBuilder(call).append(what.isEmpty() ? "" : "(" + what + ")").append(": ")
                .append(name(status));
        boolean lost = isLost(status);
        if (lost) {
            message.append(". Kernels run behind the program: an earlier one may have done this");
            message.append(Launch.SYNC ? "." : "; -Dwengert.cuda.sync=true tells which.");
            message.append(" Nothing can be computed on this card any more until the program is restarted.");
        } else if (status == CudaException.OUT_OF_MEMORY) {
            message.append(". The card has no memory left for this.");
        }
        return new CudaException(status, lost, message.toString());
    }

    private static String name(int status) {
        String[] name = {null};
        String[] words = {null};
        if (JCudaDriver.cuGetErrorName(status, name) != 0 || name[0] == null) {
            return "error " + status;
        }
        JCudaDriver.cuGetErrorString(status, words);
        return name[0] + " (" + status + (words[0] == null ? "" : ", " + words[0]) + ")";
    }

    /// Errors after which a context answers every call with the same error.
    private static boolean isLost(int status) {
        return switch (status) {
            case 214, 220, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719 -> true;
            default -> false;
        };
    }
}
