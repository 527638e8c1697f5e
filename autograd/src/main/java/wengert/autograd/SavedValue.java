package wengert.autograd;

import wengert.tensor.Tensor;
import wengert.tensor.spi.GradException;
import wengert.tensor.spi.Storage;

/// A value kept for the way back, with the version it had and the edge it came by, so that a gradient of a
/// gradient finds its way further back.
final class SavedValue {
    private final Node node;
    private final Tensor value;
    private final int version;
    /// Null for a constant.
    private final Edge edge;

    private SavedValue(Node node, Tensor value, Edge edge) {
        this.node = node;
        this.value = value;
        this.edge = edge;
        Storage storage = value.view().storage();
        this.version = storage.version();
        storage.hold(1);
        if (storage.owner() != null) { // others may outlive the graph, and must not keep it
            storage.heldAs("saved for backward", this);
        }
    }

    /// Lets go of the numbers; nobody asks for them again.
    void drop() {
        Storage storage = value.view().storage();
        storage.hold(-1);
        if (storage.holder() == this) {
            storage.heldAs("", "");
        }
    }

    static SavedValue of(Node node, Variable v) {
        return new SavedValue(node, v.value(), v.tracked() ? v.edge() : null);
    }

    static SavedValue of(Node node, Tensor output, Edge edge) {
        return new SavedValue(node, output, edge);
    }

    /// Who keeps it, for a table of memory.
    @Override
    public String toString() {
        return "by " + node.place();
    }

    /// The numbers, if they are still those that were kept.
    ///
    /// @param node who kept them
    Tensor tensor(Node node) {
        Storage storage = value.view().storage();
        if (storage.isReleased()) {
            throw new GradException(node + ": the graph outlived the values it saved; call backward() "
                    + "before they go. (" + releaseReason(storage) + ")");
        }
        if (storage.version() != version) {
            String label = storage.label().isEmpty() ? "" : " '" + storage.label() + "'";
            throw new GradException("a value needed for the backward of " + node + " was modified in place: "
                    + value.dtype() + " " + value.shape() + label + " is at version " + storage.version()
                    + "; expected version " + version + ". Saved by " + node + "; modified by "
                    + storage.modifiedBy() + ". Hint: call backward() before the update (for a GAN: before "
                    + "optD.step()), or run the forward pass again.");
        }
        return value;
    }

    private static String releaseReason(Storage storage) {
        try {
            storage.data();
            return "";
        } catch (wengert.tensor.spi.TensorException e) {
            return e.getMessage();
        }
    }

    /// The numbers with their history.
    Variable variable(Node node) {
        Tensor t = tensor(node);
        if (edge == null) {
            return Variable.of(t);
        }
        return edge.leaf() != null ? edge.leaf() : new Variable(t, edge);
    }
}
