package wengert.gan.train;

import wengert.gan.nets.Network;
import wengert.tensor.InPlace;
import wengert.tensor.Scope;

/// An exponential moving average of a network: `ema ← momentum · ema + (1 − momentum) · source` for
/// parameters; buffers, whole-number ones included, are copied. Before the start it is a copy.
public final class Ema {
    private final Network source;
    private final Network average;
    private final double momentum;
    private final int start;
    private final int interval;

    /// @param source   what is trained
    /// @param average  a network of the same form, which becomes the average; starts as a copy of `source`
    /// @param momentum in [0, 1]: share of the old average that stays
    /// @param start    first iteration that averages instead of copying
    /// @param interval iterations between two moves, counted from `start`
    public Ema(Network source, Network average, double momentum, int start, int interval) {
        if (!(momentum >= 0 && momentum <= 1)) {
            throw new IllegalArgumentException("ema: momentum must be in [0, 1], got " + momentum);
        }
        if (interval < 1) {
            throw new IllegalArgumentException("ema: interval must be at least 1, got " + interval);
        }
        this.source = source;
        this.average = average;
        this.momentum = momentum;
        this.start = start;
        this.interval = interval;
        blend(0);
    }

    /// The averaged network.
    public Network average() {
        return average;
    }

    /// Takes in the source after an update.
    ///
    /// @param iteration of the run, from 0
    public void update(int iteration) {
        if (iteration < start) {
            blend(0);
        } else if ((iteration + 1 - start) % interval == 0) {
            blend(momentum);
        }
    }

    private void blend(double old) {
        try (var _ = Scope.open("ema")) {
            var from = source.namedParameters();
            average.namedParameters().forEach((name, p) -> {
                InPlace value = p.value().inPlace("ema");
                if (old == 0) {
                    value.copy(from.get(name).value());
                } else {
                    value.combine(old, 1 - old, from.get(name).value());
                }
            });
            average.copyBuffers(source);
        }
    }
}
