package wengert.tensor.catalog;

import java.util.ArrayList;
import java.util.List;

/// All samples. A new operator gets a line in the formula of its family and at least one sample; an operator
/// that no sample reaches, be it as part of another's gradient, fails the build.
public final class Catalog {
    private static final List<Sample> ALL = collect();

    private Catalog() {
    }

    private static List<Sample> collect() {
        var all = new ArrayList<Sample>();
        all.addAll(ElementwiseSamples.all());
        all.addAll(BinarySamples.all());
        all.addAll(ReductionSamples.all());
        all.addAll(LossSamples.all());
        all.addAll(IndexingSamples.all());
        all.addAll(ShapingSamples.all());
        all.addAll(ProductSamples.all());
        all.addAll(PictureSamples.all());
        return List.copyOf(all);
    }

    /// Every sample, by family.
    public static List<Sample> all() {
        return ALL;
    }
}
