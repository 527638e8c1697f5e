/// Benchmarks, each of which says in its header which question it answers.
///
/// - [wengert.benchmarks.Bench], `./wengert bench`: the work that others can repeat, on request beside
///   PyTorch and ND4J; engines take turns, each in a JVM of its own ([wengert.benchmarks.Contest],
///   [wengert.benchmarks.Remote], [wengert.benchmarks.Worker]). What is done and what it costs stands in
///   [wengert.benchmarks.Workloads].
/// - the same kernels under JMH, by family ([wengert.benchmarks.WorkloadBench]): `java -cp
///   benchmarks/target/wengert-benchmarks-0.1.0.jar org.openjdk.jmh.Main ConvBench`.
/// - `wengert.benchmarks.gpu`, the `./gpu-check` of `tools/gpu-bundle.sh`: parity and speed on a card.
/// - [wengert.benchmarks.NaiveToFast]: five matrix products from three plain loops to registers, to learn
///   from.
package wengert.benchmarks;
