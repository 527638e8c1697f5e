/// The module tree and its layers, written once over the kind of value that flows through them: tensors pass
/// without a trace, variables are recorded.
///
/// ```java
/// var net = new Sequential(new Linear(2, 16), new Tanh(), new Linear(16, 1));
/// net.init(Generator.seeded(42));
/// var optimizer = new Optimizer(net.parameters(), Adam.of(1e-2));
/// for (int step = 0; step < 300; step++) {
///     try (var _ = Scope.open("step")) {
///         optimizer.zeroGrad();
///         Variable error = net.forward(Variable.of(x)).sub(target);
///         error.square().mean().backward();
///         optimizer.step();
///     }
/// }
/// ```
package wengert.nn;
