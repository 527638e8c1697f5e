package wengert.tensor.catalog;

import java.util.ArrayList;
import java.util.List;
import wengert.tensor.ops.TensorOps;

/// Folds over axes. Without the attribute `axes`: over all of them.
final class ReductionSamples {
    private ReductionSamples() {
    }

    static <T extends TensorOps<T>> T apply(Sample s, List<T> in) {
        T x = in.get(0);
        int[] axes = s.attributes().containsKey("axes") ? s.integers("axes") : null;
        return switch (s.operator()) {
            case "sum" -> axes == null ? x.sum() : x.sum(axes);
            case "sumKeep" -> x.sumKeep(axes);
            case "mean" -> axes == null ? x.mean() : x.mean(axes);
            case "meanKeep" -> x.meanKeep(axes);
            case "amax" -> axes == null ? x.max() : x.amax(axes);
            case "amaxKeep" -> x.amaxKeep(axes);
            case "amin" -> axes == null ? x.min() : x.amin(axes);
            case "aminKeep" -> x.aminKeep(axes);
            case "var" -> axes == null ? x.var(s.integer("correction"))
                    : x.var(s.integer("correction"), axes);
            case "varKeep" -> x.varKeep(s.integer("correction"), axes);
            case "std" -> axes == null ? x.std(s.integer("correction"))
                    : x.std(s.integer("correction"), axes);
            case "stdKeep" -> x.stdKeep(s.integer("correction"), axes);
            case "norm" -> axes == null ? x.norm() : x.norm(axes);
            case "normKeep" -> x.normKeep(axes);
            case "logSumExp" -> axes == null ? x.logSumExp() : x.logSumExp(axes);
            case "logSumExpKeep" -> x.logSumExpKeep(axes);
            case "softmax" -> x.softmax(s.integer("axis"));
            case "logSoftmax" -> x.logSoftmax(s.integer("axis"));
            case "crossEntropy" -> x.crossEntropy(in.get(1));
            case "cumsum" -> x.cumsum(s.integer("axis"));
            case "argmax" -> x.argmax(s.integer("axis"));
            case "argmaxKeep" -> x.argmaxKeep(s.integer("axis"));
            case "argmin" -> x.argmin(s.integer("axis"));
            case "argminKeep" -> x.argminKeep(s.integer("axis"));
            case "all" -> axes == null ? x.all() : x.all(axes);
            case "any" -> axes == null ? x.any() : x.any(axes);
            default -> throw new IllegalArgumentException(s.toString());
        };
    }

    static List<Sample> all() {
        var all = new ArrayList<Sample>();
        for (String op : List.of("sum", "mean", "amax", "amin", "norm", "logSumExp", "var", "std")) {
            all.add(of(op, "all").input("x", -3, 3, 2, 3, 2));
            all.add(of(op, "axes").with("axes", new int[] {0, -1}).input("x", -3, 3, 2, 3, 2));
            all.add(of(op, "one").with("axes", new int[] {1}).input("x", -3, 3, 2, 4));
            all.add(of(op + "Keep", "axes").with("axes", new int[] {-1, 0}).input("x", -3, 3, 2, 3, 2));
            all.add(of(op, "empty").with("axes", new int[] {0}).input("x", -3, 3, 2, 0));
        }
        for (String op : List.of("sum", "mean", "amax", "logSumExp")) {
            all.add(of(op, "none").with("axes", new int[0]).input("x", -3, 3, 2, 3));
            all.add(of(op, "scalar").input("x", -3, 3));
        }
        all.add(of("var", "biased").with("correction", 0).with("axes", new int[] {1})
                .input("x", -3, 3, 2, 4));
        all.add(of("std", "constant").given("x", new double[] {3, 3, 3, 3}, 4).kinked());
        all.add(of("norm", "zero").given("x", new double[] {0, 0, 0}, 3).kinked());
        double[] ties = {1, 3, 3, 2, 2, 2};
        double[] broken = {1, Double.NaN, 3, 2, Double.NaN, Double.NaN};
        for (String op : List.of("amax", "amin")) {
            all.add(of(op, "ties").with("axes", new int[] {1}).given("x", ties, 2, 3).kinked());
            all.add(of(op, "nan").with("axes", new int[] {1}).given("x", broken, 2, 3).kinked());
        }
        for (String op : List.of("softmax", "logSoftmax", "cumsum")) {
            all.add(of(op, "last").with("axis", -1).input("x", -3, 3, 2, 4));
            all.add(of(op, "middle").with("axis", 1).input("x", -3, 3, 2, 3, 2));
            all.add(of(op, "empty").with("axis", 1).input("x", -3, 3, 2, 0));
        }
        all.add(of("crossEntropy", "rows").input("x", -3, 3, 3, 4).index("target", new int[] {3, 0, 3}, 3));
        all.add(of("crossEntropy", "places").input("x", -3, 3, 2, 3, 2)
                .index("target", new int[] {2, 1, 0, 1}, 2, 2));
        all.add(of("crossEntropy", "one-class").input("x", -3, 3, 2, 1).index("target", new int[2], 2));
        all.add(of("crossEntropy", "empty").input("x", -3, 3, 0, 3).index("target", new int[0], 0));
        all.add(of("softmax", "large").with("axis", 0).given("x", new double[] {1000, 999, -1000}, 3)
                .kinked());
        all.add(of("logSoftmax", "large").with("axis", 0).given("x", new double[] {1000, 999, -1000}, 3)
                .kinked());
        for (String op : List.of("argmax", "argmaxKeep", "argmin", "argminKeep")) {
            all.add(of(op, "ties").with("axis", 1).given("x", ties, 2, 3).orders(0));
            all.add(of(op, "nan").with("axis", -1).given("x", broken, 2, 3).orders(0));
        }
        for (String op : List.of("all", "any")) {
            all.add(of(op, "all").truth("x", new int[] {1, 0, 1}, 3).orders(0));
            all.add(of(op, "axes").with("axes", new int[] {1}).truth("x", new int[] {1, 1, 1, 0, 0, 0}, 3, 2)
                    .orders(0));
            all.add(of(op, "empty").truth("x", new int[0], 0).orders(0));
        }
        return all;
    }

    private static Sample of(String operator, String tag) {
        Sample s = Sample.of(operator, tag, ReductionSamples::apply);
        return operator.startsWith("var") || operator.startsWith("std") ? s.with("correction", 1) : s;
    }
}
