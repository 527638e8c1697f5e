package wengert.gan.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/// The options that change a configuration, shared by the commands that take one.
final class ConfigOptions {
    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Set any key, such as batch=32; may be "
            + "repeated.")
    private List<String> sets = new ArrayList<>();

    @Option(names = "--data", paramLabel = "SOURCE",
            description = "bundled, idx:DIR, cifar10:DIR or folder:DIR.")
    private String data;

    @Option(names = "--device", paramLabel = "NAME", description = "cpu, reference, cuda or cuda:1; "
            + "auto: cuda:0 where it can be used, else cpu.")
    private String device;

    @Option(names = "--seed", paramLabel = "N", description = "Start of all random numbers.")
    private String seed;

    @Option(names = "--steps", paramLabel = "N", description = "Iterations: updates of the discriminator.")
    private String steps;

    @Option(names = "--threads", paramLabel = "N", description = "Threads on the CPU; 0: one per core.")
    private String threads;

    List<String> sets() {
        return sets;
    }

    /// What was given, by key.
    Map<String, String> options() {
        var options = new LinkedHashMap<String, String>();
        put(options, "data", data);
        put(options, "device", device);
        put(options, "seed", seed);
        put(options, "steps", steps);
        put(options, "threads", threads);
        return options;
    }

    private static void put(Map<String, String> options, String key, String value) {
        if (value != null) {
            options.put(key, value);
        }
    }
}
