package wengert.nn;

/// Batch normalisation of [N, C] or [N, C, L], see [BatchNorm].
///
/// ```java
/// var norm = new BatchNorm1d(64);
/// ```
public final class BatchNorm1d extends BatchNorm {
    /// Standard settings.
    ///
    /// @param features channels
    public BatchNorm1d(int features) {
        this(features, Options.standard());
    }

    /// Other settings.
    public BatchNorm1d(int features, Options options) {
        super(features, options);
    }

    @Override
    boolean takes(int rank) {
        return rank == 2 || rank == 3;
    }

    @Override
    String forms() {
        return "[N, C] or [N, C, L]";
    }
}
