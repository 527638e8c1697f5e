package wengert.gan.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import wengert.gan.config.RunConfig;

/// The report of a run, one HTML file that needs nothing else: loss curves, sample grids over time, how to
/// reproduce it, final numbers, the machine, and the configuration with the source of each value.
///
/// @param config   what was run
/// @param state    how it stands, such as `finished` or `stopped by Ctrl-C`
/// @param log      the entries so far
/// @param samples  the grids so far, in the order of their steps
/// @param commands command lines that reproduce it and go on from it
/// @param results  final numbers by name, already as texts with units
/// @param machine  JDK, backend, vector width, threads, version and the like by name
/// @param notes    what the reader must know, such as a damaged line of the log
public record Report(RunConfig config, String state, List<LogEntry> log, List<Sample> samples,
        List<String> commands, Map<String, String> results, Map<String, String> machine, List<String> notes) {
    /// A picture of samples.
    ///
    /// @param step iterations done when it was made
    /// @param png  the file
    public record Sample(long step, Path png) {}

    private static final Pattern STEP = Pattern.compile("step_(\\d{1,18})\\.png");

    /// The report of the run in `directory`, with its `log.jsonl` and the grids `samples/step_NNNNNN.png`.
    ///
    /// @throws IOException if they cannot be read
    public static Report of(Path directory, RunConfig config, String state, List<String> commands,
            Map<String, String> results, Map<String, String> machine) throws IOException {
        Path logFile = directory.resolve("log.jsonl");
        RunLog log = Files.exists(logFile) ? RunLog.read(logFile) : new RunLog(List.of(), List.of());
        return new Report(config, state, log.entries(), samples(directory.resolve("samples")), commands,
                results,
                machine, log.notes());
    }

    private static List<Sample> samples(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) return List.of();
        var samples = new ArrayList<Sample>();
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Matcher name = STEP.matcher(file.getFileName().toString());
                if (name.matches()) samples.add(new Sample(Long.parseLong(name.group(1)), file));
            }
        }
        samples.sort(Comparator.comparingLong(Sample::step));
        return samples;
    }

    /// Writes the report; a reader sees the old file or the new one, never a part.
    ///
    /// @throws IOException if it cannot be written
    public void write(Path file) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(aside, new ReportPage(this).html());
        Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
