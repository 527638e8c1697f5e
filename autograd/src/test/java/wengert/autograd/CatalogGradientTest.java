package wengert.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import wengert.tensor.Tensor;
import wengert.tensor.catalog.Catalog;
import wengert.tensor.catalog.Layout;
import wengert.tensor.catalog.Sample;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.GradException;

/// Every operator of the catalogue: its gradients are those of its values, at each order, in each memory
/// layout, and the same on both backends.
class CatalogGradientTest {
    @Test
    void gradientsOfEveryOrderAreThoseOfTheOrderBelow() {
        int checked = 0;
        for (Sample sample : Catalog.all()) {
            if (sample.orders() > 0 && sample.smooth()) {
                check(sample, Layout.ROW_MAJOR);
                check(sample, Layout.values()[1 + checked++ % (Layout.values().length - 1)]);
            }
        }
        assertTrue(checked > 200, "checked " + checked);
    }

    private static void check(Sample sample, Layout layout) {
        List<Tensor> all = sample.tensors(DType.F64, Device.CPU, layout);
        Tensor[] wanted = differentiable(sample, all).toArray(Tensor[]::new);
        try {
            GradCheck.of(leaves -> sample.apply(together(sample, all, leaves)))
                    .orders(sample.orders()).check(wanted);
        } catch (GradException e) {
            throw new AssertionError(sample + " " + layout + ": " + e.getMessage(), e);
        }
    }

    private static List<Tensor> differentiable(Sample sample, List<Tensor> all) {
        List<Tensor> wanted = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (sample.inputs().get(i).differentiable()) {
                wanted.add(all.get(i));
            }
        }
        return wanted;
    }

    /// The leaves in the places of what can be differentiated, constants elsewhere.
    private static List<Variable> together(Sample sample, List<Tensor> all, List<Variable> leaves) {
        List<Variable> in = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < all.size(); i++) {
            in.add(sample.inputs().get(i).differentiable() ? leaves.get(next++) : Variable.of(all.get(i)));
        }
        return in;
    }

    @Test
    void bothBackendsGiveTheSameGradientsAlsoOnKinks() {
        for (DType precision : List.of(DType.F64, DType.F32)) {
            for (Sample sample : Catalog.all()) {
                if (sample.orders() > 0) {
                    List<Variable> want = gradients(sample, precision, Device.REFERENCE);
                    List<Variable> got = gradients(sample, precision, Device.CPU);
                    for (int i = 0; i < want.size(); i++) {
                        assertClose(want.get(i).value(), got.get(i).value(), precision,
                                sample + ", input " + i);
                    }
                }
            }
        }
    }

    /// First-order gradients with ones from above, and the gradients of their sum.
    private static List<Variable> gradients(Sample sample, DType precision, Device device) {
        List<Tensor> all = sample.tensors(precision, device, Layout.ROW_MAJOR);
        List<Variable> leaves = new ArrayList<>();
        for (Tensor t : differentiable(sample, all)) {
            leaves.add(Variable.of(t).requiresGrad(true));
        }
        Variable y = sample.apply(together(sample, all, leaves));
        Variable[] x = leaves.toArray(Variable[]::new);
        Tensor ones = Tensor.full(1, y.dtype(), device, y.shape());
        List<Variable> result = new ArrayList<>(
                Autograd.of(y).gradOutputs(ones).createGraph(true).materializeGrads(true).grad(x));
        Variable sum = result.get(0).sum();
        for (int i = 1; i < x.length; i++) {
            sum = sum.add(result.get(i).sum());
        }
        if (sum.requiresGrad()) {
            result.addAll(Autograd.of(sum).materializeGrads(true).grad(x));
        }
        return result;
    }

    private static void assertClose(Tensor want, Tensor got, DType precision, String what) {
        assertEquals(want.shape(), got.shape(), what);
        double[] w = want.toDoubleArray();
        double[] g = got.toDoubleArray();
        double scale = 1;
        for (double value : w) {
            scale = Double.isFinite(value) ? Math.max(scale, Math.abs(value)) : scale;
        }
        double tolerance = (precision == DType.F64 ? 1e-12 : 2e-5) * scale;
        for (int i = 0; i < w.length; i++) {
            boolean equal = Double.compare(w[i] + 0.0, g[i] + 0.0) == 0;
            assertTrue(equal || Math.abs(w[i] - g[i]) <= tolerance,
                    what + " " + precision + ": element " + i + " is " + g[i] + ", expected " + w[i]);
        }
    }
}
