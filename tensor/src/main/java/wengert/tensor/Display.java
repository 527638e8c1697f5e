package wengert.tensor;

/// Tensors as text.
final class Display {
    private Display() {
    }

    static String text(Tensor x) {
        return x.dtype() + " " + x.shape() + " " + x.device() + " " + java.util.Arrays.toString(x.toDoubleArray());
    }
}
