/// The lowest layer: shapes, dtypes, devices, storage, and the kernels that a backend offers. Backends see only
/// this package.
package wengert.tensor.spi;
