package wengert.tensor.catalog;

import java.util.ArrayList;
import java.util.List;
import wengert.tensor.ops.Slice;
import wengert.tensor.ops.TensorOps;

/// Other arrangements of the same elements, parts of them, and values put together from parts.
final class ShapingSamples {
    private ShapingSamples() {
    }

    static <T extends TensorOps<T>> T apply(Sample s, List<T> in) {
        T x = in.get(0);
        List<T> others = in.subList(1, in.size());
        return switch (s.operator()) {
            case "at" -> s.flag("first")
                    ? x.at(Slice.at(-1), Slice.ellipsis(), Slice.every(-2), Slice.newAxis())
                    : x.at(Slice.range(1, 9), Slice.newAxis(), Slice.to(-1));
            case "chunk" -> x.chunk(s.integer("count"), s.integer("axis")).get(1);
            case "concat" -> x.concat(s.integer("axis"), others);
            case "contiguous" -> x.transpose(0, 1).contiguous();
            case "diagonal" -> x.diagonal(s.integer("offset"), 0, -1);
            case "expand" -> x.expand(s.integers("sizes"));
            case "flatten" -> x.flatten(s.integer("from"), -1);
            case "flip" -> x.flip(s.integers("axes"));
            case "narrow" -> x.narrow(s.integer("axis"), s.integer("start"), s.integer("length"));
            case "pad" -> x.pad(s.number("value"), s.integers("pad"));
            case "padReflect" -> x.padReflect(s.integers("pad"));
            case "permute" -> x.permute(s.integers("order"));
            case "repeat" -> x.repeat(s.integers("times"));
            case "reshape" -> x.reshape(s.integers("sizes"));
            case "roll" -> x.roll(s.integer("shift"), s.integer("axis"));
            case "select" -> x.select(s.integer("axis"), s.integer("index"));
            case "slice" -> x.slice(s.integer("axis"), s.integer("start"), s.integer("stop"),
                    s.integer("step"));
            case "split" -> x.split(s.integer("size"), s.integer("axis")).getLast();
            case "squeeze" -> x.squeeze();
            case "stack" -> x.stack(s.integer("axis"), others);
            case "transpose" -> x.transpose(0, -1);
            case "unsqueeze" -> x.unsqueeze(s.integer("axis"));
            default -> throw new IllegalArgumentException(s.toString());
        };
    }

    static List<Sample> all() {
        var all = new ArrayList<Sample>();
        arrangements(all);
        parts(all);
        joins(all);
        return all;
    }

    private static void arrangements(List<Sample> all) {
        all.add(of("reshape", "infer").with("sizes", new int[] {4, -1}).input("x", -3, 3, 2, 6));
        all.add(of("reshape", "scalar").with("sizes", new int[0]).input("x", -3, 3, 1, 1));
        all.add(of("reshape", "empty").with("sizes", new int[] {0, 2}).input("x", -3, 3, 3, 0));
        all.add(of("permute", "nchw-nhwc").with("order", new int[] {0, 2, 3, 1})
                .input("x", -3, 3, 2, 3, 1, 2));
        all.add(of("permute", "negative").with("order", new int[] {-1, 0}).input("x", -3, 3, 2, 3));
        all.add(of("transpose", "basic").input("x", -3, 3, 2, 3, 2));
        all.add(of("transpose", "empty").input("x", -3, 3, 0, 3));
        all.add(of("expand", "lead").with("sizes", new int[] {2, -1, 4}).input("x", -3, 3, 3, 1));
        all.add(of("expand", "scalar").with("sizes", new int[] {2, 2}).input("x", -3, 3));
        all.add(of("expand", "empty").with("sizes", new int[] {0, 3}).input("x", -3, 3, 1, 3));
        all.add(of("squeeze", "basic").input("x", -3, 3, 1, 3, 1, 2));
        all.add(of("unsqueeze", "middle").with("axis", 1).input("x", -3, 3, 2, 3));
        all.add(of("unsqueeze", "scalar").with("axis", -1).input("x", -3, 3));
        all.add(of("flatten", "features").with("from", 1).input("x", -3, 3, 2, 3, 2));
        all.add(of("contiguous", "basic").input("x", -3, 3, 2, 3));
        all.add(of("flip", "both").with("axes", new int[] {0, -1}).input("x", -3, 3, 2, 3, 2));
        all.add(of("flip", "empty").with("axes", new int[] {0}).input("x", -3, 3, 0, 2));
    }

    private static void parts(List<Sample> all) {
        all.add(slice("step", 1, 1, 6, 2).input("x", -3, 3, 2, 7));
        all.add(slice("backwards", 0, -1, -99, -2).input("x", -3, 3, 5, 2));
        all.add(slice("nothing", -1, 4, 2, 1).input("x", -3, 3, 2, 5));
        all.add(slice("empty", 0, 0, 2, 1).input("x", -3, 3, 0, 2));
        all.add(of("narrow", "basic").with("axis", -1).with("start", 1).with("length", 2)
                .input("x", -3, 3, 2, 4));
        all.add(of("select", "last").with("axis", 1).with("index", -1).input("x", -3, 3, 2, 3, 2));
        all.add(of("select", "vector").with("axis", 0).with("index", 1).input("x", -3, 3, 3));
        all.add(of("at", "ellipsis").with("first", true).input("x", -3, 3, 2, 3, 5));
        all.add(of("at", "ranges").with("first", false).input("x", -3, 3, 3, 3));
        all.add(of("split", "rest").with("size", 2).with("axis", 1).input("x", -3, 3, 2, 5));
        all.add(of("chunk", "second").with("count", 3).with("axis", 0).input("x", -3, 3, 5, 2));
        for (int offset : new int[] {-1, 0, 2, 5}) {
            all.add(of("diagonal", "offset" + offset).with("offset", offset).input("x", -3, 3, 3, 2, 4));
        }
    }

    private static void joins(List<Sample> all) {
        all.add(of("concat", "three").with("axis", 1).input("a", -3, 3, 2, 1).input("b", -3, 3, 2, 3)
                .input("c", -3, 3, 2, 0));
        all.add(of("concat", "empty").with("axis", -1).input("a", -3, 3, 0, 2).input("b", -3, 3, 0, 1));
        all.add(of("stack", "front").with("axis", 0).input("a", -3, 3, 2, 3).input("b", -3, 3, 2, 3));
        all.add(of("stack", "scalars").with("axis", -1).input("a", -3, 3).input("b", -3, 3));
        all.add(of("pad", "sides").with("value", 0.5).with("pad", new int[] {1, 2, 0, 3})
                .input("x", -3, 3, 2, 3));
        all.add(of("pad", "empty").with("value", -1.0).with("pad", new int[] {1, 2}).input("x", -3, 3, 2, 0));
        all.add(of("padReflect", "sides").with("pad", new int[] {1, 2, 2, 0}).input("x", -3, 3, 2, 3, 3));
        all.add(of("repeat", "lead").with("times", new int[] {2, 1, 3}).input("x", -3, 3, 2, 2));
        all.add(of("repeat", "never").with("times", new int[] {0, 2}).input("x", -3, 3, 2, 2));
        all.add(of("roll", "basic").with("shift", 2).with("axis", -1).input("x", -3, 3, 2, 5));
        all.add(of("roll", "empty").with("shift", -1).with("axis", 0).input("x", -3, 3, 0, 2));
    }

    private static Sample slice(String tag, int axis, int start, int stop, int step) {
        return of("slice", tag).with("axis", axis).with("start", start).with("stop", stop).with("step", step);
    }

    private static Sample of(String operator, String tag) {
        return Sample.of(operator, tag, ShapingSamples::apply);
    }
}
