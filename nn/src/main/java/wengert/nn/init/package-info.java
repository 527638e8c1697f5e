/// Initialisers: what a parameter holds before training, as a function of the seed and its name.
package wengert.nn.init;
