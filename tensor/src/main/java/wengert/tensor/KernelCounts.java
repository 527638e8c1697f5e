package wengert.tensor;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import wengert.tensor.ops.Op;
import wengert.tensor.spi.View;

/// How often each operator has run its kernels in this JVM, on any device, and how much they computed; views
/// run none. That no weight gradient was computed for a frozen network is a difference of two counts.
public final class KernelCounts {
    /// Counters by operator class: a name is a new string each time it is asked for, a class is not.
    private static final Map<Class<?>, Counter> COUNTERS = new ConcurrentHashMap<>();

    private static final DoubleAdder FLOPS = new DoubleAdder();
    /// Set in threads whose kernels are not counted.
    private static final ThreadLocal<Boolean> UNCOUNTED = new ThreadLocal<>();

    private record Counter(String name, LongAdder runs) {
    }

    private KernelCounts() {
    }

    /// Runs code whose kernels are not counted, as far as this thread starts them: for work that nobody asked
    /// for, such as warming up.
    public static void without(Runnable code) {
        Boolean before = UNCOUNTED.get();
        UNCOUNTED.set(true);
        try {
            code.run();
        } finally {
            UNCOUNTED.set(before);
        }
    }

    static void ran(Op op, View[] in, View[] out) {
        if (UNCOUNTED.get() != null) {
            return;
        }
        Counter counter = COUNTERS.get(op.getClass());
        if (counter == null) {
            counter = COUNTERS.computeIfAbsent(op.getClass(), _ -> new Counter(op.name(), new LongAdder()));
        }
        counter.runs.increment();
        double flops = op.flops(in, out);
        if (flops > 0) {
            FLOPS.add(flops);
        }
    }

    /// Floating-point operations of all products and convolutions so far, a multiply-add counting two. What
    /// others do is left out: it is bound by memory.
    public static double flops() {
        return FLOPS.sum();
    }

    /// Runs of one operator so far.
    ///
    /// @param operator its name: `conv2dWeightGradient`
    public static long of(String operator) {
        return all().getOrDefault(operator, 0L);
    }

    /// Runs of every operator so far, by name.
    public static Map<String, Long> all() {
        Map<String, Long> all = new TreeMap<>();
        COUNTERS.values().forEach(counter -> all.merge(counter.name, counter.runs.sum(), Long::sum));
        return all;
    }
}
