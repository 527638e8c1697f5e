package wengert.gan.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import wengert.tensor.Tensor;
import wengert.tensor.io.AtomicFiles;
import wengert.tensor.io.FormatException;
import wengert.tensor.io.Json;
import wengert.tensor.io.SafeTensors;

/// One checkpoint: a directory `step_000400` of safetensors files and a `state.json` with the SHA-256 of
/// every file, itself included. Written aside, forced to the disk and renamed, so it is there whole or not at
/// all.
public final class Checkpoint {
    private static final String STATE = "state.json";
    private static final int STATE_BYTES = 1 << 22;
    private static final String SEAL = "sha256";

    private final Path directory;
    private final Map<String, Object> state;

    private Checkpoint(Path directory, Map<String, Object> state) {
        this.directory = directory;
        this.state = state;
    }

    /// Writes a checkpoint; one of the same step that is there already is left as it is.
    ///
    /// @param parent the run's `checkpoints` directory
    /// @param step   iterations done
    /// @param files  tensors by file name
    /// @param state  numbers and texts for `state.json`
    public static Path save(Path parent, int step,
            Map<String, Map<String, Tensor>> files, Map<String, Object> state) throws IOException {
        Files.createDirectories(parent);
        Path directory = parent.resolve(name(step));
        if (Files.exists(directory)) {
            return directory;
        }
        AtomicFiles.writeDirectory(directory, into -> {
            var sums = new LinkedHashMap<String, Object>();
            for (var file : files.entrySet()) {
                sums.put(file.getKey(), AtomicFiles.write(into.resolve(file.getKey()),
                        out -> SafeTensors.write(out, file.getValue(), Map.of())));
            }
            var all = new LinkedHashMap<String, Object>(state);
            all.put("step", step);
            all.put("files", sums);
            all.put(SEAL, seal(all));
            AtomicFiles.write(into.resolve(STATE),
                    out -> out.write(Json.writeIndented(all).getBytes(StandardCharsets.UTF_8)));
        });
        return directory;
    }

    /// Opens a checkpoint and checks every file in it.
    ///
    /// @throws FormatException naming the damaged file
    public static Checkpoint open(Path directory) throws IOException {
        Path file = directory.resolve(STATE);
        if (!Files.isRegularFile(file)) {
            throw refused(directory, "a file " + STATE, "none");
        }
        if (!(Json.read(file, STATE_BYTES) instanceof Map<?, ?> read)) {
            throw refused(directory, "a JSON object in " + STATE, "something else");
        }
        var state = new LinkedHashMap<String, Object>();
        read.forEach((key, value) -> state.put((String) key, value));
        Object seal = state.remove(SEAL);
        if (!seal(state).equals(seal)) {
            throw refused(directory, STATE + " with a checksum that agrees with its content",
                    "a damaged one");
        }
        var checkpoint = new Checkpoint(directory, state);
        for (var sum : checkpoint.map("files").entrySet()) {
            Path tensors = directory.resolve(sum.getKey());
            if (!Files.isRegularFile(tensors)) {
                throw refused(directory, "a file " + sum.getKey(), "none");
            }
            String actual = AtomicFiles.sha256(tensors);
            if (!actual.equals(sum.getValue())) {
                throw refused(directory, sum.getKey() + " with SHA-256 " + sum.getValue(),
                        "a damaged file with " + actual);
            }
        }
        return checkpoint;
    }

    /// Opens the newest checkpoint of a run. A damaged one is refused by name, and the newest sound one
    /// before it is offered.
    ///
    /// @param run the run's directory
    public static Checkpoint newest(Path run) throws IOException {
        List<Path> all = list(run.resolve("checkpoints"));
        if (all.isEmpty()) {
            throw new FormatException("checkpoint", "at least one in a run that is resumed", "none",
                    run.resolve("checkpoints").toString(), "start the run anew");
        }
        try {
            return open(all.getLast());
        } catch (FormatException damaged) {
            throw new FormatException("checkpoint", "a sound " + all.getLast().getFileName(), "a damaged one",
                    "in " + run, advice(all.subList(0, all.size() - 1)) + "\n  " + damaged.getMessage());
        }
    }

    private static String advice(List<Path> earlier) throws IOException {
        for (Path checkpoint : earlier.reversed()) {
            try {
                open(checkpoint);
                return "the newest sound one before it is " + checkpoint.getFileName()
                        + "; to go on from there, resume from " + checkpoint;
            } catch (FormatException e) {
                continue; // an older one may be sound
            }
        }
        return "no other checkpoint of this run is sound; start it anew";
    }

    /// The checkpoints in a directory, oldest first.
    public static List<Path> list(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(p -> p.getFileName().toString().matches("step_\\d{6,}"))
                    .sorted(java.util.Comparator.comparingInt(Checkpoint::stepOf)).toList();
        }
    }

    /// Deletes all but the newest; 0 keeps all.
    static void prune(Path parent, int keep) throws IOException {
        List<Path> all = list(parent);
        for (Path old : all.subList(0, keep == 0 ? 0 : Math.max(0, all.size() - keep))) {
            AtomicFiles.deleteDirectory(old);
        }
    }

    private static int stepOf(Path checkpoint) {
        return Integer.parseInt(checkpoint.getFileName().toString().substring("step_".length()));
    }

    private static String name(int step) {
        return String.format(Locale.ROOT, "step_%06d", step);
    }

    /// Where it is.
    public Path directory() {
        return directory;
    }

    /// Iterations done.
    public int step() {
        return whole("step");
    }

    /// A whole number of the state.
    public int whole(String key) {
        if (state.get(key) instanceof Long n && n == n.intValue()) {
            return n.intValue();
        }
        throw refused(directory, "a whole number '" + key + "' in " + STATE, String.valueOf(state.get(key)));
    }

    /// An object of the state.
    public Map<String, Object> map(String key) {
        if (!(state.get(key) instanceof Map<?, ?> value)) {
            throw refused(directory, "an object '" + key + "' in " + STATE, String.valueOf(state.get(key)));
        }
        var map = new LinkedHashMap<String, Object>();
        value.forEach((k, v) -> map.put((String) k, v));
        return map;
    }

    /// An object of the state whose values are texts.
    public Map<String, String> texts(String key) {
        var texts = new LinkedHashMap<String, String>();
        map(key).forEach((k, v) -> texts.put(k, String.valueOf(v)));
        return texts;
    }

    /// The tensors of one file.
    public Map<String, Tensor> tensors(String file) throws IOException {
        return SafeTensors.readAll(directory.resolve(file));
    }

    private static FormatException refused(Path directory, String expected, String came) {
        return new FormatException("checkpoint", expected, came, "in " + directory,
                "resume from another checkpoint of this run");
    }

    private static String seal(Map<String, Object> content) {
        try {
            byte[] text = Json.write(content).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
