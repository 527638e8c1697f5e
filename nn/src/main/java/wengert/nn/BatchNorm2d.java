package wengert.nn;

/// Batch normalisation of [N, C, H, W], see [BatchNorm].
///
/// ```java
/// var norm = new BatchNorm2d(64, BatchNorm.Options.standard().eps(1e-4));
/// ```
public final class BatchNorm2d extends BatchNorm {
    /// Standard settings.
    ///
    /// @param features channels
    public BatchNorm2d(int features) {
        this(features, Options.standard());
    }

    /// Other settings.
    public BatchNorm2d(int features, Options options) {
        super(features, options);
    }

    @Override
    boolean takes(int rank) {
        return rank == 4;
    }

    @Override
    String forms() {
        return "[N, C, H, W]";
    }
}
