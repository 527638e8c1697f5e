package wengert.autograd;

/// Where a value came from: an output of a node, or a leaf. Holds no numbers.
///
/// @param node   the producer, or null for a leaf
/// @param output which of the producer's outputs
/// @param leaf   the leaf, or null
record Edge(Node node, int output, Variable leaf) {
}
