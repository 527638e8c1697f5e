package wengert.tensor.catalog;

import java.util.ArrayList;
import java.util.List;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;

/// Functions of one operand, and copies of it.
final class ElementwiseSamples {
    private ElementwiseSamples() {
    }

    static <T extends TensorOps<T>> T apply(Sample s, List<T> in) {
        T x = in.get(0);
        return switch (s.operator()) {
            case "abs" -> x.abs();
            case "addNumber" -> x.add(s.number("value"));
            case "clamp" -> x.clamp(s.number("min"), s.number("max"));
            case "copy" -> x.copy();
            case "cos" -> x.cos();
            case "elu" -> x.elu(s.number("alpha"));
            case "erf" -> x.erf();
            case "exp" -> x.exp();
            case "floor" -> x.floor();
            case "gelu" -> x.gelu();
            case "leakyRelu" -> x.leakyRelu(s.number("slope"));
            case "log" -> x.log();
            case "logSigmoid" -> x.logSigmoid();
            case "mulNumber" -> x.mul(s.number("value"));
            case "neg" -> x.neg();
            case "powNumber" -> x.pow(s.number("exponent"));
            case "reciprocal" -> x.reciprocal();
            case "relu" -> x.relu();
            case "sigmoid" -> x.sigmoid();
            case "sign" -> x.sign();
            case "silu" -> x.silu();
            case "sin" -> x.sin();
            case "softplus" -> x.softplus();
            case "sqrt" -> x.sqrt();
            case "square" -> x.square();
            case "tanh" -> x.tanh();
            case "to" -> x.to(DType.valueOf((String) s.attributes().get("dtype"))).to(x.dtype());
            case "toDevice" -> x.to(other(x.device())).to(x.device());
            default -> throw new IllegalArgumentException(s.toString());
        };
    }

    private static Device other(Device device) {
        return device.equals(Device.CPU) ? Device.REFERENCE : Device.CPU;
    }

    static List<Sample> all() {
        var all = new ArrayList<Sample>();
        for (String op : List.of("abs", "copy", "cos", "erf", "exp", "floor", "gelu", "logSigmoid", "neg",
                "relu", "sigmoid", "sign", "silu", "sin", "softplus", "square", "tanh")) {
            everyForm(all, of(op, ""), -3, 3);
        }
        for (String op : List.of("log", "reciprocal", "sqrt")) {
            everyForm(all, of(op, ""), 0.25, 4);
        }
        everyForm(all, of("addNumber", "").with("value", 1.5), -3, 3);
        everyForm(all, of("mulNumber", "").with("value", -2.5), -3, 3);
        everyForm(all, of("clamp", "").with("min", -0.75).with("max", 1.25), -3, 3);
        everyForm(all, of("elu", "").with("alpha", 0.5), -3, 3);
        everyForm(all, of("leakyRelu", "").with("slope", 0.2), -3, 3);
        for (double exponent : new double[] {-0.5, 0, 1, 3}) {
            everyForm(all, of("powNumber", exponent + "-").with("exponent", exponent), 0.25, 3);
        }
        all.add(of("leakyRelu", "negative-slope").with("slope", -0.5).input("x", -3, 3, 2, 5));
        all.add(of("toDevice", "there-and-back").input("x", -3, 3, 2, 5));
        all.add(of("to", "f64").with("dtype", "F64").input("x", -3, 3, 2, 5));
        all.add(of("to", "f32").with("dtype", "F32").input("x", -3, 3, 2, 5).orders(0));
        double[] far = {-800, -40, -20.5, -1, 0, 1, 20.5, 40, 800};
        for (String op : List.of("sigmoid", "softplus", "tanh", "logSigmoid")) {
            all.add(of(op, "far").given("x", far, 9).kinked());
        }
        double[] around = {-2, -1, -0.0, 0, 1, 2};
        for (String op : List.of("abs", "floor", "relu", "sign")) {
            all.add(of(op, "kink").given("x", around, 6).kinked());
        }
        all.add(of("clamp", "kink").with("min", -1.0).with("max", 1.0).given("x", around, 6).kinked());
        all.add(of("leakyRelu", "kink").with("slope", 0.2).given("x", around, 6).kinked());
        all.add(of("elu", "kink").with("alpha", 0.5).given("x", around, 6).kinked());
        return all;
    }

    private static Sample of(String operator, String tag) {
        return Sample.of(operator, tag, ElementwiseSamples::apply);
    }

    /// The sample with a few elements, with one, and with none.
    private static void everyForm(List<Sample> all, Sample s, double low, double high) {
        all.add(tagged(s, "basic").input("x", low, high, 2, 5));
        all.add(tagged(s, "scalar").input("x", low, high));
        all.add(tagged(s, "empty").input("x", low, high, 3, 0));
    }

    private static Sample tagged(Sample s, String form) {
        return new Sample(s.operator(), s.tag() + form, s.attributes(), s.inputs(), s.orders(), s.smooth(),
                s.formula());
    }
}
