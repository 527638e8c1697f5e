package wengert.gan.config;

import java.io.Serial;
import java.util.List;

/// A configuration that cannot be used. The message names every problem found, each with its key, what is
/// wanted, what came, where it stands, and what to do. Nothing has been created or changed when it is thrown.
public final class ConfigException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    ConfigException(String problem) {
        super("config: " + problem);
    }

    ConfigException(List<String> problems) {
        super(problems.size() == 1 ? "config: " + problems.getFirst()
                : "config: " + problems.size() + " problems:\n  " + String.join("\n  ", problems));
    }
}
