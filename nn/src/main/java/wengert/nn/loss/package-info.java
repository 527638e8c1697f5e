/// Losses: how far a prediction is from its target, as a scalar that can be differentiated.
package wengert.nn.loss;
