package wengert.autograd;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Storage;
import wengert.tensor.spi.View;

/// A pass on tensors: nothing is recorded. In a scope a leaf's first gradient is the very tensor that a rule
/// made, if nothing else holds it, otherwise a copy, and lives as long as the leaf's value: in the same
/// scope, or outside of all. Later ones are added in place, so that whoever holds the gradient sees them,
/// unless its buffer is in use: then the sum is a new one.
final class PlainPass extends BackwardPass<Tensor> {
    private static final String RELEASED = "was an intermediate value that backward with "
            + "releaseValues(true) has given back. Read it before, keep a copy(), or leave releaseValues "
            + "out.";

    /// Where gradients are summed, for [#grad]; null if they go to the variables' `grad()`.
    private final Map<Variable, Tensor> sums;
    /// Values that are not given back; null if none is.
    private final List<Variable> roots;

    private PlainPass(boolean retain, Targets targets, Map<Variable, Tensor> sums, Scope scope,
            List<Variable> roots) {
        super(retain, targets, scope);
        this.sums = sums;
        this.roots = roots;
    }

    /// Adds gradients to `grad()` of the targets, or of every leaf.
    ///
    /// @param targets null for every leaf
    /// @param release whether intermediate values are given back
    static void accumulate(List<Variable> roots, List<Variable> gradients, boolean retain,
            List<Variable> targets, boolean release) {
        try (Scope scope = open()) {
            new PlainPass(retain, targets == null ? null : new Targets(targets), null, scope,
                    release ? roots : null).run(roots, values(gradients));
        }
    }

    /// Gradients as constants; null for a target that is not reached.
    static List<Variable> grad(List<Variable> roots, List<Variable> gradients, boolean retain,
            List<Variable> targets, boolean release) {
        Map<Variable, Tensor> sums = new IdentityHashMap<>();
        try (Scope scope = open()) {
            var pass = new PlainPass(retain, new Targets(targets), sums, scope, release ? roots : null);
            pass.run(roots, values(gradients));
            pass.keep(sums.values());
            List<Variable> result = new ArrayList<>(targets.size());
            for (Variable v : targets) {
                Tensor g = sums.get(v);
                result.add(g == null ? null : Variable.of(g));
            }
            return result;
        }
    }

    private static List<Tensor> values(List<Variable> variables) {
        List<Tensor> values = new ArrayList<>(variables.size());
        for (Variable v : variables) {
            values.add(v.value());
        }
        return values;
    }

    @Override
    Tensor unpack(SavedValue value, Node node) {
        return value.tensor(node);
    }

    @Override
    Tensor sum(Tensor before, Tensor g) {
        if (onlyHere(before)) {
            before.addInPlace(g);
            drop(g);
            return before;
        }
        Tensor sum = before.add(g);
        hold(sum);
        drop(before);
        drop(g);
        return sum;
    }

    /// Whether the pass made this buffer, and no one else reads it: it may be changed, or handed over.
    private boolean onlyHere(Tensor g) {
        View view = g.view();
        return owns(g) && view.storage().holders() == 1 && view.isContiguous()
                && view.storage().length() == view.shape().elements();
    }

    @Override
    void deliver(Variable target, Tensor g) {
        if (sums != null) {
            sums.merge(target, g, this::sum); // goes on holding it: it is a result
            return;
        }
        Tensor before = target.lendGrad();
        if (before == null) {
            give(target, onlyHere(g) ? g : g.copy(), g);
        } else if (before.view().storage().holders() == 0) {
            before.addInPlace(g);
            drop(g);
        } else { // it is also on its way in this pass, or kept by an operator
            give(target, before.add(g), g);
        }
    }

    /// Makes this the target's gradient, and lets go of what it was made of.
    private void give(Variable target, Tensor grad, Tensor g) {
        boolean own = owns(grad);
        if (grad == g) {
            g.view().storage().hold(-1);
        } else {
            drop(g);
        }
        if (own) {
            target.ownGrad(Scope.keepWith(target.value(), grad));
        } else {
            target.grad(grad);
        }
    }

    @Override
    void executed(Node node) {
        if (roots == null || node.made() == null) {
            return;
        }
        for (Tensor y : node.made()) {
            Storage storage = y.view().storage();
            if (storage.holders() == 0 && !isRoot(storage)) {
                Scope.release(y.view(), RELEASED);
            }
        }
    }

    private boolean isRoot(Storage storage) {
        for (Variable root : roots) {
            if (root.view().storage() == storage) {
                return true;
            }
        }
        return false;
    }
}
