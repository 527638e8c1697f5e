package wengert.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.ThreadCount;

/// `./wengert bench`: how fast, beside whom.
@Command(name = "wengert bench", sortOptions = false,
        description = "Times the work that others can repeat, one line each: median and fastest of several "
                + "rounds, the speed, its share of the peak that this machine reaches in registers or of "
                + "its memory's bandwidth, and the memory that the work holds.",
        footer = {"", "Every engine runs each workload in a JVM of its own, in turn with the others,",
            "with a pause between them, since thread pools spin before they sleep. Memory:",
            "ours is the live heap with the pool after a warm-up, a peer's the growth of its",
            "process at its peak (VmHWM); inputs and weights count in both. The speed of a",
            "convolution counts the multiplications of the direct way; ours does fewer.",
            "", "Examples:",
            "  ./wengert bench                        everything, three minutes",
            "  ./wengert bench matmul-1024 tanh-4M",
            "  ./wengert bench 'conv*' --kernels      also single kernels of a DCGAN",
            "  ./wengert bench --peers --forks 3      beside PyTorch and ND4J"})
public final class Bench implements Callable<Integer> {
    @Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "What to time, all unless said otherwise; * stands for "
            + "anything.")
    private List<String> names = List.of();

    @Option(names = "--list", description = "Say what each workload is and what it answers.")
    private boolean list;

    @Option(names = "--kernels", description = "Single kernels of this project too.")
    private boolean kernels;

    @Option(names = "--device", paramLabel = "NAME", defaultValue = "cpu", description = "On cuda or cuda:1: "
            + "what the cpu does, and with --kernels what a card is timed with.")
    private String deviceName;

    @Option(names = "--peers", description = "Beside PyTorch, in both memory layouts, and ND4J. The first "
            + "time they are fetched by Maven.")
    private boolean peers;

    @Option(names = "--plain",
            description = "Beside this project without the Vector API, which then runs plain loops.")
    private boolean plain;

    @Option(names = "--markdown", description = "At the end the results as a table for a README.")
    private boolean markdown;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a page with the roofline: every "
            + "result as a dot under what the machine can do.")
    private Path html;

    @Option(names = "--first-steps", description = "Instead: how long each of the first steps takes in a "
            + "new JVM.")
    private boolean firstSteps;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "9",
            description = "Samples of each engine: 9.")
    private int rounds;

    @Option(names = "--forks", paramLabel = "N", defaultValue = "1", description = "All again in new JVMs: "
            + "1.")
    private int forks;

    @Option(names = "--warmup", paramLabel = "SECONDS", defaultValue = "8",
            description = "Before timing: 8, what the JVM takes to compile a whole step.")
    private double warmup;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of every engine: all processors.")
    private Integer threads;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    /// Runs it and ends the JVM.
    ///
    /// @param args the command line
    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench())
                .setParameterExceptionHandler((e, _) -> {
                    System.err.println("wengert: " + e.getMessage());
                    System.err.println("Help: ./wengert bench --help");
                    return 2;
                })
                .setExecutionExceptionHandler((e, _, _) -> {
                    if (e instanceof IOException) {
                        System.err.println("wengert: " + e);
                        return 1;
                    }
                    throw e;
                })
                .execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Workload> chosen = chosen();
        if (list) {
            chosen.forEach(w -> out.print(w.name() + "\n" + wrapped(w.work()) + wrapped(w.asks())));
            return 0;
        }
        if (rounds < 1 || forks < 1 || threads != null && threads < 1) {
            throw new ParameterException(spec.commandLine(),
                    "--rounds, --forks and --threads: expected at least 1");
        }
        if (html != null && !Files.isWritable(html.toAbsolutePath().getParent())) {
            throw new ParameterException(spec.commandLine(), "--html: " + html.toAbsolutePath().getParent()
                    + " is no folder that can be written to");
        }
        int count = threads != null ? threads : Runtime.getRuntime().availableProcessors();
        Device.CPU.backend().find(ThreadCount.class).threads(count);
        Device device = Device.parse(deviceName);
        if (!device.equals(Device.CPU) && (plain || firstSteps)) {
            throw new ParameterException(spec.commandLine(), "--plain and --first-steps are about the CPU");
        }
        Machine machine = Machine.measure(count, device);
        machine.lines().forEach(out::println);
        if (firstSteps) {
            for (Workload w : chosen) {
                FirstSteps.print(w, count, out);
            }
            return 0;
        }
        time(machine, chosen, count);
        return 0;
    }

    /// Lines of at most 80 columns, indented.
    private static String wrapped(String text) {
        var lines = new StringBuilder();
        int column = 80;
        for (String word : text.split(" ")) {
            if (column + 1 + word.length() > 80) {
                lines.append(lines.isEmpty() ? "   " : "\n   ");
                column = 3;
            }
            lines.append(' ').append(word);
            column += 1 + word.length();
        }
        return lines.append('\n').toString();
    }

    private void time(Machine machine, List<Workload> chosen, int count)
            throws IOException, InterruptedException {
        Map<String, String> versions = new LinkedHashMap<>();
        List<Engine> engines = engines(count, versions);
        out.println();
        out.println(Table.HEAD);
        var contest = new Contest(count, rounds, forks, warmup);
        var table = new Table(machine);
        Map<Workload, List<Result>> all = new LinkedHashMap<>();
        for (Workload w : chosen) {
            List<Result> results = contest.run(w, engines.stream().filter(e -> e.does(w.name())).toList());
            out.println(table.row(w, results));
            all.put(w, results);
        }
        if (markdown) {
            String command = "./wengert bench "
                    + String.join(" ", spec.commandLine().getParseResult().originalArgs());
            out.println();
            out.print(Markdown.table(machine, command, versions, all));
        }
        if (html != null) {
            Files.writeString(html, Roofline.page(machine, versions, all));
            out.println("\n" + html);
        }
    }

    private List<Workload> chosen() {
        List<Workload> offered = new ArrayList<>(Workloads.NAMED);
        if (kernels) {
            offered.addAll(Device.parse(deviceName).equals(Device.CPU) ? Workloads.KERNELS : Workloads.CARD);
        }
        if (names.isEmpty()) {
            return firstSteps ? offered.subList(0, 1) : offered;
        }
        Set<Workload> chosen = new LinkedHashSet<>();
        for (String name : names) {
            Pattern glob = Pattern.compile(("\\Q" + name + "\\E").replace("*", "\\E.*\\Q"));
            List<Workload> found = name.contains("*") ? offered.stream()
                    .filter(w -> glob.matcher(w.name()).matches()).toList()
                    : Stream.ofNullable(Workloads.find(name)).toList();
            if (found.isEmpty()) {
                throw new ParameterException(spec.commandLine(), "There is no workload '" + name
                        + "'; ./wengert bench --list --kernels shows all.");
            }
            chosen.addAll(found);
        }
        return List.copyOf(chosen);
    }

    /// This project and the peers that can be loaded; one line for each that cannot.
    private List<Engine> engines(int count, Map<String, String> versions) throws IOException {
        List<Engine> engines = new ArrayList<>();
        for (Engine e : Engine.all()) {
            if (e instanceof Wengert) {
                engines.add(Device.parse(deviceName).equals(Device.CPU) ? e
                        : new Wengert(Device.parse(deviceName)));
                if (plain) {
                    engines.add(Wengert.plain());
                }
            } else if (peers && versions.containsKey(e.name().split("-")[0])) {
                engines.add(e);
            } else if (peers) {
                try (var remote = new Remote(e, "", count)) {
                    String version = remote.load();
                    out.println("beside " + version);
                    versions.put(e.name().split("-")[0], version);
                    engines.add(e);
                } catch (IOException failure) {
                    out.println("without " + e.name() + ", which does not load here: "
                            + failure.getMessage());
                }
            }
        }
        if (peers && versions.isEmpty()) {
            out.println("there are no peers on the class path; ./wengert bench --peers builds and fetches "
                    + "them");
        }
        return engines;
    }
}
