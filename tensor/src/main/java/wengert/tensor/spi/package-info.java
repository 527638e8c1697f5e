/// The lowest floor: shapes, dtypes, buffers, views on them, and what a backend must be able to do with them.
/// A backend sees this package and nothing above it.
package wengert.tensor.spi;
