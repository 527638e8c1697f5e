package wengert.cuda.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import wengert.cuda.CudaFamily;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.DeviceException;

/// A JVM of its own that tries to use a card, since a JVM loads a library once. What it prints is one line:
/// what it has, or the message of the exception.
final class Attempt {
    private final List<String> command = new ArrayList<>();
    private final Map<String, String> environment;

    static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /// @param environment variables to set
    /// @param options     of the JVM
    Attempt(Map<String, String> environment, String... options) {
        this.environment = environment;
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp",
                classPath()));
        command.addAll(List.of(options));
    }

    /// What a program of the class path prints.
    String run(String main, String... arguments) {
        command.add(main);
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Loads all from one folder, and looks nowhere else.
    String load(Path folder) {
        return run(Attempt.class.getName(), "load", folder.toString());
    }

    public static void main(String[] args) {
        try {
            System.out.println(switch (args[0]) {
                case "load" -> load(Places.only(Path.of(args[1])));
                case "report" -> new Report(new Setup(Places.only(Path.of(args[1])))).rows().stream()
                        .map(Object::toString).collect(Collectors.joining("\n"));
                case "cpu" -> Device.CPU.backend().description();
                case "kind" -> Device.family("cuda").kind();
                case "auto" -> Device.parse("auto") + ", " + new CudaFamily().count();
                default -> new CudaFamily().open(Integer.parseInt(args[1]));
            });
        } catch (DeviceException e) {
            System.out.println(e.getMessage());
        }
    }

    private static String load(Places places) {
        Setup setup = new Setup(places);
        setup.load();
        setup.load();
        StringBuilder all = new StringBuilder("loaded");
        for (Library library : Library.values()) {
            if (setup.found(library) != null && setup.start(library) == null) {
                all.append(' ').append(library.title()).append(' ').append(setup.version(library));
            }
        }
        return all.append(", cards ").append(setup.cards()).append(", ").append(setup.nativesFolder())
                .append(", ").append(System.getProperty("java.io.tmpdir")).toString();
    }
}
