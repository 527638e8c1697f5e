package wengert.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import wengert.tensor.spi.Device;

/// Something that can do the work of the [Workloads]: this project, or a peer found by [ServiceLoader].
///
/// Making one loads nothing; [#load] does, in the JVM that [Remote] starts for it.
public interface Engine {
    /// Name in tables: `wengert`, `pytorch`. Engines that differ in a variant only share the name's first
    /// word.
    String name();

    /// Whether it does that work.
    ///
    /// @param workload a name of [Workloads]
    boolean does(String workload);

    /// Loads libraries and does something small, so that what they take once is not counted as the work's.
    ///
    /// @return the engine's version
    String load();

    /// Makes what a workload needs.
    ///
    /// @param workload a name that it [#does]
    /// @return runs the work once
    Runnable prepare(String workload);

    /// Waits until everything that was started has been done, where work is queued.
    default void finish() {
    }

    /// Options of its JVM.
    List<String> options();

    /// A folder beside the program whose jars come first on its class path; empty for none.
    default String jars() {
        return "";
    }

    /// Bytes that the process holds: for a peer the most it ever held (`VmHWM`), reset by [#load].
    ///
    /// @return 0 where the system does not say
    default long bytes() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(l -> l.startsWith("VmHWM:"))
                    .mapToLong(l -> 1024 * Long.parseLong(l.replaceAll("\\D", ""))).findFirst().orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    /// All engines that are on the class path, this project's first, on the CPU.
    static List<Engine> all() {
        var all = new java.util.ArrayList<Engine>(List.of(new Wengert()));
        ServiceLoader.load(Engine.class).forEach(all::add);
        return all;
    }

    /// An engine by its name.
    static Engine named(String name) {
        return name.startsWith(Wengert.ON) ? new Wengert(Device.parse(name.substring(Wengert.ON.length())))
                : Stream.concat(Stream.of(Wengert.plain()), all().stream())
                        .filter(e -> e.name().equals(name)).findFirst().orElseThrow();
    }
}
