package wengert.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import wengert.tensor.Generator;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;

/// Two accounts of one function compared, derivative by derivative.
final class Orders {
    private Orders() {
    }

    /// All gradients of order 1 to n: with a cotangent c and directions v, `s₀ = ⟨f(x), c⟩`,
    /// `sₖ = ⟨∇sₖ₋₁, vₖ⟩`, the gradients of every s with respect to every input and, from order 2 on, to c.
    private static List<double[]> gradients(Function<Variable[], Variable> f, int n, Tensor... inputs) {
        Variable[] x = new Variable[inputs.length + 1];
        for (int i = 0; i < inputs.length; i++) {
            x[i] = Variable.of(inputs[i]).requiresGrad(true);
        }
        var random = Generator.seeded(7).stream("directions");
        Variable y = f.apply(x);
        x[inputs.length] = Variable.of(normal(random, y.value())).requiresGrad(true);
        Variable s = y.mul(x[inputs.length]).sum();
        List<double[]> all = new ArrayList<>();
        for (int order = 1; order <= n; order++) {
            List<Variable> gradients = Autograd.of(s).createGraph(true).materializeGrads(true).grad(x);
            s = null;
            for (Variable g : gradients) {
                all.add(g.value().toDoubleArray());
                Variable term = g.mul(normal(random, g.value())).sum();
                s = s == null ? term : s.add(term);
            }
        }
        return all;
    }

    private static Tensor normal(Generator.Stream random, Tensor like) {
        return random.as(DType.F64, like.device()).normal(like.shape().toArray());
    }

    /// Both functions have the same gradients up to an order, to `1e-9 · max(1, largest)`.
    static void assertSame(Function<Variable[], Variable> f, Function<Variable[], Variable> g, int orders,
            Tensor... inputs) {
        List<double[]> a = gradients(f, orders, inputs);
        List<double[]> b = gradients(g, orders, inputs);
        assertEquals(a.size(), b.size());
        for (int k = 0; k < a.size(); k++) {
            double largest = 1;
            double worst = 0;
            for (int i = 0; i < a.get(k).length; i++) {
                largest = Math.max(largest, Math.abs(b.get(k)[i]));
                worst = Math.max(worst, Math.abs(a.get(k)[i] - b.get(k)[i]));
            }
            int order = k / (inputs.length + 1) + 1;
            int input = k % (inputs.length + 1);
            assertEquals(0, worst / largest, 1e-9, "order " + order + ", input " + input);
        }
    }
}
