package wengert.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import wengert.autograd.GradCheck;
import wengert.autograd.Variable;
import wengert.cuda.emulation.EmulatedDriver;
import wengert.gan.conform.Report;
import wengert.tensor.Generator;
import wengert.tensor.Tensor;
import wengert.tensor.catalog.Catalog;
import wengert.tensor.catalog.Layout;
import wengert.tensor.catalog.Sample;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;

/// Everything through `Device.cuda(0)`: operators of the catalogue, reference vectors, random numbers.
class ParityTest {
    private static final Device CARD = Device.cuda(0);

    @BeforeAll
    static void driver() {
        EmulatedDriver.require();
    }

    @Test
    void everySampleOfTheCatalogueHasTheReferencesValues() {
        assertEquals(List.of(), Parity.values(CARD, _ -> true));
    }

    @Test
    void everySampleOfTheCatalogueHasTheReferencesGradients() {
        assertEquals(List.of(), Parity.gradients(CARD, _ -> true));
    }

    @Test
    void everyReferenceVectorAgrees() throws IOException {
        Report report = Parity.vectors(CARD, _ -> true);
        assertEquals(List.of(), report.failures());
        assertEquals(115 + 10 + 5 + 7, report.cases());
        assertEquals(2, report.settings().size());
    }

    @Test
    void gradientsAreThoseOfDifferences() {
        var left = new HashSet<>(Set.of("conv2d", "batchNorm", "softmax", "matmul", "gather"));
        for (Sample sample : Catalog.all()) {
            if (sample.orders() > 1 && sample.smooth() && left.remove(sample.operator())) {
                check(sample);
            }
        }
        assertEquals(Set.of(), left);
    }

    private static void check(Sample sample) {
        List<Tensor> all = sample.tensors(DType.F64, CARD, Layout.ROW_MAJOR);
        List<Tensor> wanted = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (sample.inputs().get(i).differentiable()) {
                wanted.add(all.get(i));
            }
        }
        GradCheck.of(leaves -> {
            List<Variable> in = new ArrayList<>();
            int next = 0;
            for (int i = 0; i < all.size(); i++) {
                in.add(sample.inputs().get(i).differentiable() ? leaves.get(next++)
                        : Variable.of(all.get(i)));
            }
            return sample.apply(in);
        }).orders(Math.min(2, sample.orders())).check(wanted.toArray(Tensor[]::new));
    }

    @Test
    void randomNumbersAreTheCpusBitForBit() {
        for (DType dtype : List.of(DType.F32, DType.F64)) {
            Generator here = Generator.seeded(7);
            Generator there = Generator.seeded(7);
            for (int draw = 0; draw < 3; draw++) {
                var cpu = here.stream("z").as(dtype, Device.CPU);
                var card = there.stream("z").as(dtype, CARD);
                assertTrue(cpu.normal(33, 7).sameBits(card.normal(33, 7)));
                assertTrue(cpu.uniform(5, 201).sameBits(card.uniform(5, 201)));
                assertArrayEquals(cpu.integers(10, 77).toLongArray(), card.integers(10, 77).toLongArray());
            }
            assertEquals(here.draws(), there.draws());
        }
    }
}
