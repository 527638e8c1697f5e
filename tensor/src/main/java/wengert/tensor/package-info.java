/// Tensors as values, the scopes that own their memory, and the random streams that fill them.
package wengert.tensor;
