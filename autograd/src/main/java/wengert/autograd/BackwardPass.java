package wengert.autograd;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import wengert.tensor.Scope;
import wengert.tensor.ops.HasValue;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.GradException;
import wengert.tensor.spi.Shape;

/// One walk back. Iterative (a chain of any length needs no stack), in strictly decreasing sequence (same
/// bits every time), executing only what leads to a wanted gradient, freeing as it goes.
///
/// Where a scope is open, memory goes as the pass goes; without one it is the garbage collector's:
///
/// - a rule runs in a scope of its own: its temporaries die with it, its results get out, and so does what
///   new operators have saved of it;
/// - a gradient on its way is held by the places that still want it: an input of a node to come, a target.
///   When nobody holds it any more, its buffer is given back. Values that the pass did not make are left
///   alone.
///
/// There are two kinds of pass: [PlainPass] and [RecordedPass].
///
/// @param <T> tensors in an ordinary pass: the rules' own operators are not recorded, by construction;
///            variables when the gradients are to be differentiated again
abstract class BackwardPass<T extends TensorOps<T>> {
    private static final String PASSED = "was a gradient on its way through a backward pass, which is over";
    private static final Comparator<Visit<?>> LATEST_FIRST = (a, b) -> Long.compare(b.node.sequence,
            a.node.sequence);

    private final Map<Node, Visit<T>> visits = new IdentityHashMap<>();
    private final boolean retain;
    /// The wanted variables, or null for every leaf.
    private final Targets targets;
    /// Owns what the pass makes; null if no scope was open.
    private final Scope scope;

    BackwardPass(boolean retain, Targets targets, Scope scope) {
        this.retain = retain;
        this.targets = targets;
        this.scope = scope;
    }

    /// The scope of a pass, if it needs one.
    static Scope open() {
        return Scope.current() == null ? null : Scope.open("backward");
    }

    /// A kept value as the rules want it.
    abstract T unpack(SavedValue value, Node node);

    /// Takes a gradient of a target, and lets go of it.
    abstract void deliver(Variable target, T g);

    /// The sum of two gradients of one value, in place of them.
    abstract T sum(T before, T g);

    /// Counts one more place that holds a gradient.
    static void hold(HasValue g) {
        g.view().storage().hold(1);
    }

    /// Counts one less, and gives the buffer back if it was the last.
    final void drop(HasValue g) {
        if (g.view().storage().hold(-1) == 0 && owns(g)) {
            Scope.release(g.view(), PASSED);
        }
    }

    /// Whether the pass has made this.
    final boolean owns(HasValue g) {
        return scope != null && scope.owns(g.view());
    }

    /// Told of each node when its rule has run and, unless the graph is retained, its kept values are
    /// dropped.
    void executed(Node node) {
    }

    /// Hands the results, and what new operators have saved, out of the pass.
    final void keep(Collection<? extends HasValue> results) {
        if (scope != null) {
            scope.keepHeld();
        }
        for (HasValue g : results) {
            g.view().storage().hold(-1);
        }
    }

    /// Walks back from the roots.
    final void run(List<Variable> roots, List<T> gradients) {
        List<Visit<T>> order = discover(roots);
        for (int i = 0; i < roots.size(); i++) {
            Variable root = roots.get(i);
            T g = gradients.get(i);
            hold(g);
            send(root.edge(), visits.get(root.node), g);
        }
        for (Visit<T> visit : order) {
            if (visit.arrived != null) {
                execute(visit);
            }
        }
    }

    /// Finds every node that the roots depend on and marks what leads to a target.
    ///
    /// @return the nodes in decreasing sequence
    private List<Visit<T>> discover(List<Variable> roots) {
        List<Visit<T>> order = new ArrayList<>();
        var open = new ArrayDeque<Visit<T>>();
        for (Variable root : roots) {
            if (root.node != null) {
                reach(root.node, order, open);
            }
        }
        while (!open.isEmpty()) {
            Visit<T> visit = open.pop();
            for (Edge e : visit.node.edges) {
                visit.producers.add(e == null || e.node() == null ? null : reach(e.node(), order, open));
            }
        }
        order.sort(LATEST_FIRST);
        for (int i = order.size() - 1; i >= 0; i--) { // producers first
            mark(order.get(i));
        }
        return order;
    }

    private Visit<T> reach(Node node, List<Visit<T>> order, ArrayDeque<Visit<T>> open) {
        Visit<T> visit = visits.get(node);
        if (visit == null) {
            visit = new Visit<>(this, node);
            visits.put(node, visit);
            order.add(visit);
            open.push(visit);
        }
        return visit;
    }

    private void mark(Visit<T> visit) {
        Edge[] edges = visit.node.edges;
        for (int i = 0; i < edges.length; i++) {
            Visit<T> producer = visit.producers.get(i);
            if (edges[i] != null && (isTarget(edges[i]) || producer != null && producer.wanted != null)) {
                if (visit.wanted == null) {
                    visit.wanted = new boolean[edges.length];
                }
                visit.wanted[i] = true;
            }
        }
    }

    /// A leaf whose flag has been taken back, or that is frozen by now, is not a target.
    private boolean isTarget(Edge e) {
        if (targets != null) {
            return targets.find(e) != null;
        }
        return e.leaf() != null && e.leaf().tracked();
    }

    /// Hands a gradient to where a value came from.
    ///
    /// @param producer visit of the edge's node, null for a leaf
    private void send(Edge e, Visit<T> producer, T g) {
        if (producer != null) {
            producer.receive(e.output(), g);
        } else if (targets != null) {
            deliverAll(e, g);
            drop(g);
        } else if (e.leaf().tracked()) {
            deliver(e.leaf(), g);
        } else {
            drop(g);
        }
    }

    private void deliverAll(Edge e, T g) {
        for (Variable v : targets.all(e)) {
            hold(g);
            deliver(v, g);
        }
    }

    private void execute(Visit<T> visit) {
        Node node = visit.node;
        List<T> dys = visit.arrived;
        visit.arrived = null;
        if (targets != null) {
            for (int j = 0; j < dys.size(); j++) {
                if (dys.get(j) != null) {
                    deliverAll(node.edgeOf(j), dys.get(j));
                }
            }
        }
        if (visit.wanted == null) {
            dropAll(dys);
            return;
        }
        if (node.isFreed()) {
            throw new GradException("Trying to backward through the graph a second time: values saved by "
                    + node + " were freed by the first pass. Pass retainGraph(true) to the first one, or, "
                    + "if this part should not be differentiated again, detach() its result");
        }
        List<T> dxs = scope == null ? gradients(visit, dys) : scopedGradients(visit, dys);
        dropAll(dys);
        if (!retain) {
            node.free();
        }
        executed(node);
        for (int i = 0; i < node.edges.length; i++) {
            if (dxs.get(i) != null) {
                send(node.edges[i], visit.producers.get(i), dxs.get(i));
            }
        }
    }

    private void dropAll(List<T> gradients) {
        for (T g : gradients) {
            if (g != null) {
                drop(g);
            }
        }
    }

    private List<T> scopedGradients(Visit<T> visit, List<T> dys) {
        try (var rule = Scope.open("gradient rule")) {
            List<T> dxs = gradients(visit, dys);
            rule.keepHeld();
            return dxs;
        }
    }

    /// Runs a node's rule.
    ///
    /// @return one gradient for each input, held; null where it is not wanted
    private List<T> gradients(Visit<T> visit, List<T> dys) {
        Node node = visit.node;
        List<T> dxs = node.op.gradients(visit, dys);
        int inputs = node.edges.length;
        if (dxs.size() < inputs) {
            throw new GradException(node + ": its rule returned " + dxs.size() + " gradients for " + inputs
                    + " inputs");
        }
        for (int i = inputs; i < dxs.size(); i++) {
            if (dxs.get(i) != null) {
                throw new GradException(node + ": its rule returned a gradient at index " + i
                        + ", but there are " + inputs + " inputs");
            }
        }
        List<T> wanted = new ArrayList<>(inputs);
        for (int i = 0; i < inputs; i++) {
            T dx = dxs.get(i) != null && visit.wanted[i] ? fitted(node, i, dxs.get(i)) : null;
            if (dx != null) {
                hold(dx);
            }
            wanted.add(dx);
        }
        return wanted;
    }

    /// Sums over what was broadcast, the one place where that happens, and checks the form.
    private T fitted(Node node, int i, T dx) {
        Shape shape = node.shapes[i];
        if (!shape.broadcastsTo(dx.shape()) || dx.dtype() != node.dtypes[i]) {
            throw new GradException(node + " returned an invalid gradient at index " + i + ": got "
                    + dx.dtype() + " " + dx.shape() + " but expected shape compatible with " + node.dtypes[i]
                    + " " + shape);
        }
        return dx.sumTo(shape);
    }
}
