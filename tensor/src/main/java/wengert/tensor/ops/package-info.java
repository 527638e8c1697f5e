/// The operators: one record each with equation, shape rule, forward pass and a gradient rule that is generic
/// over the kind of value, and the interfaces through which they are called. Knows neither tensors nor tapes.
package wengert.tensor.ops;
