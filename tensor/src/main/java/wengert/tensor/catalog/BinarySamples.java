package wengert.tensor.catalog;

import java.util.ArrayList;
import java.util.List;
import wengert.tensor.ops.TensorOps;

/// Functions of two operands, comparisons, and choosing.
final class BinarySamples {
    private BinarySamples() {
    }

    static <T extends TensorOps<T>> T apply(Sample s, List<T> in) {
        T a = in.get(0);
        T b = in.get(in.size() > 1 ? 1 : 0);
        return switch (s.operator()) {
            case "add" -> a.add(b);
            case "sub" -> a.sub(b);
            case "mul" -> a.mul(b);
            case "div" -> a.div(b);
            case "pow" -> a.pow(b);
            case "maximum" -> a.maximum(b);
            case "minimum" -> a.minimum(b);
            case "eq" -> a.eq(b);
            case "ne" -> a.ne(b);
            case "lt" -> a.lt(b);
            case "le" -> a.le(b);
            case "gt" -> a.gt(b);
            case "ge" -> a.ge(b);
            case "ltNumber" -> a.lt(s.number("value"));
            case "isNaN" -> a.isNaN();
            case "isFinite" -> a.isFinite();
            case "logicalAnd" -> a.logicalAnd(b);
            case "logicalOr" -> a.logicalOr(b);
            case "logicalNot" -> a.logicalNot();
            case "where" -> a.where(in.get(2), b);
            case "maskedFill" -> a.maskedFill(b, s.number("value"));
            default -> throw new IllegalArgumentException(s.toString());
        };
    }

    static List<Sample> all() {
        var all = new ArrayList<Sample>();
        for (String op : List.of("add", "sub", "mul", "maximum", "minimum")) {
            everyForm(all, op, -3);
        }
        for (String op : List.of("div", "pow")) {
            everyForm(all, op, 0.5);
        }
        double[] left = {1, 2, 3, Double.NaN, 0, -1};
        double[] right = {1, 3, 2, 0, -0.0, Double.POSITIVE_INFINITY};
        for (String op : List.of("eq", "ne", "lt", "le", "gt", "ge")) {
            all.add(of(op, "basic").given("a", left, 6).given("b", right, 6).orders(0));
            all.add(of(op, "broadcast").given("a", left, 2, 3).given("b", right, 6, 1, 1).orders(0));
        }
        all.add(of("maximum", "ties").given("a", new double[] {1, 2, 3}, 3)
                .given("b", new double[] {1, 3, 2}, 3)
                .kinked());
        all.add(of("minimum", "ties").given("a", new double[] {1, 2, 3}, 3)
                .given("b", new double[] {1, 3, 2}, 3)
                .kinked());
        all.add(of("pow", "zero-base").given("a", new double[] {0, 0, 0}, 3)
                .given("b", new double[] {0, 2, 1}, 3)
                .kinked());
        all.add(of("ltNumber", "basic").with("value", 1.0).given("a", left, 6).orders(0));
        all.add(of("isNaN", "basic").given("a", left, 6).orders(0));
        all.add(of("isFinite", "basic").given("b", right, 6).orders(0));
        for (String op : List.of("logicalAnd", "logicalOr")) {
            all.add(of(op, "basic").truth("a", new int[] {1, 1, 0, 0}, 4)
                    .truth("b", new int[] {1, 0, 1, 0}, 4)
                    .orders(0));
            all.add(of(op, "broadcast").truth("a", new int[] {1, 0}, 2, 1).truth("b", new int[] {1, 0, 1}, 3)
                    .orders(0));
        }
        all.add(of("logicalNot", "basic").truth("a", new int[] {1, 0}, 2).orders(0));
        int[] mask = {1, 0, 0, 1, 1, 0};
        all.add(of("where", "basic").input("a", -3, 3, 2, 3).input("b", -3, 3, 2, 3)
                .truth("condition", mask, 2, 3));
        all.add(of("where", "broadcast").input("a", -3, 3, 4, 1, 3).input("b", -3, 3, 1)
                .truth("condition", mask, 2, 3));
        all.add(of("where", "numbers").input("a", -3, 3, 2, 3).input("b", -3, 3, 2, 3)
                .index("condition", mask, 2, 3));
        all.add(of("where", "empty").input("a", -3, 3, 0, 3).input("b", -3, 3, 1, 3)
                .truth("condition", new int[] {1}));
        all.add(of("maskedFill", "basic").with("value", 0.5).input("x", -3, 3, 2, 3)
                .truth("mask", mask, 2, 3));
        all.add(of("maskedFill", "broadcast").with("value", Double.NEGATIVE_INFINITY).input("x", -3, 3, 1, 3)
                .truth("mask", mask, 2, 3).orders(0));
        return all;
    }

    private static Sample of(String operator, String tag) {
        return Sample.of(operator, tag, BinarySamples::apply);
    }

    /// Operands of one shape, that broadcast in both directions, with a scalar, and with no elements.
    private static void everyForm(List<Sample> all, String op, double low) {
        all.add(of(op, "basic").input("a", low, 3, 2, 5).input("b", low, 3, 2, 5));
        all.add(of(op, "broadcast").input("a", low, 3, 3, 1).input("b", low, 3, 2, 1, 4));
        all.add(of(op, "scalar").input("a", low, 3).input("b", low, 3, 5));
        all.add(of(op, "empty").input("a", low, 3, 4, 0).input("b", low, 3, 4, 1));
    }
}
