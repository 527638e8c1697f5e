/// Samples for every operator: the inputs on which its values and its gradients are checked.
package wengert.tensor.catalog;
