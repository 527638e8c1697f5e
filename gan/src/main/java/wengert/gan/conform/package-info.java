/// Replays reference vectors on this machine's backends.
package wengert.gan.conform;
