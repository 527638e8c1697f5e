package wengert.gan.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Where the values of a run's configuration came from when it was written: what [ConfigWriter] has put
/// behind them.
final class Origins {
    private static final String MARK = "  # ";

    private final String label;
    private final List<String> lines;

    /// @param file that a run has written, and that has been read without problems
    Origins(Path file) {
        label = file + ":";
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw Loader.unreadable(file, e);
        }
    }

    Layer of(Layer layer) {
        return new Layer(layer.settings().stream()
                .map(raw -> new Layer.Raw(raw.key(), raw.node(), of(raw.origin()))).toList());
    }

    /// What stands behind the value in the line that an origin names; the origin itself where nothing does.
    private String of(String origin) {
        if (!origin.startsWith(label)) {
            return origin;
        }
        String line = lines.get(Integer.parseInt(origin.substring(label.length())) - 1);
        int mark = line.lastIndexOf(MARK);
        return mark < 0 ? origin : line.substring(mark + MARK.length()).strip();
    }
}
