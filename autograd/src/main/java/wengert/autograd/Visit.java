package wengert.autograd;

import java.util.ArrayList;
import java.util.List;
import wengert.tensor.ops.Saved;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;

/// What is known of a node during one pass; also what its rule sees of it.
///
/// @param <T> what the pass computes with
final class Visit<T extends TensorOps<T>> implements Saved<T> {
    final Node node;
    /// Who made the inputs, where that is a node.
    final List<Visit<T>> producers;
    /// Which inputs lead to a wanted gradient; null if none does.
    boolean[] wanted;
    /// Gradient of each output that has arrived so far; null if none has.
    List<T> arrived;
    private final BackwardPass<T> pass;

    Visit(BackwardPass<T> pass, Node node) {
        this.pass = pass;
        this.node = node;
        this.producers = new ArrayList<>(node.edges.length);
    }

    /// Takes one more gradient of an output.
    void receive(int output, T g) {
        if (arrived == null) {
            arrived = new ArrayList<>(node.outputs);
            for (int j = 0; j < node.outputs; j++) {
                arrived.add(null);
            }
        }
        T before = arrived.get(output);
        arrived.set(output, before == null ? g : pass.sum(before, g));
    }

    @Override
    public T input(int i) {
        return pass.unpack(node.saved(i), node);
    }

    @Override
    public T output(int j) {
        return pass.unpack(node.saved(node.shapes.length + j), node);
    }

    @Override
    public boolean needs(int i) {
        return wanted[i];
    }

    @Override
    public Shape shape(int i) {
        return node.shapes[i];
    }

    @Override
    public DType dtype(int i) {
        return node.dtypes[i];
    }

    @Override
    public int inputs() {
        return node.shapes.length;
    }
}
