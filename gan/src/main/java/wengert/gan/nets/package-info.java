/// Generators and discriminators, described by data so that a saved file carries its architecture.
package wengert.gan.nets;
