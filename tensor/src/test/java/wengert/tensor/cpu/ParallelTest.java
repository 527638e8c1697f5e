package wengert.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import wengert.tensor.spi.Shape;

/// The pool: every tile once, failures reach the caller, nobody waits for anybody who cannot come.
@Timeout(60)
class ParallelTest {
    private final int before = Parallel.threads();

    @AfterEach
    void restore() {
        Parallel.threads(before);
    }

    @Test
    void everyTileRunsExactlyOnce() {
        for (int threads = 1; threads <= 4; threads++) {
            Parallel.threads(threads);
            for (int tiles : new int[] {0, 1, 2, 3, 100, 1000}) {
                for (int repeat = 0; repeat < 50; repeat++) {
                    AtomicIntegerArray ran = new AtomicIntegerArray(tiles);
                    Parallel.run(tiles, ran::incrementAndGet);
                    for (int t = 0; t < tiles; t++) {
                        assertEquals(1, ran.get(t));
                    }
                }
            }
        }
    }

    @Test
    void rangesCoverEveryElementOnceInMultiplesOf64() {
        for (int threads = 1; threads <= 3; threads++) {
            Parallel.threads(threads);
            for (int n : new int[] {0, 1, 63, 64, 65, 1000, 4097, 100_000}) {
                AtomicIntegerArray seen = new AtomicIntegerArray(n);
                Parallel.ranges(n, 100, (from, to) -> {
                    assertEquals(0, from % 64);
                    for (int i = from; i < to; i++) {
                        seen.incrementAndGet(i);
                    }
                });
                for (int i = 0; i < n; i++) {
                    assertEquals(1, seen.get(i));
                }
            }
        }
    }

    @Test
    void rangesOfTheLargestTensorsAreCountedWithoutOverflow() {
        for (int threads = 1; threads <= 4; threads++) {
            Parallel.threads(threads);
            for (int n : new int[] {1_500_000_000, 1_800_000_000, Shape.MOST_ELEMENTS}) {
                AtomicLong elements = new AtomicLong();
                Parallel.ranges(n, 100, (from, to) -> elements.addAndGet(to - from));
                assertEquals(n, elements.get());
            }
        }
    }

    @Test
    void aTilesFailureReachesTheCallerAndThePoolLivesOn() {
        Parallel.threads(2);
        for (int repeat = 0; repeat < 100; repeat++) {
            IllegalStateException thrown = new IllegalStateException("tile 7");
            assertSame(thrown, assertThrows(IllegalStateException.class, () -> Parallel.run(20, t -> {
                if (t == 7) {
                    throw thrown;
                }
            })));
            assertThrows(StackOverflowError.class, () -> Parallel.run(4, t -> {
                throw new StackOverflowError();
            }));
            AtomicInteger sum = new AtomicInteger();
            Parallel.run(10, sum::addAndGet);
            assertEquals(45, sum.get());
        }
    }

    @Test
    void aTileMayAskForTiles() {
        Parallel.threads(3);
        AtomicInteger count = new AtomicInteger();
        Parallel.run(8, t -> Parallel.run(8, u -> count.incrementAndGet()));
        assertEquals(64, count.get());
    }

    @Test
    void aSecondCallerRunsItsOwnTilesWhileThePoolIsBusy() throws Exception {
        Parallel.threads(2);
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        Thread first = new Thread(() -> Parallel.run(2, t -> {
            busy.countDown();
            try {
                free.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }));
        first.start();
        busy.await();
        Thread me = Thread.currentThread();
        AtomicInteger mine = new AtomicInteger();
        Parallel.run(5, t -> {
            assertSame(me, Thread.currentThread());
            mine.incrementAndGet();
        });
        assertEquals(5, mine.get());
        free.countDown();
        first.join();
    }

    @Test
    void parkedWorkersComeBack() throws Exception {
        Parallel.threads(2);
        for (int repeat = 0; repeat < 20; repeat++) {
            Thread.sleep(2); // ten times the spinning time
            CountDownLatch together = new CountDownLatch(2);
            Parallel.run(2, t -> {
                together.countDown();
                try {
                    together.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    @Test
    void anIdlePoolSleeps() throws Exception {
        Parallel.threads(3);
        Parallel.run(64, t -> Thread.onSpinWait());
        Thread.sleep(100);
        var workers = Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("wengert-cpu-")).toList();
        assertTrue(workers.size() >= 2, String.valueOf(workers));
        for (int i = 0; i < 50; i++) {
            for (Thread worker : workers) {
                assertEquals(Thread.State.WAITING, worker.getState(), worker.getName());
            }
            Thread.sleep(5);
        }
    }

    @Test
    void severalCallersShareOneSetOfWorkers() throws Exception {
        Parallel.threads(3);
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        List<Thread> callers = new ArrayList<>();
        for (int c = 0; c < 4; c++) {
            callers.add(new Thread(() -> {
                for (int i = 0; i < 200; i++) {
                    Parallel.run(16, t -> seen.add(Thread.currentThread()));
                }
            }));
        }
        callers.forEach(Thread::start);
        for (Thread caller : callers) {
            caller.join();
        }
        callers.forEach(seen::remove);
        assertTrue(seen.size() <= 3, String.valueOf(seen)); // a test before may have asked for one more
    }

    @Test
    void fewerThanOneThreadIsRefused() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Parallel.threads(0)).getMessage()
                .contains("at least 1, got 0"));
    }
}
