package wengert.autograd;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import wengert.tensor.Generator;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.GradException;
import wengert.tensor.spi.Shape;

/// Compares gradients with central differences, at any order.
///
/// The function's output is projected to a number, `s₀ = ⟨f(x), c⟩` with a random cotangent c; then
/// `s₁ = ⟨∇s₀, v₁⟩`, `s₂ = ⟨∇s₁, v₂⟩` with random directions. Order n compares every component of `∇sₙ₋₁`
/// with `(sₙ₋₁(x + h) − sₙ₋₁(x − h)) / 2h`: one difference of the analytic order below, so errors do not pile
/// up. From order 2 on c is differentiated too. A gradient that is structurally null counts as 0.
///
/// Also checked: the gradient is proportional to the incoming one, two runs give the same bits, shapes and
/// dtypes agree. Inputs must be f64 and away from kinks.
///
/// ```java
/// GradCheck.of(x -> x.get(0).mul(x.get(1)).tanh()).orders(3).check(a, b);
/// ```
public final class GradCheck {
    private static final double STEP = 1e-5;

    private final Function<List<Variable>, Variable> f;
    private int orders = 1;
    private double tolerance = 1e-6;

    private GradCheck(Function<List<Variable>, Variable> f) {
        this.f = f;
    }

    /// Checks this function of several inputs.
    public static GradCheck of(Function<List<Variable>, Variable> f) {
        return new GradCheck(f);
    }

    /// Checks orders 1 to `n`; 1 unless said otherwise.
    ///
    /// @throws GradException if n is below 1: nothing would be checked, and everything pass
    public GradCheck orders(int n) {
        if (n < 1) {
            throw new GradException("gradcheck: expected at least order 1, got " + n);
        }
        orders = n;
        return this;
    }

    /// Largest accepted `|analytic − numeric| / max(1, |numeric|, |s|)`; 1e-6 unless said otherwise.
    public GradCheck tolerance(double t) {
        tolerance = t;
        return this;
    }

    /// Runs the check.
    ///
    /// @param inputs f64, not overlapping themselves
    /// @return the worst error over all orders
    /// @throws GradException naming the first entry that is worse than the tolerance, or if there is nothing
    ///         to check
    public double check(Tensor... inputs) {
        if (inputs.length == 0) {
            throw new GradException("gradcheck: expected at least one input to differentiate by, got none");
        }
        for (int i = 0; i < inputs.length; i++) {
            if (inputs[i].dtype() != DType.F64) {
                throw new GradException("gradcheck: input " + i + " must be f64, got " + inputs[i].dtype());
            }
            if (inputs[i].view().overlapsItself()) {
                throw new GradException("gradcheck: input " + i + " overlaps itself, so a single element "
                        + "cannot be moved; pass a copy() and expand inside the function");
            }
        }
        Shape out = f.apply(leaves(inputs)).shape();
        double worst = 0;
        for (int order = 1; order <= orders; order++) {
            worst = Math.max(worst, checkOrder(order, inputs, out));
        }
        return worst;
    }

    private double checkOrder(int order, Tensor[] inputs, Shape out) {
        var random = Generator.seeded(order).stream("gradcheck");
        Tensor cotangent = random.normal(out.toArray()).to(inputs[0].device()).to(DType.F64);
        Tensor[] point = new Tensor[inputs.length + 1];
        System.arraycopy(inputs, 0, point, 0, inputs.length);
        point[inputs.length] = cotangent;
        int moved = order == 1 ? inputs.length : inputs.length + 1;

        List<Variable> at = leaves(point);
        Tensor[] analytic = gradient(order - 1, at, moved);
        repeatable(order, point, moved, analytic);
        if (order == 1) {
            proportional(point, moved, analytic);
        }
        double scale = Math.abs(project(order - 1, leaves(point)).value().item());
        double worst = 0;
        for (int i = 0; i < moved; i++) {
            double[] got = analytic[i] == null ? new double[point[i].shape().length()]
                    : analytic[i].toDoubleArray();
            double[] x = point[i].toDoubleArray();
            for (int e = 0; e < x.length; e++) {
                double h = STEP * Math.max(1, Math.abs(x[e]));
                double want = (value(order - 1, point, i, e, x[e] + h)
                        - value(order - 1, point, i, e, x[e] - h))
                        / (2 * h);
                double error = Math.abs(got[e] - want) / Math.max(Math.max(1, Math.abs(want)), scale);
                if (!(error <= tolerance)) {
                    throw new GradException("gradcheck: Jacobian mismatch at order " + order
                            + " for output 0 with respect to input " + i + " element " + e + ": numerical "
                            + want + ", analytical " + got[e] + ", error " + error + " (tolerance "
                            + tolerance + ")");
                }
                worst = Math.max(worst, error);
            }
        }
        return worst;
    }

    /// The n-fold projected function at a point: the inputs, and the cotangent last.
    private Variable project(int n, List<Variable> at) {
        int last = at.size() - 1;
        Variable s = f.apply(at.subList(0, last)).mul(at.get(last)).sum();
        for (int k = 1; k <= n; k++) {
            var random = Generator.seeded(k).stream("direction");
            Variable next = null;
            List<Variable> g = s.requiresGrad()
                    ? Autograd.of(s).createGraph(true).allowUnused(true).grad(at.toArray(new Variable[0]))
                    : java.util.Collections.nCopies(at.size(), null);
            for (int i = 0; i < at.size(); i++) {
                Tensor v = random.normal(at.get(i).shape().toArray()).to(at.get(i).device()).to(DType.F64);
                if (g.get(i) != null) {
                    Variable term = g.get(i).mul(v).sum();
                    next = next == null ? term : next.add(term);
                }
            }
            s = next == null ? s.filled(Shape.SCALAR, DType.F64, 0) : next;
        }
        return s;
    }

    private Tensor[] gradient(int n, List<Variable> at, int moved) {
        Variable s = project(n, at);
        Tensor[] gradients = new Tensor[moved];
        if (!s.requiresGrad()) {
            return gradients;
        }
        List<Variable> g = Autograd.of(s).allowUnused(true).grad(at.toArray(new Variable[0]));
        for (int i = 0; i < moved; i++) {
            Variable gi = g.get(i);
            if (gi != null && !gi.shape().equals(at.get(i).shape())) {
                throw new GradException("gradcheck: gradient of input " + i + " has shape " + gi.shape()
                        + ", the input " + at.get(i).shape());
            }
            gradients[i] = gi == null ? null : gi.value();
        }
        return gradients;
    }

    private double value(int n, Tensor[] point, int i, int element, double moved) {
        double[] x = point[i].toDoubleArray();
        x[element] = moved;
        Tensor[] p = point.clone();
        p[i] = Tensor.of(x, point[i].shape().toArray()).to(point[i].device());
        return project(n, leaves(p)).value().item();
    }

    private void repeatable(int order, Tensor[] point, int moved, Tensor[] first) {
        Tensor[] again = gradient(order - 1, leaves(point), moved);
        for (int i = 0; i < moved; i++) {
            if (first[i] != null && !first[i].sameBits(again[i])) {
                throw new GradException("gradcheck: not deterministic: two runs at order " + order
                        + " give different gradients for input " + i);
            }
        }
    }

    private void proportional(Tensor[] point, int moved, Tensor[] first) {
        Tensor[] doubled = point.clone();
        doubled[doubled.length - 1] = point[point.length - 1].mul(2);
        Tensor[] twice = gradient(0, leaves(doubled), moved);
        for (int i = 0; i < moved; i++) {
            if (first[i] == null) {
                continue;
            }
            double[] a = first[i].toDoubleArray();
            double[] b = twice[i].toDoubleArray();
            for (int e = 0; e < a.length; e++) {
                if (!(Math.abs(b[e] - 2 * a[e]) <= 1e-9 * Math.max(1, Math.abs(b[e])))) {
                    throw new GradException("gradcheck: the gradient of input " + i + " is not multiplied by "
                            + "grad_output: doubling it takes element " + e + " from " + a[e] + " to "
                            + b[e]);
                }
            }
        }
    }

    private static List<Variable> leaves(Tensor... values) {
        List<Variable> leaves = new ArrayList<>();
        for (Tensor v : values) {
            leaves.add(Variable.of(v).requiresGrad(true));
        }
        return leaves;
    }
}
