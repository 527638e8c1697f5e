package wengert.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// An engine at work in another JVM, [Worker]. So engines whose libraries exclude each other can be timed in
/// turn, none runs in a JVM that another one has warmed for its own ends, what each holds can be told, and
/// one that cannot load or that crashes costs one line.
final class Remote implements AutoCloseable {
    private final Engine engine;
    private final Process process;
    private final Writer orders;
    private final BufferedReader answers;
    private final Deque<String> errors = new ArrayDeque<>();
    private final Thread reader;

    /// Starts the JVM; it loads nothing yet.
    ///
    /// @param threads that the engine may compute with
    Remote(Engine engine, String workload, int threads) throws IOException {
        this.engine = engine;
        List<String> command =
                new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        for (String option : engine.options()) {
            if (!option.startsWith("-Dwengert.threads=") && !option.startsWith("-Dwengert.stderr=")) {
                command.add(option);
            }
        }
        String jars = engine.jars().isEmpty() ? "" : home().resolve(engine.jars()) + "/*"
                + java.io.File.pathSeparator;
        command.addAll(List.of("-Dwengert.threads=" + threads, "-cp",
                jars + System.getProperty("java.class.path"), Worker.class.getName(), engine.name(),
                workload));
        var builder = new ProcessBuilder(command);
        builder.environment().put("OMP_NUM_THREADS", String.valueOf(threads));
        process = builder.start();
        orders = process.outputWriter();
        answers = process.inputReader();
        reader = Thread.ofVirtual().start(this::readErrors);
    }

    /// The folder that this program's jar or class folder lies in.
    static Path home() {
        try {
            return Path.of(Remote.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    Engine engine() {
        return engine;
    }

    /// Loads the engine's libraries.
    ///
    /// @return its version
    String load() throws IOException {
        return ask("load");
    }

    /// Makes what the workload needs.
    void prepare() throws IOException {
        ask("prepare");
    }

    /// Runs for a while.
    ///
    /// @return seconds of the last run
    double warm(double seconds) throws IOException {
        return Long.parseLong(ask("warm " + seconds)) * 1e-9;
    }

    /// Seconds of that many runs.
    double time(int count) throws IOException {
        return Long.parseLong(ask("time " + count)) * 1e-9;
    }

    /// Bytes that the work made the process hold.
    long bytes() throws IOException {
        return Long.parseLong(ask("bytes"));
    }

    private String ask(String order) throws IOException {
        String answer = null;
        try {
            orders.write(order + "\n");
            orders.flush();
            answer = answers.readLine();
        } catch (IOException e) {
            // it has ended; what it said last tells more
        }
        if (answer == null) {
            throw new IOException(lastWords());
        }
        return answer;
    }

    private void readErrors() {
        try (BufferedReader lines = process.errorReader()) {
            for (String line; (line = lines.readLine()) != null;) {
                synchronized (errors) {
                    errors.add(line);
                    if (errors.size() > 200) {
                        errors.remove();
                    }
                }
            }
        } catch (IOException e) {
            // the process was ended
        }
    }

    /// What the process died of: the innermost cause of an exception, else the last line.
    private String lastWords() {
        try {
            reader.join(2000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (errors) {
            return errors.stream()
                    .filter(l -> l.startsWith("Caused by:") || l.startsWith("Exception in thread"))
                    .reduce((_, last) -> last)
                    .orElse(errors.isEmpty() ? "its process ended" : errors.getLast());
        }
    }

    /// Ends the JVM.
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
