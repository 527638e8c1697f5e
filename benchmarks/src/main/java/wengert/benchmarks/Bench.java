package wengert.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;

/// Times workloads, in turn with the peers that are there.
public final class Bench {
    private Bench() {
    }

    /// Names of workloads; none for all.
    public static void main(String[] names) throws InterruptedException {
        List<Engine> engines = new ArrayList<>(List.of(new Wengert()));
        ServiceLoader.load(Engine.class).forEach(engines::add);
        for (Workload w : Workloads.ALL) {
            if (names.length > 0 && !Arrays.asList(names).contains(w.name())) {
                continue;
            }
            List<Runnable> work = new ArrayList<>();
            for (Engine e : engines) {
                work.add(e.prepare(w.name()));
            }
            double[][] times = new double[engines.size()][];
            int[] batch = new int[engines.size()];
            for (int e = 0; e < engines.size(); e++) {
                if (work.get(e) == null) {
                    continue;
                }
                long end = System.nanoTime() + 3_000_000_000L;
                int n = 0;
                double last = 0;
                do {
                    long start = System.nanoTime();
                    work.get(e).run();
                    last = System.nanoTime() - start;
                    n++;
                } while (System.nanoTime() < end || n < 8);
                batch[e] = Math.max(1, (int) (5e7 / last));
                times[e] = new double[9];
            }
            for (int round = 0; round < 9; round++) {
                for (int e = 0; e < engines.size(); e++) {
                    if (times[e] == null) {
                        continue;
                    }
                    Thread.sleep(20);
                    work.get(e).run();
                    long start = System.nanoTime();
                    for (int i = 0; i < batch[e]; i++) {
                        work.get(e).run();
                    }
                    times[e][round] = (System.nanoTime() - start) * 1e-6 / batch[e];
                }
            }
            StringBuilder line = new StringBuilder(String.format("%-28s", w.name()));
            double mine = 0;
            for (int e = 0; e < engines.size(); e++) {
                if (times[e] == null) {
                    continue;
                }
                Arrays.sort(times[e]);
                double median = times[e][times[e].length / 2];
                if (e == 0) {
                    mine = median;
                }
                line.append(String.format(Locale.ROOT, "  %s %.3f ms (%.3f)", engines.get(e).name(), median, times[e][0]));
                if (e > 0) {
                    line.append(String.format(Locale.ROOT, " ratio %.2f", mine / median));
                } else if (w.flops() > 0) {
                    line.append(String.format(Locale.ROOT, " %.0f GF/s", w.flops() / median * 1e-6));
                }
            }
            System.out.println(line);
        }
    }
}
