/// What the two sides of a GAN minimise: adversarial losses, and auxiliary losses such as gradient penalties.
package wengert.gan.loss;
