package wengert.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// One engine doing one workload in a JVM of its own, on orders from [Remote]. Answers every line with a
/// line:
///
/// - `load`: the engine's version;
/// - `prepare`: nothing; makes what the workload needs;
/// - `warm SECONDS`: nanoseconds of the last run; runs until that time is over, and at least three times;
/// - `time COUNT`: nanoseconds of that many runs;
/// - `bytes`: what the process came to hold since `load`.
final class Worker {
    private static final int FEWEST = 3;
    private final Engine engine;
    private final String workload;
    private Runnable work;
    private long before;

    private Worker(Engine engine, String workload) {
        this.engine = engine;
        this.workload = workload;
    }

    /// @param args names of the engine and of the workload
    public static void main(String[] args) throws IOException {
        PrintStream answers = System.out;
        System.setOut(System.err); // what libraries print is no answer
        Engine engine = Engine.named(args[0]);
        var worker = new Worker(engine, args[1]);
        var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order; (order = orders.readLine()) != null;) {
            answers.println(worker.answer(order));
            answers.flush();
        }
        Runtime.getRuntime().halt(0); // without what native libraries do at the end
    }

    private String answer(String order) {
        String[] words = order.split(" ");
        return switch (words[0]) {
            case "load" -> {
                String version = engine.load();
                before = engine.bytes();
                yield version;
            }
            case "prepare" -> {
                work = engine.prepare(workload);
                yield "";
            }
            case "warm" -> String.valueOf(warm(Double.parseDouble(words[1])));
            case "time" -> String.valueOf(time(Integer.parseInt(words[1])));
            case "bytes" -> String.valueOf(engine.bytes() - before);
            default -> throw new IllegalArgumentException(order);
        };
    }

    private long warm(double seconds) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        long last = 0;
        for (int runs = 0; runs < FEWEST || System.nanoTime() < end; runs++) {
            last = time(1);
        }
        return last;
    }

    private long time(int count) {
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            work.run();
        }
        engine.finish();
        return System.nanoTime() - start;
    }
}
