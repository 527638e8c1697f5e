/// Every operator, each with its equation, its shape rule and a gradient rule that is generic over the kind of
/// value.
package wengert.tensor.ops;
