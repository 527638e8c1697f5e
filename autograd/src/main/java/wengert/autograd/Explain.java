package wengert.autograd;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/// Answers why a leaf has no gradient.
final class Explain {
    private Explain() {
    }

    static String gradient(Variable output, Variable leaf) {
        String name = leaf instanceof Parameter p ? "parameter '" + p.name() + "'" : "this leaf";
        if (!leaf.isLeaf()) {
            return "this value is no leaf but the result of " + leaf.node
                    + "; only leaves keep a gradient, use Autograd.of(output).grad(value)";
        }
        if (output.node == null) {
            return "the output has no history: no input required a gradient when it was computed "
                    + "(constants, frozen parameters, a detach(), a Tensor where a Variable was meant, or "
                    + "GradMode.off)";
        }
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        var open = new ArrayDeque<Node>();
        open.push(output.node);
        seen.add(output.node);
        Node used = null;
        Node constant = null;
        while (!open.isEmpty()) {
            Node node = open.pop();
            for (int i = 0; i < node.edges.length; i++) {
                Edge e = node.edges[i];
                if (e != null && e.leaf() == leaf) {
                    used = node;
                } else if (e == null && node.constantParameter(i) == leaf) {
                    constant = node;
                } else if (e != null && e.node() != null && seen.add(e.node())) {
                    open.push(e.node());
                }
            }
        }
        if (used != null && !leaf.requiresGrad()) {
            return name + " was recorded by " + used + ", but requiresGrad has been taken back since";
        }
        if (used != null && Frozen.contains(leaf)) {
            return name + " was recorded by " + used + ", but it is frozen now";
        }
        if (used != null) {
            return name + " is reached through " + used + ": backward() gives it a gradient, unless an "
                    + "operator on the way has a gradient that is structurally zero";
        }
        if (constant != null) {
            return name + " was frozen, or did not require a gradient, when " + constant
                    + " was recorded; run the forward pass again";
        }
        return name + " is not reachable from the output: no recorded operator on the way used it (it was "
                + "not used, a value was detached, or the part was computed on tensors or under "
                + "GradMode.off)";
    }
}
