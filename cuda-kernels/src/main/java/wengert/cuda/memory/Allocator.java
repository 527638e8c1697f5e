package wengert.cuda.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Stream;
import jcuda.driver.JCudaDriver;
import wengert.cuda.driver.Address;
import wengert.cuda.driver.Check;
import wengert.cuda.driver.Context;
import wengert.cuda.driver.CudaException;
import wengert.tensor.spi.OutOfMemoryException;

/// Memory of a card that has been asked for once and is handed out again and again: asking the driver takes
/// long beside a launch, and giving back waits for the card.
///
/// The driver gives segments; a segment is a row of blocks, free or taken. A request takes the smallest free
/// block that holds it and leaves what is over as a free block; a block that comes back joins its free
/// neighbours. Small requests have segments of their own, so that a scalar does not break up a large block.
///
/// Everything is computed on one stream. So a block may be handed out again while a kernel that reads it is
/// still waiting there: whatever its next owner does is queued behind.
public final class Allocator {
    private static final long GRAIN = 512;
    private static final long SMALL = 1 << 20;
    private static final long SEGMENT = 2 << 20;
    /// Requests up to the first share segments of the second size.
    private static final long MIDDLE = 10 << 20;
    private static final long MIDDLE_SEGMENT = 20 << 20;
    /// Without the pool (`-Dwengert.cuda.pool=false`) each buffer is an allocation of its own, of its own
    /// size, and goes back at once: slow, and any tool that watches the driver's allocations sees what a
    /// kernel does beside its buffers.
    private static final boolean POOLED =
            Boolean.parseBoolean(System.getProperty("wengert.cuda.pool", "true"));
    /// Milliseconds for what the garbage collector has found to come back.
    private static final long PATIENCE = 50;

    private final Context context;
    private final TreeSet<Block> small = free();
    private final TreeSet<Block> large = free();
    private final List<Block> firsts = new ArrayList<>();
    private long reserved;
    private long taken;
    private long peak;
    private long requests;
    private Runnable giveBack = () -> { };

    /// What the driver gave.
    ///
    /// @param pool where its free blocks stand
    private record Segment(Address address, TreeSet<Block> pool) {
    }

    /// What is handed out: part of a segment.
    static final class Block {
        private final Segment segment;
        private final long offset;
        private long bytes;
        private boolean free;
        private Block before;
        private Block after;

        private Block(Segment segment, long offset, long bytes) {
            this.segment = segment;
            this.offset = offset;
            this.bytes = bytes;
        }

        Address address() {
            return segment.address.plus(offset);
        }

        private boolean isWhole() {
            return before == null && after == null;
        }
    }

    /// What a card's memory is used for, in bytes.
    ///
    /// @param taken    by buffers
    /// @param reserved in all segments
    /// @param peak     most that was taken at once since the start, or since [#resetPeak()]
    /// @param largest  free block
    /// @param requests to this allocator so far
    /// @param segments how many there are
    public record Statistics(long taken, long reserved, long peak, long largest, long requests,
            int segments) {
    }

    /// @param context of the card
    public Allocator(Context context) {
        this.context = context;
    }

    private static TreeSet<Block> free() {
        return new TreeSet<>(Comparator.comparingLong((Block b) -> b.bytes)
                .thenComparingLong(b -> b.segment.address.value() + b.offset));
    }

    /// A buffer of undefined content.
    ///
    /// Before it gives up, free segments go back to the driver, the program gives back what it keeps for
    /// later, and the garbage collector looks for what nobody holds any more.
    ///
    /// @throws OutOfMemoryException if the card has not got that much
    public Buffer take(long bytes) {
        try {
            return fitting(bytes);
        } catch (CudaException e) {
            return takeWhenShort(bytes, e);
        }
    }

    /// Whom to ask for buffers before saying that there is no room.
    public void whenShort(Runnable program) {
        giveBack = program;
    }

    /// Without this object's lock, for which those wait who give back.
    private Buffer takeWhenShort(long bytes, CudaException first) {
        CudaException e = first;
        for (Runnable help : List.of(giveBack, Allocator::collect)) {
            if (e.status() != CudaException.OUT_OF_MEMORY) {
                throw e;
            }
            help.run();
            try {
                return fitting(bytes);
            } catch (CudaException again) {
                e = again;
            }
        }
        if (e.status() != CudaException.OUT_OF_MEMORY) {
            throw e;
        }
        Statistics s = statistics();
        throw new OutOfMemoryException("out of memory: expected " + mib(bytes) + " on the card; "
                + mib(s.taken) + " of " + mib(s.reserved) + " are taken, and the largest free block has "
                + mib(s.largest) + ". " + e.getMessage(), bytes, s.largest, e);
    }

    /// Tensors outside of scopes go with the garbage collector, which knows nothing of a full card.
    private static void collect() {
        System.gc();
        try {
            Thread.sleep(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String mib(long bytes) {
        return String.format(Locale.ROOT, bytes < 1 << 20 ? "%.4f MiB" : "%.1f MiB", bytes * 0x1p-20);
    }

    private synchronized Buffer fitting(long bytes) {
        long size = POOLED ? Math.max(1, (bytes + GRAIN - 1) / GRAIN) * GRAIN : Math.max(1, bytes);
        requests++;
        TreeSet<Block> pool = size <= SMALL ? small : large;
        Block fit = fit(pool, size);
        if (fit == null) {
            fit = segment(size, pool);
        } else {
            pool.remove(fit);
        }
        split(fit, size);
        fit.free = false;
        taken += fit.bytes;
        peak = Math.max(peak, taken);
        return new Buffer(this, fit);
    }

    /// The smallest free block of a pool that holds so many bytes, or null.
    private static Block fit(TreeSet<Block> pool, long size) {
        return pool.ceiling(new Block(new Segment(new Address(), pool), Long.MIN_VALUE, size));
    }

    private Block segment(long size, TreeSet<Block> pool) {
        long bytes = !POOLED ? size : size <= SMALL ? SEGMENT : size <= MIDDLE ? MIDDLE_SEGMENT
                : (size + SEGMENT - 1) / SEGMENT * SEGMENT;
        context.enter();
        var address = new Address();
        int status = JCudaDriver.cuMemAlloc(address, bytes);
        if (status == CudaException.OUT_OF_MEMORY) {
            trim();
            status = JCudaDriver.cuMemAlloc(address, bytes);
            if (status == CudaException.OUT_OF_MEMORY && bytes > size) {
                bytes = size;
                status = JCudaDriver.cuMemAlloc(address, bytes);
            }
            Block larger = status == CudaException.OUT_OF_MEMORY && pool == small ? fit(large, size) : null;
            if (larger != null) {
                large.remove(larger);
                return larger;
            }
        }
        Check.driver(status, "cuMemAlloc", bytes);
        reserved += bytes;
        var block = new Block(new Segment(address, pool), 0, bytes);
        firsts.add(block);
        return block;
    }

    private static void split(Block block, long size) {
        long over = block.bytes - size;
        if (over < (size <= SMALL ? GRAIN : SMALL)) {
            return;
        }
        block.bytes = size;
        var rest = new Block(block.segment, block.offset + size, over);
        rest.before = block;
        rest.after = block.after;
        if (rest.after != null) {
            rest.after.before = rest;
        }
        block.after = rest;
        rest.free = true;
        block.segment.pool.add(rest);
    }

    synchronized void give(Block block) {
        taken -= block.bytes;
        TreeSet<Block> pool = block.segment.pool;
        Block joined = block;
        if (block.after != null && block.after.free) {
            pool.remove(block.after);
            join(block, block.after);
        }
        if (block.before != null && block.before.free) {
            joined = block.before;
            pool.remove(joined);
            join(joined, block);
        }
        joined.free = true;
        pool.add(joined);
        if (!POOLED) {
            trim();
        }
    }

    private static void join(Block block, Block after) {
        block.bytes += after.bytes;
        block.after = after.after;
        if (block.after != null) {
            block.after.before = block;
        }
    }

    /// Gives segments of which nothing is taken back to the driver, which waits for the card.
    public synchronized void trim() {
        context.enter();
        if (Stream.concat(small.stream(), large.stream()).anyMatch(Block::isWhole)) {
            context.compute().synchronize(); // kernels that are queued use them; freeing need not wait
        }
        for (TreeSet<Block> pool : List.of(small, large)) {
            pool.removeIf(block -> {
                if (!block.isWhole()) {
                    return false;
                }
                Check.driver(JCudaDriver.cuMemFree(block.segment.address), "cuMemFree", block.bytes);
                firsts.remove(block);
                reserved -= block.bytes;
                return true;
            });
        }
    }

    /// From now on the peak is the most that is taken from now on.
    public synchronized void resetPeak() {
        peak = taken;
    }

    /// What the memory is used for now.
    public synchronized Statistics statistics() {
        long largest = Math.max(small.isEmpty() ? 0 : small.last().bytes,
                large.isEmpty() ? 0 : large.last().bytes);
        return new Statistics(taken, reserved, peak, largest, requests, firsts.size());
    }
}
