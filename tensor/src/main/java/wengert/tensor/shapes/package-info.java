/// A backend for which there are only shapes.
package wengert.tensor.shapes;
