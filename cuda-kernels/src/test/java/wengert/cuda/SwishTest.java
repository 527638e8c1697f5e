package wengert.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import wengert.cuda.emulation.EmulatedDriver;
import wengert.tensor.Tensor;
import wengert.tensor.ops.Saved;
import wengert.tensor.ops.SingleOp;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.BackendException;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Spec;
import wengert.tensor.spi.View;

/// An operator with a kernel of one's own: the example of [CudaBackend#compile].
final class SwishTest {
    private record Swish() implements SingleOp {
        private static final String SOURCE = """
                extern "C" __global__ void swish(const float* x, float* y, int n) {
                  int i = blockIdx.x * blockDim.x + threadIdx.x;
                  if (i < n) y[i] = x[i] / (1 + expf(-x[i]));
                }""";

        @Override
        public Spec inferOne(Spec[] in) {
            return in[0];
        }

        @Override
        public void forward(Backend k, View[] in, View y) {
            int n = y.shape().length();
            ((CudaBackend) k).compile("swish.cu", SOURCE).kernel("swish").launch()
                    .address(CudaBackend.address(in[0])).address(CudaBackend.address(y)).i32(n)
                    .run((n + 255) / 256, 256);
        }

        @Override
        public boolean savesInput(int i, boolean[] needs) {
            return true;
        }

        @Override
        public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
            T sigma = s.input(0).sigmoid();
            return dy.mul(sigma).mul(s.input(0).mul(sigma.neg().add(1)).add(1));
        }
    }

    @BeforeAll
    static void card() {
        EmulatedDriver.require();
        PtxTest.requireNvcc();
    }

    @Test
    void anOperatorRunsAKernelOfItsOwn() {
        Tensor x = Tensor.of(new float[] {-2, 0, 3}, 3).to(Device.cuda(0));
        double[] y = x.apply(new Swish()).toDoubleArray();
        assertEquals(-2 / (1 + Math.exp(2)), y[0], 1e-6);
        assertEquals(0, y[1]);
        assertEquals(3 / (1 + Math.exp(-3)), y[2], 1e-6);
        var backend = (CudaBackend) Device.cuda(0).backend();
        assertTrue(backend.milliseconds(3, () -> x.apply(new Swish())) > 0);
    }

    @Test
    void aWrongSourceIsRefusedInTheCompilersWords() {
        var backend = (CudaBackend) Device.cuda(0).backend();
        var e = assertThrows(BackendException.class,
                () -> backend.compile("wrong.cu", "extern \"C\" __global__ void f(float* x) { x[0] = y; }"));
        assertTrue(e.getMessage().contains("wrong.cu") && e.getMessage().contains("\"y\" is undefined"),
                e.getMessage());
    }

    @Test
    void aKernelThatIsNotThereIsNamed() {
        var backend = (CudaBackend) Device.cuda(0).backend();
        var module = backend.compile("swish.cu", Swish.SOURCE);
        var e = assertThrows(BackendException.class, () -> module.kernel("swosh"));
        assertEquals("cuda: swish.cu has no kernel swosh", e.getMessage());
    }

    @Test
    void parametersThatDoNotFitAreRefusedBeforeTheyAreSent() {
        var backend = (CudaBackend) Device.cuda(0).backend();
        var kernel = backend.compile("swish.cu", Swish.SOURCE).kernel("swish");
        assertTrue(assertThrows(BackendException.class, () -> kernel.launch().i32(1)).getMessage()
                .contains("takes 8 bytes as parameter 0, but was given 4"));
        var tooFew = assertThrows(BackendException.class, () -> kernel.launch().nowhere().run(1, 1));
        assertTrue(tooFew.getMessage().contains("takes 3 parameters, but was given 1"));
    }
}
