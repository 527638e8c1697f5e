package wengert.gan.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import wengert.gan.nets.Architecture;
import wengert.gan.nets.LayeredNetwork;
import wengert.tensor.io.AtomicFiles;
import wengert.tensor.io.FormatException;
import wengert.tensor.io.SafeTensors;

/// A network in one safetensors file: its state, and in the metadata its architecture. Such a file is all an
/// application needs.
///
/// ```java
/// LayeredNetwork generator = SavedNetwork.load(Path.of("generator.safetensors"));
/// Tensor images = generator.forward(Generator.seeded(1).stream("z").normal(16, 100));   // [16, C, H, W]
/// ```
public final class SavedNetwork {
    private static final String KEY = "wengert.architecture";

    private SavedNetwork() {
    }

    /// Writes a network.
    ///
    /// @return the SHA-256 of the file
    public static String save(Path file, LayeredNetwork network) throws IOException {
        Map<String, String> metadata = Map.of(KEY, network.architecture().toJson());
        return AtomicFiles.write(file, out -> SafeTensors.write(out, network.stateDict(), metadata));
    }

    /// Reads a network, ready to sample: in evaluation mode.
    ///
    /// @throws FormatException if the file is damaged, a directory, or carries no architecture
    public static LayeredNetwork load(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FormatException("network", "a .safetensors file", "a directory", "at " + file,
                    "name the file in it, such as generator.safetensors");
        }
        try (SafeTensors saved = SafeTensors.open(file)) {
            String json = saved.metadata().get(KEY);
            if (json == null) {
                throw new FormatException("network", "an architecture under '" + KEY + "' in the metadata",
                        "only " + saved.metadata().keySet(), "in " + file,
                        "use a generator.safetensors that a run has written");
            }
            var network = new LayeredNetwork(Architecture.fromJson(json, file.toString()));
            network.loadStateDict(SafeTensors.readAll(file));
            network.eval();
            return network;
        }
    }
}
