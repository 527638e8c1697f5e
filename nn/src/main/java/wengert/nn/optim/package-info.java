/// Optimisers, learning-rate schedules and gradient clipping.
package wengert.nn.optim;
