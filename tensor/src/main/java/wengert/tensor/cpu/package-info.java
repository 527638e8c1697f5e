/// The fast backend: heap arrays, one thread pool, the Vector API where the module `jdk.incubator.vector` is
/// present and plain loops where it is not. Work is split by output tiles only, and sums fold in a fixed
/// order, so results have the same bits for every number of threads, before and after the JIT compiler has
/// run.
///
/// Reading order: [wengert.tensor.cpu.Parallel] (who runs what), [wengert.tensor.cpu.Walk] (how strided views
/// become contiguous blocks), [wengert.tensor.cpu.Elementwise], [wengert.tensor.cpu.Gemm] (the register tile
/// and what feeds it), [wengert.tensor.cpu.Convolutions] (convolution as products of tiles).
package wengert.tensor.cpu;
