package wengert.gan.train;

/// A loss is no longer a number.
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param loss      name of the loss
    /// @param value     NaN or infinite
    /// @param iteration counted from 0
    /// @param updated   whether networks have been updated with it: losses on a device are read late
    public DivergedException(String loss, double value, int iteration, boolean updated) {
        super(loss + " is " + value + " at iteration " + iteration + ": training has diverged. "
                + (updated ? "The networks have been updated with it; resume from an earlier checkpoint, "
                        + "with a smaller learning rate or a penalty"
                        : "The networks are as they were before this update; try a smaller learning rate or "
                        + "a penalty, or resume from an earlier checkpoint"));
    }
}
