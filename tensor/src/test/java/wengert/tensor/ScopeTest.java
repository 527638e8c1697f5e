package wengert.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import wengert.tensor.spi.TensorException;

/// Who owns what, and what becomes of it.
class ScopeTest {
    private static final int LARGE = 5000;

    @Test
    void whatIsMadeInsideIsGoneAfterwardsAndTheErrorNamesTheScope() {
        for (int size : new int[] {3, LARGE}) {
            Tensor inside;
            try (var _ = Scope.open("D step")) {
                inside = Tensor.ones(size).mul(2);
            }
            String message = assertThrows(TensorException.class, () -> inside.sum()).getMessage();
            assertTrue(message.contains("'D step'") && message.contains("keep"), message);
        }
    }

    @Test
    void whatIsKeptGoesToTheEnclosingScopeOrToNobody() {
        Tensor outermost;
        try (var outer = Scope.open("outer")) {
            Tensor handed;
            try (var inner = Scope.open("inner")) {
                handed = inner.keep(Tensor.ones(LARGE));
            }
            assertEquals(LARGE, handed.sum().item());
            outermost = outer.keep(handed.mul(2));
            Tensor lost = handed;
            outer.close();
            assertThrows(TensorException.class, () -> lost.sum());
        }
        assertEquals(2 * LARGE, outermost.sum().item());
        assertEquals(0, Memory.liveBytes());
    }

    @Test
    void anOuterScopeKeepsWhatAnInnerOneMade() {
        Tensor kept;
        try (var outer = Scope.open("outer")) {
            try (var _ = Scope.open("inner")) {
                kept = outer.keep(Tensor.ones(LARGE));
            }
        }
        assertEquals(LARGE, kept.sum().item());
        assertEquals(0, Memory.liveBytes());
    }

    @Test
    void aViewIsKeptWithWhatItIsAViewOf() {
        Tensor row;
        try (var scope = Scope.open("step")) {
            row = scope.keep(Tensor.arange(LARGE).reshape(5, 1000).select(0, 3));
        }
        assertEquals(3000, row.slice(0, 0, 1, 1).item());
    }

    @Test
    void whatIsMadeOutsideStaysAndIsNeverReused() {
        Tensor before = Tensor.ones(LARGE);
        Tensor made;
        try (var _ = Scope.open("step")) {
            made = Scope.outside(() -> Tensor.ones(LARGE));
            Tensor.ones(LARGE).mul(3);
        }
        try (var _ = Scope.open("next")) {
            Tensor.full(9, wengert.tensor.spi.DType.F32, LARGE);
            assertEquals(LARGE, made.sum().item());
            assertEquals(LARGE, before.sum().item());
        }
    }

    @Test
    void aWarmStepTakesItsBuffersFromThePool() {
        Memory.trim();
        for (int i = 0; i < 3; i++) {
            try (var _ = Scope.open("step")) {
                Tensor.ones(LARGE).mul(2).add(1).sum();
            }
        }
        assertEquals(3L * LARGE * 4, Memory.cachedBytes());
        Memory.trim();
        assertEquals(0, Memory.cachedBytes());
    }

    @Test
    void anExceptionClosesTheScope() {
        assertThrows(IllegalStateException.class, () -> {
            try (var _ = Scope.open("step")) {
                Tensor.ones(LARGE);
                throw new IllegalStateException();
            }
        });
        assertEquals(0, Memory.liveBytes());
        assertArrayEquals(new float[] {2}, Tensor.ones(1).mul(2).toFloatArray());
    }

    @Test
    void scopesCloseInnermostFirst() {
        try (var outer = Scope.open("outer"); var _ = Scope.open("inner")) {
            String message = assertThrows(TensorException.class, outer::close).getMessage();
            assertTrue(message.contains("innermost first") && message.contains("'inner'"), message);
        }
    }

    @Test
    void aScopeBelongsToItsThread() throws InterruptedException {
        try (var scope = Scope.open("mine")) {
            Tensor x = Tensor.ones(2);
            var error = new Throwable[1];
            Thread other = new Thread(() -> {
                try {
                    scope.keep(x);
                } catch (TensorException e) {
                    error[0] = e;
                }
            });
            other.start();
            other.join();
            assertTrue(error[0].getMessage().contains("thread"), String.valueOf(error[0]));
        }
    }

    @Test
    void whatIsReleasedEarlyIsReusedInsideTheScopeAndTheErrorSaysWhy() {
        Memory.trim();
        Memory.resetPeak();
        try (var _ = Scope.open("step")) {
            Tensor first = Tensor.ones(LARGE);
            Tensor view = first.reshape(5, 1000);
            Scope.release(first.view(), "was not wanted any more");
            Tensor.ones(LARGE);
            assertEquals(4L * LARGE, Memory.liveBytes());
            String message = assertThrows(TensorException.class, view::sum).getMessage();
            assertTrue(message.contains("was not wanted any more"), message);
        }
        assertEquals(4L * LARGE, Memory.peakBytes());
        assertEquals(4L * LARGE, Memory.cachedBytes());
    }

    @Test
    void whatNoScopeOwnsIsNotReleased() {
        Tensor x = Tensor.ones(LARGE);
        Scope.release(x.view(), "was not wanted any more");
        assertEquals(LARGE, x.sum().item());
    }

    @Test
    void whatIsKeptWithAnotherBelongsToItsScope() {
        Tensor x;
        try (var _ = Scope.open("outer")) {
            Tensor other = Tensor.ones(LARGE);
            try (var _ = Scope.open("inner")) {
                x = Scope.keepWith(other, Tensor.ones(LARGE));
            }
            assertEquals(LARGE, x.sum().item());
        }
        Tensor gone = x;
        assertTrue(assertThrows(TensorException.class, gone::sum).getMessage().contains("'outer'"));
        assertEquals(0, Memory.liveBytes());
    }

    @Test
    void whatIsKeptWithAnObjectOfAnotherThreadsScopeBelongsToNobody() throws Exception {
        AtomicReference<Tensor> x = new AtomicReference<>();
        try (var _ = Scope.open("outer")) {
            Tensor other = Tensor.ones(LARGE);
            Thread thread = new Thread(() -> {
                try (var _ = Scope.open("inner")) {
                    x.set(Scope.keepWith(other, Tensor.ones(LARGE)));
                }
            });
            thread.start();
            thread.join();
        }
        assertEquals(LARGE, x.get().sum().item());
        assertEquals(0, Memory.liveBytes());
    }

    @Test
    void whatIsKeptWithAnObjectOfTheCollectorBelongsToNobodyUntilItIsGivenToThePool() {
        Memory.trim();
        Tensor other = Tensor.ones(LARGE);
        Tensor x;
        try (var _ = Scope.open("outer"); var _ = Scope.open("inner")) {
            Tensor inside = Tensor.ones(LARGE);
            assertTrue(assertThrows(TensorException.class, () -> Memory.give(inside, "")).getMessage()
                    .contains("belongs to a scope"));
            x = Scope.keepWith(other, inside);
        }
        assertEquals(LARGE, x.sum().item());
        assertEquals(0, Memory.liveBytes());
        assertEquals(0, Memory.cachedBytes());
        Memory.give(x, "is somebody else's now");
        assertEquals(4L * LARGE, Memory.cachedBytes());
        Tensor gone = x;
        assertTrue(assertThrows(TensorException.class, gone::sum).getMessage().contains("somebody else's"));
    }
}
