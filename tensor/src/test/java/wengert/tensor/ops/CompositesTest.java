package wengert.tensor.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static wengert.tensor.ops.Numbers.assertNear;
import static wengert.tensor.ops.Numbers.assertRefused;
import static wengert.tensor.ops.Numbers.assertSameBits;
import static wengert.tensor.ops.Numbers.ramp;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.IndexException;
import wengert.tensor.spi.LossForm;
import wengert.tensor.spi.Storage;

/// A backend with nothing but what is required computes the same as one with kernels for everything.
class CompositesTest {
    private static final Device BARE = new Device("bare", 0);

    @BeforeAll
    static void aBackendWithoutOptionalKernels() throws ReflectiveOperationException {
        Backend full = Device.REFERENCE.backend();
        var bare = (Backend) Proxy.newProxyInstance(Backend.class.getClassLoader(),
                new Class<?>[] {Backend.class}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "device" -> BARE;
                    case "find" -> null;
                    case "allocate" -> new Storage(BARE, (DType) arguments[0], (int) arguments[1],
                            full.allocate((DType) arguments[0], (int) arguments[1]).data());
                    default -> invoke(method, full, arguments);
                });
        open().put(BARE, bare);
    }

    private static Object invoke(Method method, Object on, Object... arguments) throws Throwable {
        try {
            return method.invoke(on, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @AfterAll
    static void gone() throws ReflectiveOperationException {
        open().remove(BARE);
    }

    @SuppressWarnings("unchecked") // the field's declared type
    private static Map<Device, Backend> open() throws ReflectiveOperationException {
        Field field = Device.class.getDeclaredField("OPEN");
        field.setAccessible(true);
        return (Map<Device, Backend>) field.get(null);
    }

    /// The numbers of x on the bare backend.
    private static Tensor bare(Tensor x) {
        Tensor y = Tensor.empty(x.dtype(), BARE, x.shape());
        Device.REFERENCE.backend().copy(x.view(), y.view());
        return y;
    }

    private static Tensor full(Tensor x) {
        Tensor y = Tensor.empty(x.dtype(), Device.REFERENCE, x.shape());
        Device.REFERENCE.backend().copy(x.view(), y.view());
        return y;
    }

    @Test
    void theBareBackendIsBare() {
        assertNull(BARE.backend().find(wengert.tensor.spi.ConvKernels.class));
    }

    @ParameterizedTest
    @CsvSource({"1,1,0,0,1,1,1", "2,1,1,0,1,1,2", "3,2,1,0,2,1,2", "1,2,2,1,2,3,1", "2,2,1,1,1,1,4"})
    void convolutionsAgree(int sh, int sw, int ph, int pw, int dh, int dw, int groups) {
        var g = new Conv2dGeometry(sh, sw, ph, pw, dh, dw, groups);
        Tensor x = ramp("reference", 5, 17, 8, 4, 2, 4, 8, 7);
        Tensor w = ramp("reference", 7, 11, 5, 4, 4, 4 / groups, 3, 2);
        Tensor b = ramp("reference", 3, 5, 2, 4, 4);
        Tensor y = x.conv2d(w, b, g);
        assertNear(y, full(bare(x).conv2d(bare(w), bare(b), g)), 1e-12);
        assertNear(y.convTranspose2dTo(w, b, g, 8, 7),
                full(bare(y).convTranspose2dTo(bare(w), bare(b), g, 8, 7)), 1e-11);
        assertRefused(() -> bare(x).conv2d(bare(w.narrow(1, 0, 1)), null, Conv2dGeometry.of(1, 0)),
                "input has 4 channels");
    }

    @Test
    void poolsAgree() {
        Tensor x = ramp("reference", 5, 7, 8, 4, 2, 3, 6, 7);
        var g = new Conv2dGeometry(2, 1, 1, 1, 1, 2, 1);
        assertNear(x.avgPool2d(3, 2, g), full(bare(x).avgPool2d(3, 2, g)), 1e-12);
        assertNear(x.upsampleBilinear2d(2, 3), full(bare(x).upsampleBilinear2d(2, 3)), 1e-12);
        assertSameBits(x.maxPool2d(3, 3, g), full(bare(x).maxPool2d(3, 3, g)));
        assertRefused(() -> bare(x).maxPool2d(2, 2, Conv2dGeometry.of(2, 2)), "window 0 of the height");
    }

    @Test
    void normsAgree() {
        Tensor x = ramp("reference", 5, 17, 8, 4, 3, 4, 2, 5);
        Tensor gamma = ramp("reference", 3, 7, 3, 2, 4);
        Tensor beta = ramp("reference", 5, 7, 3, 2, 4);
        Normalized<Tensor> kernels = x.batchNorm(gamma, beta, 1e-5);
        Normalized<Tensor> composite = bare(x).batchNorm(bare(gamma), bare(beta), 1e-5);
        assertNear(kernels.y(), full(composite.y()), 1e-12);
        assertNear(kernels.mean(), full(composite.mean()), 1e-12);
        assertNear(kernels.var(), full(composite.var()), 1e-12);
        assertNear(x.groupNorm(2, gamma, beta, 1e-5),
                full(bare(x).groupNorm(2, bare(gamma), bare(beta), 1e-5)), 1e-12);
        assertRefused(() -> bare(x).batchNorm(bare(beta.narrow(0, 0, 3)), null, 1e-5), "gamma must be [4]");
    }

    @Test
    void softmaxAndCrossEntropyAgree() {
        Tensor x = ramp("reference", 5, 17, 8, 4, 3, 4, 2);
        Tensor target = ramp("reference", 1, 4, 0, 1, 3, 2).to(DType.I64);
        for (int axis = -1; axis < 3; axis++) {
            assertNear(x.softmax(axis), full(bare(x).softmax(axis)), 1e-12);
            assertNear(x.logSoftmax(axis), full(bare(x).logSoftmax(axis)), 1e-12);
        }
        assertNear(x.crossEntropy(target), full(bare(x).crossEntropy(bare(target))), 1e-12);
        Tensor wrong = target.add(Tensor.of(new long[] {0, 0, 0, 9, 0, 0}, 3, 2).to(target.device()));
        long ninth = wrong.toLongArray()[3];
        for (Executable code : List.<Executable>of(() -> x.crossEntropy(wrong),
                () -> bare(x).crossEntropy(bare(wrong)))) {
            assertEquals("crossEntropy: target " + ninth + " at position [1,1] is not one of 4 classes; "
                    + "legal are 0 to 3", assertThrows(IndexException.class, code).getMessage());
        }
        assertRefused(() -> bare(x).crossEntropy(bare(target).narrow(1, 0, 1)), "crossEntropy", "[3,4,2]",
                "[3,1]");
    }

    @Test
    void variancesAgree() {
        Tensor x = ramp("reference", 5, 17, 8, 4, 3, 4, 2);
        assertNear(x.var(1, 0, 2), full(bare(x).var(1, 0, 2)), 1e-12);
        assertNear(x.stdKeep(0, 1), full(bare(x).stdKeep(0, 1)), 1e-12);
        assertNear(x.var(1), full(bare(x).var(1)), 1e-12);
    }

    @Test
    void lossesAgree() {
        Tensor x = ramp("reference", 5, 17, 8, 4, 3, 4);
        Tensor t = ramp("reference", 3, 7, 0, 6, 3, 4);
        for (LossForm.Kind kind : LossForm.Kind.values()) {
            for (LossForm.Fold fold : LossForm.Fold.values()) {
                var form = new LossForm(kind, 0.7, fold);
                assertNear(x.loss(form, t), full(bare(x).loss(form, bare(t))), 1e-12);
                assertNear(x.loss(form, 1), full(bare(x).loss(form, 1)), 1e-12);
            }
        }
        var form = new LossForm(LossForm.Kind.BCE, 0, LossForm.Fold.MEAN);
        assertRefused(() -> x.loss(form, t.reshape(4, 3)), "loss", "[3,4]", "[4,3]");
    }
}
