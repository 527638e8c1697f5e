package wengert.gan.nets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import wengert.tensor.Generator;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.TensorException;

/// What does not fit a network is refused at its door, also where it would broadcast.
class LayeredNetworkTest {
    private static final Tensor NOISE = Tensor.zeros(4, 6);
    private static final Tensor IMAGES = Tensor.zeros(4, 1, 8, 8);
    private static final Tensor LABELS = Tensor.of(new long[] {0, 1, 2, 0}, 4);

    private final LayeredNetwork generator = new LayeredNetwork(nets(0).generator());
    private final LayeredNetwork discriminator = new LayeredNetwork(nets(0).discriminator());
    private final LayeredNetwork classGenerator = new LayeredNetwork(nets(3).generator());
    private final LayeredNetwork classDiscriminator = new LayeredNetwork(nets(3).discriminator());

    LayeredNetworkTest() {
        generator.init(Generator.seeded(1));
        discriminator.init(Generator.seeded(1));
        classGenerator.init(Generator.seeded(1));
        classDiscriminator.init(Generator.seeded(1));
    }

    private static Dcgan nets(int classes) {
        return new Dcgan(8, 1, 6, 4, 4, "layer", false, 0.2, 1e-5, 0.1, classes, classes == 0 ? 0 : 2);
    }

    private static void assertRefused(Executable code, String... parts) {
        String message = assertThrows(TensorException.class, code).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    @Test
    void whatFitsPasses() {
        assertEquals(Shape.of(4, 1, 8, 8), generator.forward(NOISE).shape());
        assertEquals(Shape.of(4, 1), discriminator.forward(IMAGES).shape());
        assertEquals(Shape.of(4, 1, 8, 8), classGenerator.forward(NOISE, LABELS).shape());
        assertEquals(Shape.of(4, 1), classDiscriminator.forward(IMAGES, LABELS).shape());
    }

    @Test
    void noiseOfAnotherLengthIsRefused() {
        assertRefused(() -> generator.forward(Tensor.zeros(4, 7)), "noise [N, 6]", "[4,7]");
        assertRefused(() -> generator.forward(Tensor.zeros(6)), "noise [N, 6]", "[6]");
    }

    @Test
    void imagesOfAnotherSizeAreRefused() {
        assertRefused(() -> discriminator.forward(Tensor.zeros(4, 1, 16, 16)), "images [N, 1, 8, 8]",
                "resize");
        assertRefused(() -> discriminator.forward(Tensor.zeros(4, 3, 8, 8)), "images [N, 1, 8, 8]",
                "[4,3,8,8]");
        assertRefused(() -> discriminator.forward(Tensor.zeros(1, 8, 8)), "[1,8,8]", "unsqueeze(0)");
    }

    @Test
    void networksThatCannotBeAreRefused() {
        for (Executable code : List.<Executable>of(
                () -> new Dcgan(8, 1, 6, 4, 4, "lyer", false, 0.2, 1e-5, 0.1, 0, 0),
                () -> new Dcgan(8, 0, 6, 4, 4, "layer", false, 0.2, 1e-5, 0.1, 0, 0),
                () -> new Dcgan(8, 1, 6, 4, 0, "layer", false, 0.2, 1e-5, 0.1, 0, 0),
                () -> new Dcgan(8, 1, 6, 4, 4, "layer", false, 0.2, 1e-5, 0.1, 3, 0))) {
            String message = assertThrows(IllegalArgumentException.class, code).getMessage();
            assertTrue(message.startsWith("dcgan: expected") && message.contains("got"), message);
        }
    }

    @Test
    void labelsThatWouldBroadcastAreRefused() {
        for (Tensor labels : new Tensor[] {Tensor.arange(1), Tensor.arange(3), LABELS.reshape(4, 1)}) {
            assertRefused(() -> classDiscriminator.forward(IMAGES, labels), "i64 [4]",
                    labels.view().toString());
            assertRefused(() -> classGenerator.forward(NOISE, labels), "i64 [4]", labels.view().toString());
        }
    }

    @Test
    void labelsOfTheWrongKindAreRefused() {
        assertRefused(() -> classDiscriminator.forward(IMAGES, Tensor.zeros(4)), "f32 [4]", "to(DType.I64)");
        assertRefused(() -> classDiscriminator.forward(IMAGES, LABELS.gt(0)), "bool [4]");
        for (Executable code : List.<Executable>of(
                () -> classDiscriminator.forward(IMAGES, Tensor.of(new long[] {0, 1, 3, 2}, 4)),
                () -> classGenerator.forward(NOISE, Tensor.of(new long[] {0, 1, 3, 2}, 4)))) {
            assertEquals("network: label 3 at position [2] is not one of 3 classes; legal are 0 to 2",
                    assertThrows(ShapeException.class, code).getMessage());
        }
    }

    @Test
    void labelsAreForConditionalNetworksAndForThoseAlways() {
        assertRefused(() -> classGenerator.forward(NOISE), "conditional", "i64 [4]");
        assertRefused(() -> generator.forward(NOISE, LABELS), "unconditional", "pass null");
    }
}
