package wengert.tensor.ops;

/// What to take of an axis, for [Slicing#at]. Indices and bounds count from the end where they are negative;
/// bounds beyond the axis are cut to it, as in NumPy.
///
/// ```java
/// x.at(Slice.at(-1), Slice.ellipsis(), Slice.range(1, 5))   // x[-1, ..., 1:5]
/// ```
public sealed interface Slice {
    /// The whole axis: `:`.
    static Slice all() {
        return new Range(null, null, 1);
    }

    /// One index; the axis goes away: `i`.
    static Slice at(int index) {
        return new Index(index);
    }

    /// Indices from `start` to before `stop`: `start:stop`.
    static Slice range(int start, int stop) {
        return new Range(start, stop, 1);
    }

    /// Every `step`-th index from `start` to before `stop`: `start:stop:step`.
    ///
    /// @param step not 0; negative walks backwards
    static Slice range(int start, int stop, int step) {
        return new Range(start, stop, step);
    }

    /// Indices from `start` on: `start:`.
    static Slice from(int start) {
        return new Range(start, null, 1);
    }

    /// Indices before `stop`: `:stop`.
    static Slice to(int stop) {
        return new Range(null, stop, 1);
    }

    /// Every `step`-th index: `::step`; −1 runs the axis backwards.
    ///
    /// @param step not 0
    static Slice every(int step) {
        return new Range(null, null, step);
    }

    /// A new axis of size 1 here: `None`.
    static Slice newAxis() {
        return new NewAxis();
    }

    /// As many whole axes as are left: `...`.
    static Slice ellipsis() {
        return new Ellipsis();
    }

    /// One index.
    ///
    /// @param index negative counts from the end
    record Index(int index) implements Slice {
    }

    /// Evenly spaced indices.
    ///
    /// @param start first index, null for the end the step starts from
    /// @param stop  first index not taken, null for none
    /// @param step  not 0
    record Range(Integer start, Integer stop, int step) implements Slice {
    }

    /// A new axis of size 1.
    record NewAxis() implements Slice {
    }

    /// As many whole axes as are left.
    record Ellipsis() implements Slice {
    }
}
