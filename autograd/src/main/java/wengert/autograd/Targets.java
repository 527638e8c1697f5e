package wengert.autograd;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// The variables whose gradients a pass was asked for, found by the edge that leads to them.
final class Targets {
    private final Map<Variable, List<Variable>> leaves = new IdentityHashMap<>();
    private final Map<Edge, List<Variable>> results = new HashMap<>();

    Targets(List<Variable> variables) {
        for (Variable v : variables) {
            List<Variable> same = v.isLeaf() ? leaves.computeIfAbsent(v, _ -> new ArrayList<>())
                    : results.computeIfAbsent(v.edge(), _ -> new ArrayList<>());
            if (!same.contains(v)) {
                same.add(v);
            }
        }
    }

    /// The targets an edge leads to; empty if none.
    List<Variable> all(Edge e) {
        return e.leaf() != null ? leaves.getOrDefault(e.leaf(), List.of())
                : results.getOrDefault(e, List.of());
    }

    /// Any target an edge leads to, or null.
    Variable find(Edge e) {
        List<Variable> found = all(e);
        return found.isEmpty() ? null : found.get(0);
    }
}
