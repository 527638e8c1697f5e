package wengert.tensor.catalog;

import java.util.ArrayList;
import java.util.List;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.Conv2dGeometry;

/// Matrix products and convolutions. The attribute `geometry` holds stride, padding and dilation, each for
/// rows and columns, and the groups.
final class ProductSamples {
    private ProductSamples() {
    }

    static <T extends TensorOps<T>> T apply(Sample s, List<T> in) {
        T x = in.get(0);
        T w = in.get(1);
        T b = in.size() > 2 ? in.get(2) : null;
        return switch (s.operator()) {
            case "matmul" -> x.matmul(w);
            case "linear" -> x.linear(w, b);
            case "conv2d" -> x.conv2d(w, b, geometry(s));
            case "convTranspose2d" -> x.convTranspose2d(w, b, geometry(s), s.integers("outputPad")[0],
                    s.integers("outputPad")[1]);
            case "convTranspose2dTo" -> x.convTranspose2dTo(w, b, geometry(s), s.integers("size")[0],
                    s.integers("size")[1]);
            default -> throw new IllegalArgumentException(s.toString());
        };
    }

    private static Conv2dGeometry geometry(Sample s) {
        int[] g = s.integers("geometry");
        return new Conv2dGeometry(g[0], g[1], g[2], g[3], g[4], g[5], g[6]);
    }

    static List<Sample> all() {
        var all = new ArrayList<Sample>();
        all.add(of("matmul", "matrices").input("a", -1, 1, 2, 3).input("b", -1, 1, 3, 4));
        all.add(of("matmul", "batches").input("a", -1, 1, 2, 2, 3).input("b", -1, 1, 2, 3, 2));
        all.add(of("matmul", "broadcast").input("a", -1, 1, 2, 1, 2, 3).input("b", -1, 1, 2, 3, 1));
        all.add(of("matmul", "vectors").input("a", -1, 1, 3).input("b", -1, 1, 3));
        all.add(of("matmul", "row").input("a", -1, 1, 3).input("b", -1, 1, 2, 3, 2));
        all.add(of("matmul", "column").input("a", -1, 1, 2, 3).input("b", -1, 1, 3));
        all.add(of("matmul", "nothing-between").input("a", -1, 1, 2, 0).input("b", -1, 1, 0, 3));
        all.add(of("matmul", "empty").input("a", -1, 1, 0, 2).input("b", -1, 1, 2, 3));
        all.add(of("linear", "bias").input("x", -1, 1, 2, 3).input("w", -1, 1, 4, 3).input("b", -1, 1, 4));
        all.add(of("linear", "deep").input("x", -1, 1, 2, 2, 3).input("w", -1, 1, 2, 3));
        all.add(of("linear", "empty").input("x", -1, 1, 0, 3).input("w", -1, 1, 2, 3).input("b", -1, 1, 2));
        all.add(conv("conv2d", "k3", 1, 1, 0, 0, 1, 1, 1).input("x", -1, 1, 1, 2, 4, 3)
                .input("w", -1, 1, 2, 2, 3, 3)
                .input("b", -1, 1, 2));
        all.add(conv("conv2d", "down", 2, 2, 1, 1, 1, 1, 1).input("x", -1, 1, 2, 1, 4, 4)
                .input("w", -1, 1, 2, 1, 4, 4));
        all.add(conv("conv2d", "remainder", 3, 2, 1, 0, 2, 1, 2).input("x", -1, 1, 1, 2, 8, 4)
                .input("w", -1, 1, 2, 1, 3, 2).input("b", -1, 1, 2));
        all.add(conv("conv2d", "depthwise", 1, 2, 0, 1, 1, 2, 3).input("x", -1, 1, 1, 3, 2, 4)
                .input("w", -1, 1, 3, 1, 2, 2));
        all.add(conv("conv2d", "pointwise", 1, 1, 0, 0, 1, 1, 1).input("x", -1, 1, 2, 3, 2, 2)
                .input("w", -1, 1, 2, 3, 1, 1));
        all.add(conv("conv2d", "pointwise-strided", 2, 1, 1, 0, 1, 1, 1).input("x", -1, 1, 1, 2, 3, 2)
                .input("w", -1, 1, 2, 2, 1, 1));
        all.add(conv("conv2d", "whole-input", 1, 1, 0, 0, 1, 1, 1).input("x", -1, 1, 2, 2, 3, 3)
                .input("w", -1, 1, 1, 2, 3, 3));
        all.add(conv("conv2d", "empty-batch", 2, 2, 1, 1, 1, 1, 1).input("x", -1, 1, 0, 2, 4, 4)
                .input("w", -1, 1, 3, 2, 4, 4).input("b", -1, 1, 3));
        all.add(transposed("noise", 0, 0, 1, 1, 0, 0, 1, 1, 1).input("x", -1, 1, 2, 3, 1, 1)
                .input("w", -1, 1, 3, 2, 3, 3));
        all.add(transposed("up", 0, 0, 2, 2, 1, 1, 1, 1, 1).input("x", -1, 1, 1, 2, 2, 2)
                .input("w", -1, 1, 2, 1, 4, 4)
                .input("b", -1, 1, 1));
        all.add(transposed("groups", 1, 0, 2, 1, 0, 1, 1, 2, 2).input("x", -1, 1, 1, 4, 2, 2)
                .input("w", -1, 1, 4, 1, 2, 3).input("b", -1, 1, 2));
        all.add(transposed("beyond-the-stride", 1, 0, 1, 1, 1, 0, 2, 1, 1).input("x", -1, 1, 1, 2, 2, 2)
                .input("w", -1, 1, 2, 1, 2, 2));
        all.add(transposed("empty-batch", 0, 0, 2, 2, 1, 1, 1, 1, 1).input("x", -1, 1, 0, 2, 2, 2)
                .input("w", -1, 1, 2, 1, 4, 4));
        all.add(conv("convTranspose2dTo", "largest", 3, 2, 1, 0, 1, 1, 1).with("size", new int[] {6, 5})
                .input("x", -1, 1, 1, 1, 2, 2).input("w", -1, 1, 1, 2, 3, 2));
        return all;
    }

    private static Sample conv(String operator, String tag, int... geometry) {
        return of(operator, tag).with("geometry", geometry);
    }

    private static Sample transposed(String tag, int padH, int padW, int... geometry) {
        return conv("convTranspose2d", tag, geometry).with("outputPad", new int[] {padH, padW});
    }

    private static Sample of(String operator, String tag) {
        return Sample.of(operator, tag, ProductSamples::apply);
    }
}
