package wengert.autograd;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import wengert.tensor.Scope;
import wengert.tensor.Tensor;
import wengert.tensor.ops.Op;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;

/// One recorded operator: where its inputs came from, which of their gradients are wanted, and what its rule
/// needs. Nodes link to their producers and are not kept anywhere else, so a graph lives as long as its
/// results.
///
/// Sequence numbers grow with time, so a producer's is always smaller than its consumer's: going through
/// nodes in decreasing order, each has received all of its gradients when its turn comes.
final class Node {
    private static final AtomicLong NEXT = new AtomicLong();
    private static final int MOST_LOOKED = 64;

    final long sequence = NEXT.getAndIncrement();
    final Op op;
    /// Where each input came from; null where its gradient is not wanted.
    final Edge[] edges;
    final Shape[] shapes;
    final DType[] dtypes;
    /// Number of outputs.
    final int outputs;
    /// Kept inputs, then kept outputs; null entries are not kept; the array is null once freed.
    private SavedValue[] saved;
    private final boolean savedAny;
    /// The outputs, where a scope will give them back and no input shares their memory; otherwise null.
    private final Tensor[] made;
    /// Parameters that were used as constants, for [Explain]; null where there are none.
    private Parameter[] constants;

    Node(Op op, Variable[] inputs, boolean[] needs, Tensor[] results) {
        this.op = op;
        int n = inputs.length;
        edges = new Edge[n];
        shapes = new Shape[n];
        dtypes = new DType[n];
        saved = new SavedValue[n + results.length];
        boolean any = false;
        for (int i = 0; i < n; i++) {
            shapes[i] = inputs[i].shape();
            dtypes[i] = inputs[i].dtype();
            if (needs[i]) {
                edges[i] = inputs[i].edge();
            } else if (inputs[i] instanceof Parameter p) {
                if (constants == null) {
                    constants = new Parameter[n];
                }
                constants[i] = p;
            }
            if (op.savesInput(i, needs)) {
                saved[i] = SavedValue.of(this, inputs[i]);
                any = true;
            }
        }
        outputs = results.length;
        for (int j = 0; j < outputs; j++) {
            if (op.savesOutput(j)) {
                saved[n + j] = SavedValue.of(this, results[j], op.differentiable(j) ? edgeOf(j) : null);
                any = true;
            }
        }
        savedAny = any;
        made = Scope.current() == null || aliases(inputs[0], results[0]) ? null : results;
    }

    /// An operator's only output may be a view of its only input.
    private static boolean aliases(Variable input, Tensor output) {
        return input.view().storage() == output.view().storage();
    }

    /// The edge to output `j`.
    Edge edgeOf(int j) {
        return new Edge(this, j, null);
    }

    /// The outputs that a scope will give back and that share memory with no input; null if none.
    Tensor[] made() {
        return made;
    }

    /// A kept value.
    ///
    /// @param index input number, or number of inputs plus output number
    SavedValue saved(int index) {
        SavedValue value = saved[index];
        if (value == null) {
            throw new IllegalStateException(this + ": the gradient rule asks for "
                    + (index < shapes.length ? "input " + index : "output " + (index - shapes.length))
                    + ", which the operator does not declare to keep; let "
                    + (index < shapes.length ? "savesInput" : "savesOutput") + " return true for it");
        }
        return value;
    }

    /// The parameter that input `i` was, if its gradient is not wanted; otherwise null.
    Parameter constantParameter(int i) {
        return constants == null ? null : constants[i];
    }

    /// True if this node had kept values and they are gone.
    boolean isFreed() {
        return saved == null && savedAny;
    }

    /// Drops the kept values.
    void free() {
        if (saved != null) {
            for (SavedValue value : saved) {
                if (value != null) {
                    value.drop();
                }
            }
            saved = null;
        }
    }

    /// Where this is, as far as parameters tell: `conv2d#17 in body.3`, `tanh#18 behind body.3`.
    String place() {
        var next = new ArrayDeque<Node>(List.of(this));
        for (int looked = 0; looked < MOST_LOOKED && !next.isEmpty(); looked++) {
            Node node = next.poll();
            for (int i = 0; i < node.edges.length; i++) {
                Edge e = node.edges[i];
                Variable leaf = e == null ? node.constantParameter(i) : e.leaf();
                if (leaf instanceof Parameter p && p.name().contains(".")) {
                    return this + (node == this ? " in " : " behind ")
                            + p.name().substring(0, p.name().lastIndexOf('.'));
                }
                if (e != null && e.node() != null) {
                    next.add(e.node());
                }
            }
        }
        return toString();
    }

    /// Operator and number: `conv2d#17`.
    @Override
    public String toString() {
        return op.name() + "#" + sequence;
    }
}
