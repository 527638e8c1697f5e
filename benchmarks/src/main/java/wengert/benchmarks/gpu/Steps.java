package wengert.benchmarks.gpu;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import wengert.benchmarks.Card;
import wengert.benchmarks.Clock;
import wengert.benchmarks.Table;
import wengert.benchmarks.Wengert;
import wengert.tensor.Memory;
import wengert.tensor.spi.Device;

/// Whole training steps, beside PyTorch where this machine has it.
final class Steps {
    private static final List<String> NAMES = List.of("dcgan64-b128", "dcgan32-b64", "wgangp32-ln-b64",
            "wgangp32-bn-b64");

    private final Device device;
    private final List<String> names;
    private final Wengert engine;
    private final Clock clock;

    /// @param quick small sizes, one run, and only the first one
    Steps(Device device, boolean quick) {
        this.device = device;
        names = quick ? NAMES.subList(0, 1) : NAMES;
        engine = quick ? new Wengert(device, 2, 64) : new Wengert(device);
        clock = quick ? new Clock(device, 0, 0, 1) : new Clock(device, 6, 0.5, 5);
    }

    /// @return whether everything ran
    boolean run(PrintWriter to) throws IOException {
        to.println("\nwhole steps, f32: one of D, one of G; images: real ones; launches: of own kernels");
        to.printf("%-27s %9s %9s %9s %9s%n", "", "ms", "images/s", "launches", "peak MB");
        Map<String, Double> ours = new LinkedHashMap<>();
        for (boolean tf32 : new boolean[] {false, true}) {
            try (var on = new Property(Property.TF32, String.valueOf(tf32))) {
                for (String name : names) {
                    String row = name + (tf32 ? " TF32" : "");
                    try {
                        ours.put(row, time(name, row, to));
                    } catch (RuntimeException | OutOfMemoryError e) {
                        to.println("FAILED  " + row + ": " + e);
                        ours.put(row, Double.NaN);
                    }
                }
            }
        }
        if (Card.is(device) && !ours.get(names.getFirst()).isNaN()) {
            Runnable step = engine.prepare(names.getFirst());
            clock.seconds(step);
            new Profile(device).of(names.getFirst(), step, to);
        }
        new Torch().compare(names, ours, to);
        return ours.values().stream().noneMatch(s -> s.isNaN());
    }

    private double time(String name, String row, PrintWriter to) {
        boolean card = Card.is(device);
        Runnable step = engine.prepare(name);
        double seconds = clock.seconds(step);
        long before = 0;
        if (card) { // now nothing is left of the work before
            Card.resetPeak(device);
            before = Card.launches();
        }
        step.run();
        to.printf(Locale.ROOT, "%-27s %9s %9.0f %9s %9s%n", row, Table.millis(seconds),
                images(name) / seconds, card ? Card.launches() - before : "",
                card ? Table.digits(Card.peakBytes(device) * 1e-6) : "");
        System.gc();
        Memory.trim(device);
        return seconds;
    }

    /// 128 of `dcgan64-b128`.
    private static int images(String name) {
        return Integer.parseInt(name.substring(name.lastIndexOf("-b") + 2));
    }
}
