package wengert.tensor.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;

class CatalogTest {
    @Test
    void samplesHaveNamesOfTheirOwn() {
        Set<String> names = new HashSet<>();
        for (Sample sample : Catalog.all()) {
            assertTrue(names.add(sample.toString()), "twice: " + sample);
        }
    }

    @Test
    void memoryLayoutDoesNotChangeAnyValue() {
        for (Device device : List.of(Device.REFERENCE, Device.CPU)) {
            for (DType precision : List.of(DType.F64, DType.F32)) {
                for (Sample sample : Catalog.all()) {
                    Tensor plain = sample.apply(sample.tensors(precision, device, Layout.ROW_MAJOR));
                    for (Layout layout : Layout.values()) {
                        Tensor y = sample.apply(sample.tensors(precision, device, layout));
                        assertClose(plain, y, precision, sample + " " + layout + " on " + device);
                    }
                }
            }
        }
    }

    @Test
    void fastBackendAgreesWithTheReference() {
        for (DType precision : List.of(DType.F64, DType.F32)) {
            for (Sample sample : Catalog.all()) {
                Tensor want = sample.apply(sample.tensors(precision, Device.REFERENCE, Layout.ROW_MAJOR));
                Tensor got = sample.apply(sample.tensors(precision, Device.CPU, Layout.ROW_MAJOR));
                assertEquals(want.dtype(), got.dtype(), sample.toString());
                assertClose(want, got, precision, sample.toString());
            }
        }
    }

    private static void assertClose(Tensor want, Tensor got, DType precision, String what) {
        assertEquals(want.shape(), got.shape(), what);
        double[] w = want.toDoubleArray();
        double[] g = got.toDoubleArray();
        double tolerance = precision == DType.F64 ? 1e-13 : 2e-6;
        for (int i = 0; i < w.length; i++) {
            boolean equal = Double.compare(w[i] + 0.0, g[i] + 0.0) == 0;
            assertTrue(equal || Math.abs(w[i] - g[i]) <= tolerance * Math.max(1, Math.abs(w[i])),
                    what + ": element " + i + " is " + g[i] + ", expected " + w[i]);
        }
    }
}
