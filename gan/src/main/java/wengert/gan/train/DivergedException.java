package wengert.gan.train;

/// A loss is no longer a number. Nothing was updated with it.
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param loss      name of the loss
    /// @param value     NaN or infinite
    /// @param iteration counted from 0
    public DivergedException(String loss, double value, int iteration) {
        super(loss + " is " + value + " at iteration " + iteration + ": training has diverged. The networks "
                + "are as they were before this update; try a smaller learning rate or a penalty, or resume "
                + "from an earlier checkpoint");
    }
}
