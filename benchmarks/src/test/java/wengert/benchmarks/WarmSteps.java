package wengert.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingStream;

/// Program of [WarmStepTest]: trains, then lists what is allocated above 64 KiB from a given step on. The JVM
/// reports every object that does not fit a thread's allocation buffer, with its size; so these must be of 64
/// KiB.
final class WarmSteps {
    private static final long LARGE = 65_536;
    static Object kept;

    private WarmSteps() {
    }

    public static void main(String[] args) {
        watch("control", 1, () -> kept = new byte[(int) LARGE + 1]);
        for (boolean wasserstein : new boolean[] {false, true}) {
            Gans gan = new Gans(64, 1, wasserstein, wasserstein, 32, 16);
            for (int i = 0; i < 6; i++) {
                gan.run();
            }
            watch(wasserstein ? "wgan-gp" : "dcgan", 4, gan);
        }
    }

    private static void watch(String name, int times, Runnable work) {
        List<String> large = Collections.synchronizedList(new ArrayList<>());
        try (var stream = new RecordingStream()) {
            stream.enable("jdk.ObjectAllocationOutsideTLAB").withStackTrace();
            stream.onEvent("jdk.ObjectAllocationOutsideTLAB", e -> {
                String place = place(e);
                if (e.getLong("allocationSize") > LARGE
                        && place.contains("wengert")) { // not the recording itself
                    large.add(e.getLong("allocationSize") + " bytes at " + place);
                }
            });
            stream.startAsync();
            for (int i = 0; i < times; i++) {
                work.run();
            }
            stream.stop();
        }
        System.out.println(name + ": " + large.size());
        large.forEach(System.out::println);
    }

    private static String place(RecordedEvent e) {
        StringBuilder text = new StringBuilder();
        List<RecordedFrame> frames = e.getStackTrace() == null ? List.of() : e.getStackTrace().getFrames();
        for (RecordedFrame f : frames.subList(0, Math.min(8, frames.size()))) {
            text.append(f.getMethod().getType().getName()).append('.').append(f.getMethod().getName())
                    .append(':').append(f.getLineNumber()).append(' ');
        }
        return text.toString();
    }
}
