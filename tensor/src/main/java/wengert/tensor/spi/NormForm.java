package wengert.tensor.spi;

// N batch, C channels, L positions, G groups.
/// What a normalisation of x [N, C, *] takes its statistics over, and what follows it. Seen as [N, C, L]
/// there are S *sets* of M values that share a mean and a variance:
/// - over the batch: a set for each channel, S = C, M = N·L (batch norm);
/// - by groups: a set for each sample and group of C/G channels, S = N·G, M = C/G·L (group norm; layer norm
///   is G = 1 of [rows, values], instance norm G = C).
///
/// @param groups G, or 0 for statistics over the batch
/// @param eps    added to the variance
/// @param slope  of the leaky rectifier that follows: 1 for none, 0 for ReLU
public record NormForm(int groups, double eps, double slope) {
    /// Checks eps and the slope.
    public NormForm {
        if (!(eps >= 0) || Double.isInfinite(eps) || !Double.isFinite(slope)) {
            throw new TensorException("normalise: expected an eps from 0 on and a finite slope, got " + eps
                    + " and " + slope);
        }
    }

    /// True if the statistics are over the batch.
    public boolean overBatch() {
        return groups == 0;
    }

    /// S, the number of sets.
    public int sets(Shape x) {
        return overBatch() ? x.size(1) : Math.multiplyExact(x.size(0), groups);
    }
}
