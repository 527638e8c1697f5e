/// Benchmarks. Each says in its header which question it answers. Run one with `java --add-modules
/// jdk.incubator.vector -cp … org.openjdk.jmh.Main ConvBench`, or [wengert.benchmarks.KernelTable] for a
/// table in half a minute.
package wengert.benchmarks;
