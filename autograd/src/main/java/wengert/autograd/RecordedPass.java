package wengert.autograd;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// A pass on variables: the rules' own operators are recorded, so that the gradients can be differentiated again.
/// Nothing is given back here, since the new history may need all of it.
final class RecordedPass extends BackwardPass<Variable> {
    private final Map<Variable, Variable> sums = new IdentityHashMap<>();

    private RecordedPass(boolean retain, Targets targets) {
        super(retain, targets);
    }

    /// Gradients as variables whose history is this pass; null for a target that is not reached.
    static List<Variable> grad(List<Variable> roots, List<Variable> gradients, boolean retain,
            List<Variable> targets) {
        var pass = new RecordedPass(retain, new Targets(targets));
        pass.run(roots, gradients);
        List<Variable> result = new ArrayList<>(targets.size());
        for (Variable v : targets) {
            result.add(pass.sums.get(v));
        }
        return result;
    }

    @Override
    Variable unpack(SavedValue value, Node node) {
        return value.variable(node);
    }

    @Override
    void deliver(Variable target, Variable g) {
        sums.merge(target, g, Variable::add);
    }

    @Override
    Variable sum(Variable before, Variable g) {
        return before.add(g);
    }
}
