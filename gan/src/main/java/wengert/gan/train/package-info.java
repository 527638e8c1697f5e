/// The training loop of a GAN: one iteration, its inputs, the moving average.
package wengert.gan.train;
