package wengert.autograd;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import wengert.tensor.Scope;

/// A pass on variables: the rules' own operators are recorded, so that the gradients can be differentiated
/// again. What those operators have saved outlives the pass.
final class RecordedPass extends BackwardPass<Variable> {
    private final Map<Variable, Variable> sums = new IdentityHashMap<>();

    private RecordedPass(boolean retain, Targets targets, Scope scope) {
        super(retain, targets, scope);
    }

    /// Gradients as variables whose history is this pass; null for a target that is not reached.
    static List<Variable> grad(List<Variable> roots, List<Variable> gradients, boolean retain,
            List<Variable> targets) {
        try (Scope scope = open()) {
            var pass = new RecordedPass(retain, new Targets(targets), scope);
            pass.run(roots, gradients);
            pass.keep(pass.sums.values());
            List<Variable> result = new ArrayList<>(targets.size());
            for (Variable v : targets) {
                result.add(pass.sums.get(v));
            }
            return result;
        }
    }

    @Override
    Variable unpack(SavedValue value, Node node) {
        return value.variable(node);
    }

    @Override
    void deliver(Variable target, Variable g) {
        sums.merge(target, g, this::sum); // goes on holding it: it is a result
    }

    @Override
    Variable sum(Variable before, Variable g) {
        Variable sum = before.add(g);
        hold(sum);
        drop(before);
        drop(g);
        return sum;
    }
}
