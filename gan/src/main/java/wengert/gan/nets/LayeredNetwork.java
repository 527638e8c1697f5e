package wengert.gan.nets;

import wengert.nn.Embedding;
import wengert.nn.Layer;
import wengert.nn.Linear;
import wengert.nn.Sequential;
import wengert.tensor.Tensor;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.DTypeException;
import wengert.tensor.spi.IndexException;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.TensorException;

/// A network built from an [Architecture]. With noise z, image x, class y and embedding e:
///
/// - generator: `body(z)`, or `body([z, e(y)])`;
/// - discriminator: `head(body(x))`, or with features `h = body(x)`: `head(h) + ⟨e(y), h⟩` (projection,
///   Miyato and Koyama 2018).
///
/// State names: `body.I.weight`, `head.bias`, `embedding.weight`.
public final class LayeredNetwork extends Network {
    private final Architecture architecture;
    private final Sequential body;
    private final Linear head;
    private final Embedding embedding;

    /// A network without numbers yet: call `init` or load a state.
    public LayeredNetwork(Architecture architecture) {
        this.architecture = architecture;
        body = new Sequential();
        architecture.body().forEach(layer -> body.add(LayerTypes.layer(layer)));
        child("body", body);
        head = architecture.head() == null ? null : child("head", LayerTypes.linear(architecture.head()));
        embedding = architecture.embedding() == null ? null
                : child("embedding", LayerTypes.embedding(architecture.embedding()));
    }

    /// What it was built from.
    public Architecture architecture() {
        return architecture;
    }

    /// Runs the network.
    ///
    /// @param x      noise [N, Z] or images [N, C, H, W], of the sizes that the architecture's inputs name
    /// @param labels classes, i64 `[N]`; null for an unconditional network
    /// @throws ShapeException  if x or the labels have another shape (labels [1] or [N, 1] would broadcast),
    ///                         or a label is none of the classes
    /// @throws DTypeException  if the labels are no whole numbers
    /// @throws TensorException if there are labels where none are wanted, or none where they are
    @Override
    public <T extends TensorOps<T>> T forward(T x, Tensor labels) {
        checkInput(x.shape());
        checkLabels(x.shape(), labels);
        if (head == null) {
            return run(embedding == null ? x : x.concat(1, classes(labels, x)));
        }
        T features = run(x);
        T logits = within("head", () -> head.forward(features));
        return embedding == null ? logits : logits.add(classes(labels, features).mul(features).sumKeep(1));
    }

    private void checkInput(Shape x) {
        int noise = architecture.input("noise_size");
        if (head == null && noise > 0 && (x.rank() < 2 || x.size(1) != noise)) {
            throw new ShapeException("generator: expected noise [N, " + noise + "], got " + x);
        }
        int size = architecture.input("image_size");
        int channels = architecture.input("channels");
        if (head != null && size > 0 && channels > 0
                && (x.rank() != 4 || !x.equals(Shape.of(x.size(0), channels, size, size)))) {
            throw new ShapeException("discriminator: expected images [N, " + channels + ", " + size + ", "
                    + size + "], got " + x + (x.rank() == 3 ? "; add a batch axis with unsqueeze(0)"
                    : "; pad or resize them, or build the networks for this size"));
        }
    }

    private void checkLabels(Shape x, Tensor labels) {
        if (embedding == null) {
            if (labels != null) {
                throw new TensorException("network: expected no labels, since it is unconditional, got "
                        + labels.view() + "; pass null");
            }
            return;
        }
        Shape want = Shape.of(x.size(0));
        if (labels == null) {
            throw new TensorException("network: expected labels, i64 " + want + ", since it is conditional, "
                    + "got none; pass them as the second argument");
        }
        if (labels.dtype().isFloating() || labels.dtype() == DType.BOOL) {
            throw new DTypeException("network: expected labels that are whole numbers, i64 " + want + ", got "
                    + labels.view() + "; use to(DType.I64)");
        }
        if (!labels.shape().equals(want)) {
            throw new ShapeException("network: expected labels, i64 " + want + ", one for each of the batch,"
                    + " got " + labels.view());
        }
    }

    private <T extends TensorOps<T>> T run(T x) {
        return within("body", () -> ((Layer) body).forward(x));
    }

    private <T extends TensorOps<T>> T classes(Tensor labels, T like) {
        try {
            return within("embedding", () -> embedding.forward(labels, like));
        } catch (IndexException e) {
            int classes = embedding.weight().shape().size(0);
            throw new IndexException("network", "label", e.index(), e.position(),
                    "is not one of " + classes + " classes", classes, e);
        }
    }
}
