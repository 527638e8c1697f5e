package wengert.tensor.catalog;

import java.util.ArrayList;
import java.util.List;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.Conv2dGeometry;

/// Pooling, resampling and normalisation. The attribute `window` holds the window's rows and columns, then
/// stride, padding and dilation, each for rows and columns.
final class PictureSamples {
    private static final double EPS = 1e-3;

    private PictureSamples() {
    }

    static <T extends TensorOps<T>> T apply(Sample s, List<T> in) {
        T x = in.get(0);
        T gamma = in.size() > 1 ? in.get(1) : null;
        T beta = in.size() > 2 ? in.get(2) : null;
        double slope = s.attributes().containsKey("slope") ? s.number("slope") : 1;
        return switch (s.operator()) {
            case "maxPool2d" -> x.maxPool2d(s.integers("window")[0], s.integers("window")[1], geometry(s));
            case "avgPool2d" -> x.avgPool2d(s.integers("window")[0], s.integers("window")[1], geometry(s));
            case "globalAvgPool2d" -> x.globalAvgPool2d();
            case "adaptiveAvgPool2d" -> x.adaptiveAvgPool2d(s.integers("size")[0], s.integers("size")[1]);
            case "upsampleNearest2d" -> x.upsampleNearest2d(s.integers("scale")[0], s.integers("scale")[1]);
            case "upsampleBilinear2d" -> x.upsampleBilinear2d(s.integers("scale")[0], s.integers("scale")[1]);
            case "pixelShuffle" -> x.pixelShuffle(s.integer("r"));
            case "batchNorm" -> x.batchNorm(gamma, beta, EPS, slope).y();
            case "batchNormMean" -> x.batchNorm(gamma, beta, EPS).mean();
            case "batchNormVar" -> x.batchNorm(gamma, beta, EPS).var();
            case "batchNormEval" -> x.batchNormEval(in.get(3), in.get(4), gamma, beta, EPS);
            case "layerNorm" -> x.layerNorm(s.integer("axes"), gamma, beta, EPS, slope);
            case "groupNorm" -> x.groupNorm(s.integer("groups"), gamma, beta, EPS, slope);
            case "instanceNorm" -> x.instanceNorm(gamma, beta, EPS, slope);
            default -> throw new IllegalArgumentException(s.toString());
        };
    }

    private static Conv2dGeometry geometry(Sample s) {
        int[] w = s.integers("window");
        return new Conv2dGeometry(w[2], w[3], w[4], w[5], w[6], w[7], 1);
    }

    static List<Sample> all() {
        var all = new ArrayList<Sample>();
        windows(all);
        resampling(all);
        norms(all);
        return all;
    }

    private static void windows(List<Sample> all) {
        for (String op : List.of("maxPool2d", "avgPool2d")) {
            all.add(window(op, "k2", 2, 2, 2, 2, 0, 0, 1, 1).input("x", -3, 3, 2, 1, 4, 4));
            all.add(window(op, "k3s2p1", 3, 3, 2, 2, 1, 1, 1, 1).input("x", -3, 3, 1, 2, 5, 4));
            all.add(window(op, "dilated", 2, 3, 1, 2, 1, 1, 2, 1).input("x", -3, 3, 1, 1, 4, 5));
            all.add(window(op, "remainder", 2, 2, 3, 3, 0, 0, 1, 1).input("x", -3, 3, 1, 1, 7, 6));
            all.add(window(op, "empty-batch", 2, 2, 2, 2, 0, 0, 1, 1).input("x", -3, 3, 0, 2, 4, 4));
        }
        double[] ties = {1, 1, 0, 1, 2, 2, 2, 0, Double.NaN};
        all.add(window("maxPool2d", "ties-and-nan", 2, 2, 1, 1, 0, 0, 1, 1).given("x", ties, 1, 1, 3, 3)
                .kinked());
        all.add(of("globalAvgPool2d", "basic").input("x", -3, 3, 2, 2, 2, 3));
        all.add(of("adaptiveAvgPool2d", "overlap").with("size", new int[] {2, 3})
                .input("x", -3, 3, 1, 2, 3, 5));
        all.add(of("adaptiveAvgPool2d", "empty-batch").with("size", new int[] {1, 1})
                .input("x", -3, 3, 0, 2, 3, 5));
    }

    private static void resampling(List<Sample> all) {
        for (String op : List.of("upsampleNearest2d", "upsampleBilinear2d")) {
            all.add(of(op, "x2").with("scale", new int[] {2, 2}).input("x", -3, 3, 1, 2, 2, 3));
            all.add(of(op, "x3x1").with("scale", new int[] {3, 1}).input("x", -3, 3, 2, 1, 2, 2));
            all.add(of(op, "empty-batch").with("scale", new int[] {2, 2}).input("x", -3, 3, 0, 2, 2, 2));
        }
        all.add(of("pixelShuffle", "r2").with("r", 2).input("x", -3, 3, 1, 8, 1, 2));
        all.add(of("pixelShuffle", "empty-batch").with("r", 2).input("x", -3, 3, 0, 4, 1, 2));
    }

    private static void norms(List<Sample> all) {
        for (String op : List.of("batchNorm", "batchNormMean", "batchNormVar")) {
            int orders = op.equals("batchNorm") ? 3 : 0;
            all.add(of(op, "pictures").orders(orders).input("x", -3, 3, 2, 2, 2, 2)
                    .input("gamma", 0.5, 1.5, 2)
                    .input("beta", -1, 1, 2));
            all.add(of(op, "features").orders(orders).input("x", -3, 3, 4, 3).input("gamma", 0.5, 1.5, 3)
                    .input("beta", -1, 1, 3));
        }
        all.add(of("batchNorm", "zero-gamma").input("x", -3, 3, 3, 2, 2).given("gamma", new double[2], 2)
                .input("beta", -1, 1, 2));
        for (double slope : new double[] {0, 0.2}) {
            String tag = slope == 0 ? "relu" : "leaky-relu";
            all.add(of("batchNorm", tag).with("slope", slope).input("x", -3, 3, 3, 2, 2, 2)
                    .input("gamma", 0.5, 1.5, 2).input("beta", -1, 1, 2));
            all.add(of("layerNorm", tag).with("axes", 2).with("slope", slope).input("x", -3, 3, 2, 2, 3)
                    .input("gamma", 0.5, 1.5, 2, 3).input("beta", -1, 1, 2, 3));
            all.add(of("groupNorm", tag).with("groups", 2).with("slope", slope).input("x", -3, 3, 2, 4, 2)
                    .input("gamma", 0.5, 1.5, 4).input("beta", -1, 1, 4));
            all.add(of("instanceNorm", tag).with("slope", slope).input("x", -3, 3, 2, 2, 1, 3)
                    .input("gamma", 0.5, 1.5, 2).input("beta", -1, 1, 2));
        }
        all.add(of("batchNorm", "plain").input("x", -3, 3, 3, 2, 2));
        all.add(of("batchNormEval", "pictures").input("x", -3, 3, 2, 2, 1, 2).input("gamma", 0.5, 1.5, 2)
                .input("beta", -1, 1, 2).input("mean", -1, 1, 2).constant().input("var", 0.5, 2, 2)
                .constant());
        all.add(of("batchNormEval", "one-value").input("x", -3, 3, 1, 2).given("gamma", new double[2], 2)
                .input("beta", -1, 1, 2).input("mean", -1, 1, 2).input("var", 0.5, 2, 2));
        all.add(of("batchNormEval", "empty-batch").input("x", -3, 3, 0, 2).input("gamma", 0.5, 1.5, 2)
                .input("beta", -1, 1, 2).input("mean", -1, 1, 2).constant().input("var", 0.5, 2, 2)
                .constant());
        all.add(of("layerNorm", "last2").with("axes", 2).input("x", -3, 3, 2, 2, 3)
                .input("gamma", 0.5, 1.5, 2, 3)
                .input("beta", -1, 1, 2, 3));
        all.add(of("layerNorm", "empty").with("axes", 1).input("x", -3, 3, 0, 3).input("gamma", 0.5, 1.5, 3)
                .input("beta", -1, 1, 3));
        all.add(of("groupNorm", "g2").with("groups", 2).input("x", -3, 3, 2, 4, 2).input("gamma", 0.5, 1.5, 4)
                .input("beta", -1, 1, 4));
        all.add(of("groupNorm", "empty").with("groups", 2).input("x", -3, 3, 0, 4, 2)
                .input("gamma", 0.5, 1.5, 4));
        all.add(of("instanceNorm", "affine").input("x", -3, 3, 2, 2, 1, 3).input("gamma", 0.5, 1.5, 2)
                .input("beta", -1, 1, 2));
        all.add(of("instanceNorm", "empty").input("x", -3, 3, 0, 2, 3).input("gamma", 0.5, 1.5, 2));
    }

    private static Sample window(String operator, String tag, int... window) {
        return of(operator, tag).with("window", window);
    }

    private static Sample of(String operator, String tag) {
        return Sample.of(operator, tag, PictureSamples::apply);
    }
}
