package wengert.tensor.ops;

import wengert.tensor.spi.View;

/// Anything that stands for numbers: a tensor, a variable, a parameter. Operators accept it as their second
/// operand, so that kinds can be mixed; [Value#lift] says what becomes of it.
public interface HasValue {
    /// The numbers.
    View view();
}
