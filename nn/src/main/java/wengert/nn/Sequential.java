package wengert.nn;

import java.util.ArrayList;
import java.util.List;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.TensorException;

/// Layers one after the other, named `0`, `1`, … or as given. An error inside says in which layer. A
/// normalisation and the [Relu] or [LeakyRelu] behind it run as one operator, with the same result.
///
/// ```java
/// var net = new Sequential(new Linear(2, 16), new Tanh(), new Linear(16, 1));
/// var named = new Sequential().add("hidden", new Linear(2, 16)).add("out", new Linear(16, 1));
/// ```
public final class Sequential extends Module implements Layer {
    private final List<String> names = new ArrayList<>();
    private final List<Layer> layers = new ArrayList<>();

    /// @param layers in order, named by their position
    public Sequential(Layer... layers) {
        for (Layer layer : layers) {
            add(layer);
        }
    }

    /// Adds a layer behind the last, named by its position.
    ///
    /// @return this
    public Sequential add(Layer layer) {
        return add(Integer.toString(layers.size()), layer);
    }

    /// Adds a layer behind the last.
    ///
    /// @return this
    public Sequential add(String name, Layer layer) {
        child(name, layer instanceof Module module ? module : new Function(layer));
        names.add(name);
        layers.add(layer);
        return this;
    }

    @Override
    public <T extends TensorOps<T>> T forward(T x) {
        T y = x;
        for (int i = 0; i < layers.size(); i++) {
            try {
                double slope = i + 1 < layers.size() ? Rectifiable.slope(layers.get(i + 1)) : Double.NaN;
                if (layers.get(i) instanceof Rectifiable norm && slope == slope) {
                    y = norm.forward(y, slope);
                    i++;
                } else {
                    y = layers.get(i).forward(y);
                }
            } catch (TensorException e) {
                throw e.within(names.get(i));
            }
        }
        return y;
    }

    /// A layer without state that is no module: it only takes up its place in the tree.
    private static final class Function extends Module {
        private final Layer layer;

        Function(Layer layer) {
            this.layer = layer;
        }

        @Override
        protected String describe() {
            return layer.toString();
        }
    }
}
