package wengert.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import wengert.autograd.Parameter;
import wengert.cuda.driver.Launch;
import wengert.cuda.emulation.EmulatedDriver;
import wengert.cuda.emulation.Emulation;
import wengert.gan.data.Batch;
import wengert.gan.loss.GradientPenalty;
import wengert.gan.loss.NormMode;
import wengert.gan.loss.Wasserstein;
import wengert.gan.train.DivergedException;
import wengert.gan.train.Phase;
import wengert.gan.train.StepInputs;
import wengert.nn.optim.Adam;
import wengert.nn.optim.Optimizer;
import wengert.tensor.Memory;
import wengert.tensor.Tensor;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.OutOfMemoryException;
import wengert.tensor.spi.Shape;

/// A training step on the card: what it waits for, what it takes, what it leaves behind.
class StepTest {
    private static final Device CARD = Device.cuda(0);
    private static final List<String> WAITS = List.of("cuStreamSynchronize", "cuCtxSynchronize",
            "cuMemAlloc", "cuMemFree", "cuMemHostAlloc", "cuMemcpyDtoH", "cuMemcpyDtoHAsync");

    @BeforeAll
    static void driver() {
        EmulatedDriver.require();
    }

    @AfterEach
    void settings() {
        Emulation.reset();
    }

    private static long waits() {
        return WAITS.stream().mapToLong(Emulation::calls).sum();
    }

    private static void assertWaitsForNothing(Tiny tiny, int first) {
        for (int t = 0; t < first; t++) {
            tiny.trainer.iteration(t, tiny.inputs);
        }
        long waits = waits();
        List<Long> launches = new ArrayList<>();
        for (int t = first; t < first + 4; t++) {
            long before = Launch.count();
            tiny.trainer.step(t, tiny.inputs);
            launches.add(Launch.count() - before);
        }
        assertEquals(waits, waits(), "calls of " + WAITS);
        assertEquals(1, launches.stream().distinct().count(), "launches " + launches);
        System.out.println("kernels of one's own in a warmed-up iteration: " + launches.getFirst());
        assertEquals(4, tiny.trainer.losses().size());
        assertEquals(waits + 2, waits(), "reading the losses is one copy and one wait");
    }

    @Test
    void aWarmedUpIterationWaitsForNothingAndAllocatesNothing() {
        assertWaitsForNothing(new Tiny(CARD, 4), 3);
        assertWaitsForNothing(new Tiny(CARD, 4, true, new Wasserstein(), t -> t.clipGradNorm(1).weightClip(1)
                .discriminatorAuxiliary(new GradientPenalty(10, NormMode.HWC))), 3);
    }

    @Test
    void lossesReadLateAreThoseReadAtOnceAndTheCpus() {
        var late = new Tiny(CARD, 4);
        var early = new Tiny(CARD, 4);
        var cpu = new Tiny(Device.CPU, 4);
        List<Map<String, Double>> want = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            late.trainer.step(t, late.inputs);
            want.add(early.trainer.iteration(t, early.inputs));
            cpu.trainer.iteration(t, cpu.inputs).forEach((name, value) ->
                    assertEquals(value, want.getLast().get(name), 1e-5, name));
        }
        assertEquals(want, late.trainer.losses());
    }

    @Test
    void aLossThatIsNoNumberIsNamedWithItsIterationWhenItIsRead() {
        var tiny = new Tiny(CARD, 4);
        tiny.trainer.step(0, tiny.inputs);
        tiny.trainer.step(1, with(tiny.inputs, Tensor.full(Double.NaN, DType.F32, 4, 1, 8, 8)));
        String message = assertThrows(DivergedException.class, tiny.trainer::losses).getMessage();
        assertTrue(message.contains("loss_disc_real is NaN at iteration 1")
                && message.contains("earlier checkpoint"), message);
    }

    private static StepInputs with(StepInputs inputs, Tensor images) {
        return new StepInputs() {
            @Override
            public Batch real(int t, int a) {
                return new Batch(images.to(CARD), null);
            }

            @Override
            public Tensor noise(Phase phase, int t, int a, int n) {
                return inputs.noise(phase, t, a, n);
            }

            @Override
            public Tensor labels(Phase phase, int t, int a, int n) {
                return inputs.labels(phase, t, a, n);
            }

            @Override
            public Tensor epsilon(int t, int a, int n) {
                return inputs.epsilon(t, a, n);
            }
        };
    }

    @Test
    void deviceMemoryIsFlatFromTheTwentiethOfAThousandIterationsOn() {
        var tiny = new Tiny(CARD, 2, false);
        CudaBackend card = (CudaBackend) CARD.backend();
        long taken = 0;
        long reserved = 0;
        for (int t = 0; t < 1000; t++) {
            tiny.trainer.step(t, tiny.inputs);
            if (t == 19) {
                taken = card.memory().taken();
                reserved = card.memory().reserved();
            } else if (t > 19 && t % 70 == 0) {
                // what other tests have left to the garbage collector may go meanwhile
                assertTrue(card.memory().taken() <= taken, "after " + t + ": " + card.memory());
                assertTrue(card.memory().reserved() <= reserved, "after " + t + ": " + card.memory());
            }
        }
        assertEquals(1000, tiny.trainer.losses().size());
    }

    @Test
    void aStepThatFindsNoRoomChangesNothingAndNamesTheHolders() {
        var tiny = new Tiny(CARD, 4);
        var want = new Tiny(CARD, 4);
        for (int t = 0; t < 2; t++) {
            tiny.trainer.iteration(t, tiny.inputs);
            want.trainer.iteration(t, want.inputs);
        }
        Map<String, Tensor> before = tiny.state();
        // pictures so many that the card has no room for what is made of them
        var large = new Tiny.Inputs(CARD, 20_000);
        // how far a step gets with so much depends on what other tests have left in pieces
        String message = "";
        for (int mib = 24; !message.contains("saved for backward"); mib += 8) {
            limit(mib);
            message = assertThrows(OutOfMemoryException.class, () -> tiny.trainer.step(2, large))
                    .getMessage();
        }
        for (String word : List.of("largest free block", "saved for backward", "parameter", "optimiser state",
                "cuda:0 holds", "the largest:", "f32 [20000,", "by conv2d#", " in ")) {
            assertTrue(message.contains(word), word + " in: " + message);
        }
        assertEquals(10, message.substring(message.indexOf("the largest:")).lines().skip(1).count());
        Map<String, Tensor> after = tiny.state();
        before.forEach((name, x) -> assertTrue(x.sameBits(after.get(name)), name));
        assertEquals(before.keySet(), after.keySet());
        // it goes on as if nothing had been
        Emulation.reset();
        Memory.trim(CARD);
        assertEquals(want.trainer.iteration(2, want.inputs), tiny.trainer.iteration(2, tiny.inputs));
    }

    /// Leaves the card so many MiB besides what is held on to, of which the way of data has its part.
    private static void limit(int mib) {
        Emulation.set("MEMORY", "1");
        assertThrows(OutOfMemoryException.class, () -> Tensor.empty(DType.F32, CARD, Shape.of(1 << 28)));
        long held = ((CudaBackend) CARD.backend()).memory().reserved();
        Emulation.set("MEMORY", String.valueOf(held + ((long) mib << 20)));
    }

    @Test
    void anOptimiserWithoutRoomForItsStateHasNotBegun() {
        var p = new Parameter("big", Tensor.full(1, DType.F32, CARD, Shape.of(16 << 20)));
        p.grad(Tensor.full(1, DType.F32, CARD, p.shape()));
        var optimizer = new Optimizer(List.of(p), Adam.of(0.5));
        limit(80);
        String message = assertThrows(OutOfMemoryException.class, optimizer::step).getMessage();
        assertTrue(message.contains("64.0 MiB  f32 [16777216]  parameter big")
                && message.contains("64.0 MiB  f32 [16777216]  gradient big"), message);
        assertEquals(0, optimizer.count(p));
        assertEquals(1, p.value().slice(0, 0, 1, 1).item());
        Emulation.reset();
        optimizer.step();
        assertEquals(1, optimizer.count(p));
        assertEquals(0.5, p.value().slice(0, 0, 1, 1).item(), 1e-6);
        Memory.trim(CARD);
    }
}
