package wengert.tensor.cpu;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// One fixed pool of daemon threads for the whole JVM. A caller splits its work into numbered tiles; tiles
/// are handed out by a counter to the caller and to the workers, each tile to exactly one of them. Which
/// thread runs a tile never changes what it computes, so results do not depend on the number of threads.
///
/// Workers wait by spinning for 200 µs (a hand-over then costs well under a microsecond) and park after that.
/// While the pool is busy, a second caller, or a tile that asks for tiles itself, runs its tiles alone.
final class Parallel {
    /// The work of one tile.
    interface Tile {
        void run(int tile);
    }

    /// Elements `from` to `to`, exclusive.
    interface Range {
        void run(int from, int to);
    }

    private static final long SPIN_NANOS = 200_000;
    private static final AtomicBoolean BUSY = new AtomicBoolean();
    private static volatile int threads = initialThreads();
    private static volatile Job job;
    private static Worker[] workers = {};

    private Parallel() {
    }

    private static int initialThreads() {
        int n = Integer.getInteger("wengert.threads", 0);
        return n > 0 ? n : Runtime.getRuntime().availableProcessors();
    }

    /// How many threads compute, the caller among them.
    static int threads() {
        return threads;
    }

    /// Changes the number of threads, at any time.
    ///
    /// @param count at least 1
    static void threads(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("threads: expected at least 1, got " + count);
        }
        threads = count;
    }

    /// Runs tiles 0 to `tiles − 1` and returns when all are done. An exception of a tile is thrown here;
    /// tiles that have not started by then are skipped.
    static void run(int tiles, Tile body) {
        int helpers = Math.min(threads, tiles) - 1;
        if (helpers < 1 || !BUSY.compareAndSet(false, true)) {
            for (int t = 0; t < tiles; t++) {
                body.run(t);
            }
            return;
        }
        Job mine = new Job(tiles, helpers, body);
        try {
            Worker[] pool = hire(helpers);
            job = mine;
            for (int i = 0; i < helpers; i++) {
                if (pool[i].parked) {
                    LockSupport.unpark(pool[i]);
                }
            }
            mine.work();
            mine.await();
        } finally {
            job = null;
            BUSY.set(false);
        }
        mine.rethrow();
    }

    /// Splits `n` elements into contiguous parts of at least `grain`, for work that is independent by
    /// element. Parts start at multiples of 64 elements, so that vector loops meet the same tails.
    static void ranges(int n, int grain, Range body) {
        int parts = (int) Math.min(2L * threads, n / Math.max(1, grain));
        if (parts < 2) {
            if (n > 0) {
                body.run(0, n);
            }
            return;
        }
        int size = (int) (((long) n + parts - 1) / parts + 63) & ~63;
        run(Math.ceilDiv(n, size), t -> body.run(t * size, (int) Math.min(n, (t + 1L) * size)));
    }

    /// Called by the owner of [#BUSY] only.
    private static Worker[] hire(int count) {
        int have = workers.length;
        if (have < count) {
            Worker[] more = java.util.Arrays.copyOf(workers, count);
            for (int i = have; i < count; i++) {
                more[i] = new Worker(i);
                more[i].start();
            }
            workers = more;
        }
        return workers;
    }

    /// One call of [#run]. A worker that comes late finds no tile left and touches nothing.
    private static final class Job {
        private final int tiles;
        private final int helpers;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private Tile body;
        private volatile Throwable failure;

        Job(int tiles, int helpers, Tile body) {
            this.tiles = tiles;
            this.helpers = helpers;
            this.body = body;
        }

        void work() {
            int t;
            while (next.get() < tiles && (t = next.getAndIncrement()) < tiles) {
                if (failure == null) {
                    try {
                        body.run(t);
                    } catch (Throwable e) {
                        failure = e;
                    }
                }
                done.getAndIncrement();
            }
        }

        void await() {
            int spins = 0;
            while (done.get() < tiles) {
                if (++spins < 20_000) {
                    Thread.onSpinWait();
                } else {
                    Thread.yield();
                }
            }
            body = null; // a worker may hold this job until its next one; the arrays must not live as long
        }

        void rethrow() {
            switch (failure) {
                case null -> {
                }
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e);
            }
        }
    }

    private static final class Worker extends Thread {
        private final int index;
        private volatile boolean parked;

        Worker(int index) {
            super("wengert-cpu-" + (index + 1));
            this.index = index;
            setDaemon(true);
        }

        @Override
        public void run() {
            Job seen = null;
            while (true) {
                Job now = await(seen);
                if (index < now.helpers) {
                    now.work();
                }
                seen = now;
            }
        }

        private Job await(Job seen) {
            long deadline = System.nanoTime() + SPIN_NANOS;
            int spins = 0;
            Job now;
            while ((now = job) == null || now == seen) {
                Thread.onSpinWait();
                if ((++spins & 63) == 0 && System.nanoTime() > deadline) {
                    parked = true;
                    // The caller publishes its job before it looks at `parked`; so one of us sees the other.
                    while ((now = job) == null || now == seen) {
                        LockSupport.park(Parallel.class);
                    }
                    parked = false;
                    break;
                }
            }
            return now;
        }
    }
}
