package wengert.tensor.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.LossForm;
import wengert.tensor.spi.LossForm.Fold;
import wengert.tensor.spi.LossForm.Kind;

/// Losses. The attribute `fold` is the number of a [Fold], `target` one target for all, where there is no
/// input of that name.
final class LossSamples {
    private LossSamples() {
    }

    static <T extends TensorOps<T>> T apply(Sample s, List<T> in) {
        String name = s.operator().substring(0, s.operator().length() - 4); // "Loss"
        Kind kind = Kind.valueOf(name.toUpperCase(Locale.ROOT));
        var form = new LossForm(kind, 0.75, Fold.values()[s.integer("fold")]);
        return in.size() > 1 ? in.get(0).loss(form, in.get(1)) : in.get(0).loss(form, s.number("target"));
    }

    static List<Sample> all() {
        var all = new ArrayList<Sample>();
        for (Kind kind : Kind.values()) {
            String op = kind.name().toLowerCase(Locale.ROOT) + "Loss";
            double low = kind == Kind.PROBABILITY ? 0.25 : -3;
            double high = kind == Kind.PROBABILITY ? 0.75 : 3;
            for (Fold fold : Fold.values()) {
                String tag = fold.name().toLowerCase(Locale.ROOT);
                all.add(of(op, tag, fold).input("x", low, high, 2, 5).input("target", 0, 1, 2, 5));
                all.add(of(op, tag + "-constant", fold).with("target", 1.0).input("x", low, high, 3, 3));
            }
            all.add(of(op, "scalar", Fold.MEAN).with("target", -1.0).input("x", low, high));
            all.add(of(op, "empty", Fold.SUM).input("x", low, high, 0, 3).input("target", 0, 1, 0, 3));
        }
        return all;
    }

    private static Sample of(String operator, String tag, Fold fold) {
        return Sample.of(operator, tag, LossSamples::apply).with("fold", fold.ordinal());
    }
}
