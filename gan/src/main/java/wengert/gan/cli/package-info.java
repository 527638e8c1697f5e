/// The command line.
package wengert.gan.cli;
