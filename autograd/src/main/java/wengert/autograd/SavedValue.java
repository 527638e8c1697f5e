package wengert.autograd;

import wengert.tensor.Tensor;
import wengert.tensor.spi.GradException;
import wengert.tensor.spi.Storage;

/// A value kept for the way back, with the version it had and the edge it came by, so that a gradient of a
/// gradient finds its way further back.
final class SavedValue {
    private final Tensor value;
    private final int version;
    /// Null for a constant.
    private final Edge edge;

    private SavedValue(Tensor value, Edge edge) {
        this.value = value;
        this.version = value.view().storage().version();
        this.edge = edge;
        value.view().storage().hold(1);
    }

    /// Lets go of the numbers; nobody asks for them again.
    void drop() {
        value.view().storage().hold(-1);
    }

    static SavedValue of(Variable v) {
        return new SavedValue(v.value(), v.tracked() ? v.edge() : null);
    }

    static SavedValue of(Tensor output, Edge edge) {
        return new SavedValue(output, edge);
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
