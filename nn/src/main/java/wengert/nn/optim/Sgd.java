package wengert.nn.optim;

import wengert.tensor.Tensor;
import wengert.tensor.spi.TensorException;

/// Stochastic gradient descent, as PyTorch's SGD:
/// `g ← g + weightDecay · p`; with momentum μ: `m ← μ · m + (1 − dampening) · g` (the first time `m ← g`),
/// then `g ← g + μ · m` (Nesterov) or `g ← m`; `p ← p − lr · g`. Keeps `momentum_buffer` where μ is not 0.
///
/// ```java
/// var rule = Sgd.of(0.1).momentum(0.9).weightDecay(5e-4);
/// ```
///
/// @param lr          learning rate
/// @param momentum    μ
/// @param dampening   share of the gradient that momentum ignores
/// @param weightDecay factor of the 2-norm penalty
/// @param nesterov    look ahead; needs momentum and no dampening
public record Sgd(double lr, double momentum, double dampening, double weightDecay, boolean nesterov)
        implements UpdateRule {

    /// Checks the ranges.
    public Sgd {
        UpdateRule.notNegative("Sgd", "learning rate", lr);
        UpdateRule.notNegative("Sgd", "momentum", momentum);
        UpdateRule.notNegative("Sgd", "weight decay", weightDecay);
        if (!Double.isFinite(dampening)) {
            throw new TensorException("Sgd: dampening must be a finite number, got " + dampening);
        }
        if (nesterov && (momentum == 0 || dampening != 0)) {
            throw new TensorException("Sgd: nesterov needs momentum above 0 and dampening 0, got momentum "
                    + momentum + " and dampening " + dampening);
        }
    }

    /// Plain descent.
    public static Sgd of(double lr) {
        return new Sgd(lr, 0, 0, 0, false);
    }

    /// The same with momentum.
    public Sgd momentum(double value) {
        return new Sgd(lr, value, dampening, weightDecay, nesterov);
    }

    /// The same with dampening.
    public Sgd dampening(double value) {
        return new Sgd(lr, momentum, value, weightDecay, nesterov);
    }

    /// The same with weight decay.
    public Sgd weightDecay(double value) {
        return new Sgd(lr, momentum, dampening, value, nesterov);
    }

    /// The same with Nesterov's momentum.
    public Sgd nesterov(double momentumValue) {
        return new Sgd(lr, momentumValue, 0, weightDecay, true);
    }

    @Override
    public void update(Tensor p, Tensor g, ParameterState s, double lrNow) {
        Tensor d = weightDecay == 0 ? g : p.mul(weightDecay).add(g);
        if (momentum != 0) {
            boolean first = !s.has("momentum_buffer");
            Tensor m = s.slot("momentum_buffer");
            if (first) {
                m.inPlace(by()).copy(d);
            } else {
                m.inPlace(by()).combine(momentum, 1 - dampening, d);
            }
            d = nesterov ? m.mul(momentum).add(d) : m;
        }
        p.inPlace(by()).combine(1, -lrNow, d);
    }
}
