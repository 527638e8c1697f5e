package wengert.tensor.spi;

/// A loss of values x and targets t, number by number, and what becomes of the numbers.
///
/// @param kind which loss
/// @param p    [Kind#SMOOTH]'s beta, above 0; without meaning for others
/// @param fold what becomes of the numbers
public record LossForm(Kind kind, double p, Fold fold) {
    /// Losses, with their derivatives `l'` with respect to x.
    public enum Kind {
        /// Binary cross entropy of logits, t from 0 to 1: `l = max(x, 0) − t·x + ln(1 + e^−|x|)`, the
        /// difference rounded once; `l' = σ(x) − t`, computed so that neither side loses its digits where σ
        /// saturates.
        BCE,
        /// Binary cross entropy of probabilities x, t from 0 to 1: with `ln' = max(ln, −100)`,
        /// `l = −t·ln'(x) − (1 − t)·ln'(1 − x)`; `l' = (x − t)/(x·(1 − x))`, without the term whose logarithm
        /// is not above −100: `(1 − t)/(1 − x)` near x = 0, `−t/x` near 1. Beyond 0 and 1 as there.
        PROBABILITY,
        /// `l = (x − t)²`, `l' = 2·(x − t)`.
        SQUARED,
        /// `l = |x − t|`, `l' = sign(x − t)`, 0 at 0.
        ABSOLUTE,
        /// With `e = x − t` and `c = clamp(e, −p, p)`: `l = c·(e − c/2)/p`, `l' = c/p`.
        SMOOTH,
        /// `l = max(1 − t·x, 0)`, t being 1 or −1; `l' = −t` where l is above 0, else 0.
        HINGE
    }

    /// What becomes of the losses of n numbers.
    public enum Fold {
        /// `Σ l / n`, a scalar; NaN of nothing.
        MEAN,
        /// `Σ l`, a scalar.
        SUM,
        /// They stay as they are.
        NONE
    }

    /// Where `ln x` passes −100, the floor that [Kind#PROBABILITY] gives it.
    public static final double NEARLY_NOTHING = Math.exp(-100);

    /// Weight of each of n numbers in the result.
    public double share(long n) {
        return fold == Fold.MEAN ? 1.0 / n : 1;
    }
}
