package wengert.gan.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import wengert.tensor.Tensor;

/// Values of the five losses on given logits.
class AdversarialLossTest {
    private static final Tensor REAL = Tensor.of(new double[] {0.5, -1, 2}, 3, 1);
    private static final Tensor FAKE = Tensor.of(new double[] {-0.3, 0.8, -2}, 3, 1);

    private static void check(AdversarialLoss loss, double real, double fake, double generator) {
        assertEquals(real, loss.real(REAL).item(), 1e-9, loss.name());
        assertEquals(fake, loss.fake(FAKE).item(), 1e-9, loss.name());
        assertEquals(generator, loss.generator(FAKE).item(), 1e-9, loss.name());
        assertEquals(real + fake, loss.discriminator(REAL, FAKE).item(), 1e-9, loss.name());
    }

    @Test
    void lossesHaveTheirKnownValues() {
        check(new Vanilla(), .638088894, .617461307, 1.117461307);
        check(new LogisticNonSaturating(), .638088894, .617461307, 1.117461307);
        check(new Vanilla(0.9, 0), .688088894, .617461307, 1.067461307);
        check(new LeastSquares(), 1.75, 1.576666667, 3.576666667);
        check(new Wasserstein(), -.5, -.5, .5);
        check(new Hinge(), .833333333, .833333333, .5);
    }
}
