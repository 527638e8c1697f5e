/// A run on disk: its directory, checkpoints, exact resume, samples.
package wengert.gan.run;
