/// Images to learn from: sources, and the loader that shuffles and batches them.
package wengert.gan.data;
