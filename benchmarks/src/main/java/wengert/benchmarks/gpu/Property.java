package wengert.benchmarks.gpu;

/// A choice of the CUDA backend, made for a while: it looks at these system properties on every call.
final class Property implements AutoCloseable {
    static final String TF32 = "wengert.cuda.tf32";
    static final String CONVOLUTION = "wengert.cuda.convolution";
    static final String PRODUCT = "wengert.cuda.product";

    private final String name;
    private final String before;

    Property(String name, String value) {
        this.name = name;
        before = System.setProperty(name, value);
    }

    @Override
    public void close() {
        if (before == null) {
            System.clearProperty(name);
        } else {
            System.setProperty(name, before);
        }
    }
}
