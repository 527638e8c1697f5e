package wengert.gan.nets;

import wengert.nn.Embedding;
import wengert.nn.Layer;
import wengert.nn.Linear;
import wengert.nn.Sequential;
import wengert.tensor.Tensor;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.TensorException;

/// A network built from an [Architecture]. With noise z, image x, class y and embedding e:
///
/// - generator: `body(z)`, or `body([z, e(y)])`;
/// - discriminator: `head(body(x))`, or with features `h = body(x)`: `head(h) + ⟨e(y), h⟩` (projection, Miyato and
///   Koyama 2018).
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

    @Override
    public <T extends TensorOps<T>> T forward(T x, Tensor labels) {
        if ((embedding == null) != (labels == null)) {
            throw new TensorException(embedding == null
                    ? "network: it is unconditional and takes no labels; pass null"
                    : "network: it is conditional and needs labels, i64 [N]");
        }
        if (head == null) {
            return run(embedding == null ? x : x.concat(1, classes(labels, x)));
        }
        T features = run(x);
        T logits = within("head", () -> head.forward(features));
        return embedding == null ? logits : logits.add(classes(labels, features).mul(features).sumKeep(1));
    }

    private <T extends TensorOps<T>> T run(T x) {
        return within("body", () -> ((Layer) body).forward(x));
    }

    private <T extends TensorOps<T>> T classes(Tensor labels, T like) {
        return within("embedding", () -> embedding.forward(labels, like));
    }
}
