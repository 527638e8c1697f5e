/// `gpu-check`, the program of the bundle for machines with a card: whether this project is right there, and
/// how fast it is.
package wengert.benchmarks.gpu;
