package wengert.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Times one workload on several engines: round after round, one sample of each, so that whatever the machine
/// does meanwhile meets all of them. Between two engines there is a pause, since thread pools (ours, and
/// OpenMP's) spin for a while before they sleep, and would take the next one's processors.
///
/// @param threads that each engine computes with
/// @param rounds  samples of each engine in a fork
/// @param forks   times that everything is done again in new JVMs
/// @param warmup  seconds that each engine runs before it is timed
record Contest(int threads, int rounds, int forks, double warmup) {
    private static final long PAUSE_MILLIS = 250;
    /// A sample is as many runs as fit into this many seconds; if it is several, one more goes before,
    /// unmeasured, that fetches the data back into the caches.
    private static final double SAMPLE = 0.05;

    /// Runs it.
    ///
    /// @param engines that do the workload, this project's first
    List<Result> run(Workload workload, List<Engine> engines) throws IOException, InterruptedException {
        Map<Engine, Result> results = new LinkedHashMap<>();
        engines.forEach(e -> results.put(e, new Result(e)));
        for (int fork = 0; fork < forks; fork++) {
            List<Remote> remotes = new ArrayList<>();
            try {
                for (Engine e : engines) {
                    if (results.get(e).failure() == null) {
                        remotes.add(new Remote(e, workload.name(), threads));
                    }
                }
                time(remotes, results);
            } finally {
                remotes.forEach(Remote::close);
            }
        }
        return List.copyOf(results.values());
    }

    private void time(List<Remote> remotes, Map<Engine, Result> results) throws InterruptedException {
        Map<Remote, Integer> counts = new LinkedHashMap<>();
        for (Remote r : remotes) {
            try {
                r.load();
                r.prepare();
                double last = r.warm(warmup);
                results.get(r.engine()).holds(r.bytes());
                counts.put(r, (int) Math.max(1, SAMPLE / last));
            } catch (IOException e) {
                results.get(r.engine()).fail(e.getMessage());
            }
        }
        List<Remote> running = List.copyOf(counts.keySet());
        for (int round = 0; round < rounds; round++) {
            for (Remote r : running) {
                Thread.sleep(PAUSE_MILLIS);
                int count = counts.get(r);
                try {
                    if (count > 1) {
                        r.time(1);
                    }
                    results.get(r.engine()).add(r.time(count) / count);
                } catch (IOException e) {
                    results.get(r.engine()).fail(e.getMessage());
                }
            }
        }
    }
}
