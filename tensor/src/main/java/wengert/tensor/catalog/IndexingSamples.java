package wengert.tensor.catalog;

import java.util.ArrayList;
import java.util.List;
import wengert.tensor.ops.TensorOps;

/// Elements chosen by numbers.
final class IndexingSamples {
    private IndexingSamples() {
    }

    static <T extends TensorOps<T>> T apply(Sample s, List<T> in) {
        T x = in.get(0);
        return switch (s.operator()) {
            case "gather" -> x.gather(s.integer("axis"), in.get(1));
            case "scatterAdd" -> x.scatterAdd(s.integer("axis"), in.get(2), in.get(1));
            case "indexSelect" -> x.indexSelect(s.integer("axis"), in.get(1));
            case "indexAdd" -> x.indexAdd(s.integer("axis"), in.get(2), in.get(1));
            case "embedding" -> x.embedding(in.get(1));
            case "index" -> in.size() == 2 ? x.index(in.get(1)) : x.index(in.get(1), in.get(2));
            case "maskedSelect" -> x.maskedSelect(in.get(1));
            case "oneHot" -> x.oneHot(s.integer("classes"));
            default -> throw new IllegalArgumentException(s.toString());
        };
    }

    static List<Sample> all() {
        var all = new ArrayList<Sample>();
        int[] twice = {2, 0, 2, 1, 1, 1};
        all.add(of("gather", "twice").with("axis", 1).input("x", -3, 3, 2, 3).index("index", twice, 2, 3));
        all.add(of("gather", "smaller").with("axis", 0).input("x", -3, 3, 3, 4).index("index", twice, 2, 3));
        all.add(of("gather", "last").with("axis", -1).input("x", -3, 3, 2, 3)
                .index("index", new int[] {2, 0}, 2, 1));
        all.add(of("gather", "empty").with("axis", 1).input("x", -3, 3, 2, 3)
                .index("index", new int[0], 2, 0));
        all.add(of("scatterAdd", "twice").with("axis", 1).input("x", -3, 3, 2, 3).input("source", -3, 3, 2, 3)
                .index("index", twice, 2, 3));
        all.add(of("scatterAdd", "smaller").with("axis", 0).input("x", -3, 3, 3, 4)
                .input("source", -3, 3, 2, 3)
                .index("index", twice, 2, 3));
        all.add(of("scatterAdd", "empty").with("axis", 1).input("x", -3, 3, 2, 3).input("source", -3, 3, 2, 0)
                .index("index", new int[0], 2, 0));
        all.add(of("indexSelect", "twice").with("axis", 1).input("x", -3, 3, 2, 3, 2)
                .index("index", new int[] {2, 0, 2, 2}, 4));
        all.add(of("indexSelect", "empty").with("axis", -1).input("x", -3, 3, 2, 3)
                .index("index", new int[0], 0));
        all.add(of("indexAdd", "twice").with("axis", 1).input("x", -3, 3, 2, 3).input("source", -3, 3, 2, 4)
                .index("index", new int[] {2, 0, 2, 2}, 4));
        all.add(of("embedding", "repeat").input("table", -3, 3, 4, 3)
                .index("index", new int[] {3, 1, 3, 0}, 2, 2));
        all.add(of("embedding", "scalar").input("table", -3, 3, 4, 3).index("index", new int[] {2}));
        all.add(of("embedding", "empty").input("table", -3, 3, 4, 3).index("index", new int[0], 0));
        all.add(of("index", "one").input("x", -3, 3, 4, 3).index("i", new int[] {3, 1, 3}, 3));
        all.add(of("index", "two").input("x", -3, 3, 3, 4, 2).index("i", new int[] {2, 0}, 2, 1)
                .index("j", new int[] {3, 3, 1}, 3));
        all.add(of("maskedSelect", "basic").input("x", -3, 3, 2, 3)
                .truth("mask", new int[] {1, 0, 0, 1, 1, 0}, 2, 3));
        all.add(of("maskedSelect", "nothing").input("x", -3, 3, 2, 3).truth("mask", new int[6], 2, 3));
        all.add(of("oneHot", "basic").with("classes", 4).index("x", new int[] {3, 0, 3}, 3).orders(0));
        return all;
    }

    private static Sample of(String operator, String tag) {
        return Sample.of(operator, tag, IndexingSamples::apply);
    }
}
