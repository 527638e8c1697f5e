package wengert.gan.conform;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;

/// Replays every reference vector of a directory (`ops.*`: operators; `training.*`: optimisers, schedules,
/// whole GAN trainings) in f64 and f32.
public final class Conformance {
    private Conformance() {
    }

    /// Replays everything.
    ///
    /// @param directory holds `ops.json`, `ops.safetensors`, `training.json` and `training.safetensors`
    /// @param devices   the backends to replay on
    /// @throws wengert.tensor.io.FormatException if the files themselves are damaged
    public static Report run(Path directory, List<Device> devices) throws IOException {
        return run(directory, devices, _ -> true);
    }

    /// Replays some cases, see [#run(Path, List)].
    ///
    /// @param wanted whether a case is replayed, by its name: `conv2d/groups`, `optim/adam`,
    ///               `gan/dcgan-vanilla`
    public static Report run(Path directory, List<Device> devices, Predicate<String> wanted)
            throws IOException {
        Vectors ops = Vectors.read(directory, "ops");
        Vectors training = Vectors.read(directory, "training");
        List<Setting> settings = new ArrayList<>();
        for (DType dtype : List.of(DType.F64, DType.F32)) {
            devices.forEach(device -> settings.add(new Setting(dtype, device)));
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (Setting setting : settings) {
            var operators = new OperatorReplay(ops, setting);
            each(ops, "cases", wanted, c -> outcomes.add(operators.replay(c)));
            each(training, "optimizers", wanted,
                    c -> outcomes.add(OptimizerReplay.replay(training, c, setting)));
            each(training, "schedules", wanted, c -> outcomes.add(ScheduleReplay.replay(c, setting)));
            each(training, "trajectories", wanted,
                    c -> outcomes.add(TrajectoryReplay.replay(training, c, setting)));
        }
        return new Report(settings, outcomes);
    }

    private static void each(Vectors vectors, String list, Predicate<String> wanted, Consumer<Case> replay) {
        vectors.cases(list).stream().filter(c -> wanted.test(c.id())).forEach(replay);
    }
}
