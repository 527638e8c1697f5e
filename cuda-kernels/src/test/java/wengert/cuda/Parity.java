package wengert.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import wengert.autograd.Autograd;
import wengert.autograd.Variable;
import wengert.gan.conform.Conformance;
import wengert.gan.conform.Report;
import wengert.tensor.Tensor;
import wengert.tensor.catalog.Catalog;
import wengert.tensor.catalog.Layout;
import wengert.tensor.catalog.Sample;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;

/// Whether a card computes what the reference backend computes: every sample of the catalogue, and the
/// reference vectors. As a program, for who writes kernels:
///
/// ```text
/// java -cp … wengert.cuda.emulation.EmulatedDriver wengert.cuda.Parity conv2d softmax
/// ```
///
/// compares the cases whose name contains one of the words, all without a word.
final class Parity {
    private Parity() {
    }

    /// Values of the catalogue's samples in every memory layout.
    ///
    /// @param wanted by name: `leakyRelu/basic`
    /// @return what differs, a line each
    static List<String> values(Device device, Predicate<String> wanted) {
        List<String> wrong = new ArrayList<>();
        for (Sample sample : samples(wanted)) {
            for (DType precision : List.of(DType.F64, DType.F32)) {
                double tolerance = precision == DType.F64 ? 1e-13 : 2e-6;
                Tensor want = sample.apply(sample.tensors(precision, Device.REFERENCE, Layout.ROW_MAJOR));
                for (Layout layout : Layout.values()) {
                    String what = sample + " " + precision + " " + layout;
                    try {
                        Tensor got = sample.apply(sample.tensors(precision, device, layout));
                        compare(what, want, got, tolerance, false, wrong);
                    } catch (RuntimeException e) {
                        wrong.add(what + ": " + e);
                    }
                }
            }
        }
        return wrong;
    }

    /// First-order gradients of the catalogue's samples, and the gradients of their sum.
    ///
    /// @return what differs, a line each
    static List<String> gradients(Device device, Predicate<String> wanted) {
        List<String> wrong = new ArrayList<>();
        for (Sample sample : samples(wanted)) {
            for (DType precision : sample.orders() > 0 ? List.of(DType.F64, DType.F32) : List.<DType>of()) {
                double tolerance = precision == DType.F64 ? 1e-12 : 2e-5;
                List<Tensor> want = gradients(sample, precision, Device.REFERENCE);
                try {
                    List<Tensor> got = gradients(sample, precision, device);
                    for (int i = 0; i < want.size(); i++) {
                        compare(sample + " " + precision + " gradient " + i, want.get(i), got.get(i),
                                tolerance, true, wrong);
                    }
                } catch (RuntimeException e) {
                    wrong.add(sample + " " + precision + " gradients: " + e);
                }
            }
        }
        return wrong;
    }

    private static List<Tensor> gradients(Sample sample, DType precision, Device device) {
        List<Tensor> all = sample.tensors(precision, device, Layout.ROW_MAJOR);
        List<Variable> in = new ArrayList<>();
        List<Variable> leaves = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            in.add(Variable.of(all.get(i)));
            if (sample.inputs().get(i).differentiable()) {
                leaves.add(in.get(i).requiresGrad(true));
            }
        }
        Variable y = sample.apply(in);
        Variable[] x = leaves.toArray(Variable[]::new);
        List<Variable> result = new ArrayList<>(
                Autograd.of(y).gradOutputs(Tensor.full(1, y.dtype(), device, y.shape())).createGraph(true)
                        .materializeGrads(true).grad(x));
        Variable sum = result.get(0).sum();
        for (int i = 1; i < x.length; i++) {
            sum = sum.add(result.get(i).sum());
        }
        if (sum.requiresGrad()) {
            result.addAll(Autograd.of(sum).materializeGrads(true).grad(x));
        }
        return result.stream().map(Variable::value).toList();
    }

    /// The reference vectors: operators, optimisers, schedules, GAN trainings.
    static Report vectors(Device device, Predicate<String> wanted) throws IOException {
        return Conformance.run(vectors(), List.of(device), wanted);
    }

    /// Where they lie, seen from this module or from the whole.
    static Path vectors() {
        Path near = Path.of("../gan/src/test/resources/conformance");
        return Files.isDirectory(near) ? near : Path.of("gan/src/test/resources/conformance");
    }

    private static List<Sample> samples(Predicate<String> wanted) {
        return Catalog.all().stream().filter(s -> wanted.test(s.toString())).toList();
    }

    private static void compare(String what, Tensor want, Tensor got, double tolerance, boolean ofLargest,
            List<String> wrong) {
        if (!want.shape().equals(got.shape()) || want.dtype() != got.dtype()) {
            wrong.add(what + ": is " + got.view() + ", expected " + want.view());
            return;
        }
        double[] w = want.toDoubleArray();
        double[] g = got.toDoubleArray();
        double largest = 1;
        for (double value : w) {
            largest = Double.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
        }
        for (int i = 0; i < w.length; i++) {
            double scale = ofLargest ? largest : Math.max(1, Math.abs(w[i]));
            boolean equal = Double.compare(w[i] + 0.0, g[i] + 0.0) == 0;
            if (!equal && !(Math.abs(w[i] - g[i]) <= tolerance * scale)) {
                wrong.add(what + ": element " + i + " is " + g[i] + ", expected " + w[i]);
                return;
            }
        }
    }

    /// @param words of which a case's name has one
    public static void main(String[] words) throws IOException {
        Predicate<String> wanted = name -> {
            for (String word : words) {
                if (name.contains(word)) {
                    return true;
                }
            }
            return words.length == 0;
        };
        Device device = Device.cuda(0);
        List<String> wrong = new ArrayList<>(values(device, wanted));
        wrong.addAll(gradients(device, wanted));
        Report report = vectors(device, wanted);
        System.out.println(report.table());
        wrong.addAll(report.failures());
        wrong.forEach(line -> System.out.println("FAILED  " + line.lines().findFirst().orElse("")));
        System.out.println(samples(wanted).size() + " samples, " + report.cases() + " cases of the vectors, "
                + wrong.size() + " failures");
    }
}
