package wengert.cuda;

import wengert.cuda.driver.Context;

/// How many blocks a kernel gets whose threads each go through elements `i, i + all threads, …`.
final class Grid {
    /// Threads of such a block.
    static final int THREADS = 256;
    /// Blocks for each multiprocessor: as many threads as it can hold, 2,048.
    private static final int WAVES = 8;

    private Grid() {
    }

    /// @param elements  of the whole, at least 1
    /// @param perThread how many a thread takes at once
    static int blocks(Context context, long elements, int perThread) {
        long threads = (elements + perThread - 1) / perThread;
        long blocks = (threads + THREADS - 1) / THREADS;
        return (int) Math.clamp(blocks, 1, (long) WAVES * context.multiprocessors());
    }
}
