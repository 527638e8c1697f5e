package wengert.tensor.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import wengert.tensor.Tensor;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;

/// An operator with attributes and inputs on which it is tried: that it computes the same on every backend
/// and in every memory layout, and that its gradients are those of its values.
///
/// ```java
/// Sample.of("leakyRelu", "basic", Family::apply).with("slope", 0.2).input("x", -3, 3, 2, 5)
/// ```
///
/// @param operator   name of the method
/// @param tag        what this sample is about; unique for the operator
/// @param attributes numbers, booleans and arrays of int, by name
/// @param inputs     in the order the formula expects
/// @param orders     highest order of derivative that makes sense; 0 if there is no gradient
/// @param smooth     whether all points are away from kinks and ties, so that differences approximate
///                   derivatives
/// @param formula    calls the operator
public record Sample(String operator, String tag, Map<String, Object> attributes, List<Input> inputs,
        int orders, boolean smooth, Formula formula) {

    /// A sample without attributes and inputs, smooth, of order 3.
    static Sample of(String operator, String tag, Formula formula) {
        return new Sample(operator, tag, Map.of(), List.of(), 3, true, formula);
    }

    /// With one more attribute.
    Sample with(String name, Object value) {
        var more = new LinkedHashMap<>(attributes);
        more.put(name, value);
        return new Sample(operator, tag, more, inputs, orders, smooth, formula);
    }

    /// With one more input that can be differentiated: distinct values spread over an interval, none closer
    /// than 1/1024 to a multiple of 1/512. So kinks at round numbers, and ties within one input or between
    /// two, are further away than the step of a difference.
    Sample input(String name, double low, double high, int... sizes) {
        Shape shape = Shape.of(sizes);
        return given(name, spread(inputs.size(), low, high, shape.length()), sizes);
    }

    /// With one more input that can be differentiated.
    Sample given(String name, double[] values, int... sizes) {
        return and(new Input(name, DType.F64, Shape.of(sizes), values, true));
    }

    /// With one more input of whole numbers.
    Sample index(String name, int[] values, int... sizes) {
        double[] numbers = java.util.Arrays.stream(values).asDoubleStream().toArray();
        return and(new Input(name, DType.I64, Shape.of(sizes), numbers, false));
    }

    /// With one more input of truth values: 1 and 0.
    Sample truth(String name, int[] values, int... sizes) {
        double[] numbers = java.util.Arrays.stream(values).asDoubleStream().toArray();
        return and(new Input(name, DType.BOOL, Shape.of(sizes), numbers, false));
    }

    /// With the last input taken as a constant.
    Sample constant() {
        Input last = inputs.get(inputs.size() - 1);
        var changed = new ArrayList<>(inputs);
        Input fixed = new Input(last.name(), last.dtype(), last.shape(), last.values(), false);
        changed.set(changed.size() - 1, fixed);
        return new Sample(operator, tag, attributes, List.copyOf(changed), orders, smooth, formula);
    }

    /// With another highest order.
    Sample orders(int highest) {
        return new Sample(operator, tag, attributes, inputs, highest, smooth, formula);
    }

    /// With points on a kink, where differences mean nothing.
    Sample kinked() {
        return new Sample(operator, tag, attributes, inputs, orders, false, formula);
    }

    private Sample and(Input input) {
        if (input.shape().elements() != input.values().length) {
            throw new IllegalArgumentException(this + ": input " + input.name() + " of shape " + input.shape()
                    + " has " + input.values().length + " values");
        }
        var more = new ArrayList<>(inputs);
        more.add(input);
        return new Sample(operator, tag, attributes, List.copyOf(more), orders, smooth, formula);
    }

    /// A sequence that fills an interval evenly (multiples of the golden ratio), rounded to odd multiples of
    /// 1/1024.
    private static double[] spread(int which, double low, double high, int n) {
        double golden = (Math.sqrt(5) - 1) / 2;
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            double part = (i + 1) * golden + which * 0.29;
            values[i] = (Math.floor((low + (high - low) * (part - Math.floor(part))) * 512) + 0.5) / 512;
        }
        return values;
    }

    /// Calls the operator.
    ///
    /// @param in one value for each input, in order
    public <T extends TensorOps<T>> T apply(List<T> in) {
        return formula.apply(this, in);
    }

    /// The inputs as new tensors.
    ///
    /// @param precision what floats become
    /// @param layout    how they lie in memory
    public List<Tensor> tensors(DType precision, Device device, Layout layout) {
        List<Tensor> tensors = new ArrayList<>();
        for (Input input : inputs) {
            tensors.add(input.tensor(precision, device, layout));
        }
        return tensors;
    }

    /// An attribute that is a number.
    double number(String name) {
        return ((Number) attributes.get(name)).doubleValue();
    }

    /// An attribute that is a whole number.
    int integer(String name) {
        return ((Number) attributes.get(name)).intValue();
    }

    /// An attribute that is a list of whole numbers.
    int[] integers(String name) {
        return (int[]) attributes.get(name);
    }

    /// An attribute that is true or false.
    boolean flag(String name) {
        return (Boolean) attributes.get(name);
    }

    /// `leakyRelu/basic`.
    @Override
    public String toString() {
        return operator + "/" + tag;
    }
}
