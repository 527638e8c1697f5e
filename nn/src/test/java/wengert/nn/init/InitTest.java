package wengert.nn.init;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import wengert.nn.Conv2d;
import wengert.nn.ConvTranspose2d;
import wengert.nn.Embedding;
import wengert.nn.Linear;
import wengert.nn.Module;
import wengert.tensor.Generator;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;

class InitTest {
    private static Tensor fill(Initialiser initialiser, int... sizes) {
        Tensor y = Tensor.empty(DType.F64, Device.CPU, Shape.of(sizes));
        initialiser.fill(y, Generator.seeded(11).stream("w").as(DType.F64, Device.CPU));
        return y;
    }

    private static double std(Tensor x) {
        double mean = x.mean().item();
        return Math.sqrt(x.sub(mean).square().mean().item());
    }

    private static double largest(Tensor x) {
        double most = 0;
        for (double v : x.toDoubleArray()) {
            most = Math.max(most, Math.abs(v));
        }
        return most;
    }

    @Test
    void constantsAndDistributions() {
        assertTrue(fill(Init.zeros(), 3).sameBits(Tensor.of(new double[3], 3)));
        assertTrue(fill(Init.ones(), 2).sameBits(Tensor.of(new double[] {1, 1}, 2)));
        Tensor normal = fill(Init.normal(1, 0.02), 20000);
        assertEquals(1, normal.mean().item(), 5e-4);
        assertEquals(0.02, std(normal), 5e-4);
        Tensor uniform = fill(Init.uniform(-1, 3), 20000);
        assertEquals(1, uniform.mean().item(), 0.03);
        assertEquals(4 / Math.sqrt(12), std(uniform), 0.02);
        assertTrue(largest(uniform) <= 3);
    }

    @Test
    void fansCountTheReceptiveField() {
        Shape conv = Shape.of(8, 3, 4, 5);
        assertEquals(60, Fan.IN.of(conv));
        assertEquals(160, Fan.OUT.of(conv));
        assertEquals(110, Fan.AVERAGE.of(conv));
        assertEquals("fan: a weight of shape [3] has no fan-in and fan-out; two axes [out, in] are needed",
                assertThrows(ShapeException.class, () -> Fan.IN.of(Shape.of(3))).getMessage());
    }

    @Test
    void scaledSchemesHaveTheirSpread() {
        int[] shape = {80, 30, 3, 3};
        assertEquals(Math.sqrt(2.0 / 270), std(fill(Init.kaimingNormal(Fan.IN, Init.reluGain()), shape)),
                1e-3);
        Tensor kaiming = fill(Init.kaimingUniform(Fan.OUT, Init.leakyReluGain(0.2)), shape);
        double bound = Math.sqrt(2 / 1.04) * Math.sqrt(3.0 / 720);
        assertTrue(largest(kaiming) <= bound && largest(kaiming) > 0.999 * bound);
        assertEquals(Math.sqrt(2.0 / 990), std(fill(Init.xavierNormal(1), shape)), 5e-4);
        bound = Math.sqrt(6.0 / 990);
        assertTrue(largest(fill(Init.xavierUniform(1), shape)) <= bound);
        assertEquals(bound / Math.sqrt(3), std(fill(Init.xavierUniform(1), shape)), 5e-4);
    }

    @ParameterizedTest
    @CsvSource({"5,7", "7,5", "6,6", "1,4", "4,1"})
    void theShorterSideIsOrthonormal(int rows, int columns) {
        Tensor w = fill(Init.orthogonal(2), rows, columns);
        Tensor t = w.transpose(0, 1);
        Tensor gram = rows <= columns ? w.matmul(t) : t.matmul(w);
        int n = Math.min(rows, columns);
        double[] g = gram.toDoubleArray();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                assertEquals(i == j ? 4 : 0, g[i * n + j], 1e-13);
            }
        }
    }

    @Test
    void orthogonalFlattensKernelsAndTakesEmptyOnes() {
        Tensor w = fill(Init.orthogonal(1), 4, 2, 3, 3).reshape(4, 18);
        assertEquals(4, w.matmul(w.transpose(0, 1)).square().sum().item(), 1e-12);
        assertEquals(0, fill(Init.orthogonal(1), 0, 3).shape().elements());
    }

    @Test
    void layersStartAsPyTorchsDo() {
        uniform(new Linear(25, 40), "weight", 0.2);
        uniform(new Linear(25, 400), "bias", 0.2);
        uniform(new Conv2d(4, 30, 5), "weight", 0.1);
        uniform(new Conv2d(4, 300, 5), "bias", 0.1);
        uniform(new ConvTranspose2d(30, 4, 5), "weight", 0.1);
        uniform(new ConvTranspose2d(3, 400, 5), "bias", 0.01);
        Module table = new Embedding(100, 100);
        table.init(Generator.seeded(3));
        assertEquals(1, std(table.namedParameters().get("weight").value()), 0.02);
    }

    private static void uniform(Module layer, String name, double bound) {
        layer.init(Generator.seeded(3));
        double most = largest(layer.namedParameters().get(name).value());
        assertTrue(most <= bound && most > 0.97 * bound, most + " of " + bound);
    }
}
