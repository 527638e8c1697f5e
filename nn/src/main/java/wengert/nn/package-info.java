/// The module tree and its layers, written once over the kind of value that flows through them.
package wengert.nn;
