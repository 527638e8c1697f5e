package wengert.gan.train;

import wengert.gan.data.Batch;
import wengert.tensor.Tensor;

/// Everything that enters a training step from outside: data and random numbers. The trainer and the losses
/// draw nothing themselves, so a recorded run can be replayed through the same trainer. Each value is a
/// function of its arguments alone, so resuming needs no state but the iteration number.
public interface StepInputs {
    /// The next images of the data.
    ///
    /// @param iteration    counted over the run, from 0
    /// @param accumulation which part of the iteration, from 0
    Batch real(int iteration, int accumulation);

    /// Noise for the generator, [n, Z].
    ///
    /// @param accumulation which part; in the generator's phase counted over all its updates of the iteration
    Tensor noise(Phase phase, int iteration, int accumulation, int n);

    /// Classes to generate, i64, n of them; null for an unconditional GAN.
    Tensor labels(Phase phase, int iteration, int accumulation, int n);

    /// Mixing factors in [0, 1), [n, 1, 1, 1].
    Tensor epsilon(int iteration, int accumulation, int n);
}
