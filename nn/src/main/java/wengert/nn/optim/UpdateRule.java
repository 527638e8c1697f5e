package wengert.nn.optim;

import wengert.tensor.Tensor;
import wengert.tensor.spi.TensorException;

/// How an optimiser changes one parameter: a formula and its settings. Immutable; several groups of
/// parameters may use one rule or each its own.
///
/// ```java
/// record SignDescent(double lr) implements UpdateRule {
///     public void update(Tensor p, Tensor g, ParameterState s, double lr) {
///         p.inPlace(by()).combine(1, -lr, g.sign());
///     }
/// }
/// ```
public interface UpdateRule {
    /// Learning rate before any schedule.
    double lr();

    /// Changes a parameter in place, and its state.
    ///
    /// @param p  the parameter's numbers
    /// @param g  its gradient, not to be changed
    /// @param s  what is kept for this parameter; its count includes this update
    /// @param lr learning rate of this update
    void update(Tensor p, Tensor g, ParameterState s, double lr);

    /// Name in messages: `Adam`.
    default String name() {
        return getClass().getSimpleName();
    }

    /// Who modified a tensor, in messages: `Adam.step`.
    default String by() {
        return name() + ".step";
    }

    /// A setting that must be finite and not negative.
    ///
    /// @return the value
    static double notNegative(String rule, String setting, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new TensorException(rule + ": " + setting + " must be a finite number of at least 0, got "
                    + value);
        }
        return value;
    }

    /// A decay rate, in [0, 1).
    ///
    /// @return the value
    static double belowOne(String rule, String setting, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new TensorException(rule + ": " + setting + " must be at least 0 and less than 1, got "
                    + value);
        }
        return value;
    }
}
