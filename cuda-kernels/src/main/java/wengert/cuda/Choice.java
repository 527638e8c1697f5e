package wengert.cuda;

/// What a user may choose, as system properties that are looked at on every call: a program that compares two
/// ways sets them in between.
///
/// | property | values |
/// |---|---|
/// | `wengert.cuda.product` | `cublas` (default), `own` |
/// | `wengert.cuda.convolution` | `cudnn` (default), `own`: nothing needs cuDNN then |
/// | `wengert.cuda.tf32` | `false` (default), `true`: cuBLAS and cuDNN round f32 factors to 10 bits |
final class Choice {
    private static final String PRODUCT = "wengert.cuda.product";
    private static final String CONVOLUTION = "wengert.cuda.convolution";

    private Choice() {
    }

    static boolean ownProduct() {
        return "own".equals(System.getProperty(PRODUCT));
    }

    static boolean ownConvolution() {
        return "own".equals(System.getProperty(CONVOLUTION));
    }

    static boolean tf32() {
        return Boolean.getBoolean("wengert.cuda.tf32");
    }
}
