package wengert.autograd;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.ops.Saved;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.GradException;
import wengert.tensor.spi.Shape;

/// One walk back. Iterative (a chain of any length needs no stack), in strictly decreasing sequence (same bits
/// every time), executing only what leads to a wanted gradient, freeing as it goes.
///
/// @param <T> tensors in an ordinary pass: the rules' own operators are not recorded, by construction; variables
///            when the gradients are to be differentiated again
final class BackwardPass<T extends TensorOps<T>> {
    /// What is known of a node during this pass.
    private static final class Visit {
        final Node node;
        /// Which inputs lead to a wanted gradient; null if none does.
        boolean[] wanted;
        /// Gradient of each output that has arrived so far.
        Object[] arrived;

        Visit(Node node) {
            this.node = node;
        }
    }

    private final Map<Node, Visit> visits = new IdentityHashMap<>();
    private final Function<SavedAt, T> unpack;
    private final boolean retain;
    /// The wanted variables, or null for every leaf.
    private final Targets targets;
    private final BiConsumer<Variable, T> deliver;

    /// A kept value and who keeps it.
    private record SavedAt(Node node, int index) {
    }

    private BackwardPass(Function<SavedAt, T> unpack, boolean retain, Targets targets,
            BiConsumer<Variable, T> deliver) {
        this.unpack = unpack;
        this.retain = retain;
        this.targets = targets;
        this.deliver = deliver;
    }

    private static BackwardPass<Tensor> onTensors(boolean retain, Targets targets,
            BiConsumer<Variable, Tensor> deliver) {
        return new BackwardPass<>(at -> at.node.saved(at.index).tensor(at.node), retain, targets, deliver);
    }

    /// Adds gradients to `grad()` of the targets, or of every leaf.
    static void accumulate(List<Variable> roots, List<Variable> gradients, boolean retain,
            List<Variable> targets) {
        var pass = onTensors(retain, targets == null ? null : new Targets(targets), BackwardPass::addToGrad);
        pass.run(roots, gradients.stream().map(Variable::value).toList());
    }

    /// The first gradient is copied, since others may still read it, and lives outside of any scope; later ones
    /// are added in place, so that whoever holds the tensor sees them.
    private static void addToGrad(Variable v, Tensor g) {
        if (v.grad() == null) {
            v.grad(Scope.outside(g::copy));
        } else {
            v.grad().addInPlace(g);
        }
    }

    /// Gradients as constants.
    static List<Variable> plain(List<Variable> roots, List<Variable> gradients, boolean retain,
            List<Variable> targets) {
        Map<Variable, Tensor> sums = new IdentityHashMap<>();
        var pass = onTensors(retain, new Targets(targets), (v, g) -> sums.merge(v, g, Tensor::add));
        pass.run(roots, gradients.stream().map(Variable::value).toList());
        return targets.stream().map(v -> sums.containsKey(v) ? Variable.of(sums.get(v)) : null).toList();
    }

    /// Gradients as variables whose history is this pass.
    static List<Variable> recorded(List<Variable> roots, List<Variable> gradients, boolean retain,
            List<Variable> targets) {
        Map<Variable, Variable> sums = new IdentityHashMap<>();
        var pass = new BackwardPass<Variable>(at -> at.node.saved(at.index).variable(at.node), retain,
                new Targets(targets), (v, g) -> sums.merge(v, g, Variable::add));
        pass.run(roots, gradients);
        return Arrays.asList(targets.stream().map(sums::get).toArray(Variable[]::new));
    }

    private void run(List<Variable> roots, List<T> gradients) {
        List<Visit> order = discover(roots);
        for (int i = 0; i < roots.size(); i++) {
            send(Edge.to(roots.get(i)), gradients.get(i));
        }
        for (Visit visit : order) {
            if (visit.arrived != null) {
                execute(visit);
            }
        }
    }

    /// Finds every node that the roots depend on and marks what leads to a target.
    ///
    /// @return the nodes in decreasing sequence
    private List<Visit> discover(List<Variable> roots) {
        List<Visit> order = new ArrayList<>();
        var open = new ArrayDeque<Node>();
        for (Variable root : roots) {
            reach(root.node, order, open);
        }
        while (!open.isEmpty()) {
            for (Edge edge : open.pop().edges) {
                if (edge != null) {
                    reach(edge.node(), order, open);
                }
            }
        }
        order.sort(Comparator.comparingLong((Visit v) -> v.node.sequence).reversed());
        for (int i = order.size() - 1; i >= 0; i--) { // producers first
            mark(order.get(i));
        }
        return order;
    }

    private void reach(Node node, List<Visit> order, ArrayDeque<Node> open) {
        if (node != null && !visits.containsKey(node)) {
            Visit visit = new Visit(node);
            visits.put(node, visit);
            order.add(visit);
            open.push(node);
        }
    }

    private void mark(Visit visit) {
        Edge[] edges = visit.node.edges;
        for (int i = 0; i < edges.length; i++) {
            Edge e = edges[i];
            if (e != null && (isTarget(e) || e.node() != null && visits.get(e.node()).wanted != null)) {
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
    private void send(Edge e, T g) {
        if (targets == null) {
            if (e.leaf() != null) {
                if (e.leaf().tracked()) {
                    deliver.accept(e.leaf(), g);
                }
                return;
            }
        } else if (e.leaf() != null) {
            for (Variable v : targets.all(e)) {
                deliver.accept(v, g);
            }
            return;
        }
        Visit visit = visits.get(e.node());
        if (visit.arrived == null) {
            visit.arrived = new Object[visit.node.outputs.length];
        }
        T before = arrived(visit, e.output());
        // Out of place: another edge may still hold the tensor that arrived first.
        visit.arrived[e.output()] = before == null ? g : before.add(g);
    }

    @SuppressWarnings("unchecked") // only `send` stores here, and it stores T
    private T arrived(Visit visit, int output) {
        return (T) visit.arrived[output];
    }

    private void execute(Visit visit) {
        Node node = visit.node;
        List<T> dys = new ArrayList<>(visit.arrived.length);
        for (int j = 0; j < visit.arrived.length; j++) {
            T dy = arrived(visit, j);
            dys.add(dy);
            if (dy != null && targets != null) {
                for (Variable v : targets.all(new Edge(node, j, null))) {
                    deliver.accept(v, dy);
                }
            }
        }
        visit.arrived = null;
        if (visit.wanted == null) {
            return;
        }
        if (node.isFreed()) {
            throw new GradException("Trying to backward through the graph a second time: values saved by " + node
                    + " were freed by the first pass. Pass retainGraph(true) to the first one, or, if this part "
                    + "should not be differentiated again, detach() its result");
        }
        List<T> dxs = node.op.gradients(new Unpacker(visit), dys);
        if (!retain) {
            node.free();
        }
        if (dxs.size() < node.edges.length) {
            throw new GradException(node + ": its rule returned " + dxs.size() + " gradients for "
                    + node.edges.length + " inputs");
        }
        for (int i = 0; i < dxs.size(); i++) {
            T dx = dxs.get(i);
            if (i >= node.edges.length) {
                if (dx != null) {
                    throw new GradException(node + ": its rule returned a gradient at index " + i + ", but there are "
                            + node.edges.length + " inputs");
                }
            } else if (dx != null && visit.wanted[i]) {
                send(node.edges[i], fitted(node, i, dx));
            }
        }
    }

    /// Sums over what was broadcast, the one place where that happens, and checks the form.
    private T fitted(Node node, int i, T dx) {
        Shape shape = node.shapes[i];
        if (!shape.broadcastsTo(dx.shape()) || dx.dtype() != node.dtypes[i]) {
            throw new GradException(node + " returned an invalid gradient at index " + i + ": got " + dx.dtype() + " "
                    + dx.shape() + " but expected shape compatible with " + node.dtypes[i] + " " + shape);
        }
        return dx.sumTo(shape);
    }

    /// What a rule sees of its node.
    private final class Unpacker implements Saved<T> {
        private final Visit visit;

        Unpacker(Visit visit) {
            this.visit = visit;
        }

        @Override
        public T input(int i) {
            return unpack.apply(new SavedAt(visit.node, i));
        }

        @Override
        public T output(int j) {
            return unpack.apply(new SavedAt(visit.node, visit.node.shapes.length + j));
        }

        @Override
        public boolean needs(int i) {
            return visit.wanted[i];
        }

        @Override
        public Shape shape(int i) {
            return visit.node.shapes[i];
        }

        @Override
        public DType dtype(int i) {
            return visit.node.dtypes[i];
        }

        @Override
        public int inputs() {
            return visit.node.shapes.length;
        }
    }
}
