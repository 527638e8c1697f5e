package wengert.gan.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import wengert.gan.nets.LayeredNetwork;
import wengert.gan.run.Sampling;
import wengert.tensor.spi.Device;

/// `./wengert sample`.
@Command(name = "sample", mixinStandardHelpOptions = true,
        description = "Draws images from a trained generator.",
        footer = {"", "FILE.png: a grid. FILE.npy: float32 [N, C, H, W] in [-1, 1]. Anything else: a folder "
            + "of single images."})
final class SampleCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "A run's directory, one of its checkpoints, or a "
            + "generator's .safetensors file.")
    private Path run;

    @Option(names = "--count", paramLabel = "N", description = "Images; 64 unless said otherwise.")
    private int count = 64;

    @Option(names = "--seed", paramLabel = "S", description = "Other images for another seed; 1 unless said "
            + "otherwise.")
    private long seed = 1;

    @Option(names = "--label", paramLabel = "L", description = "Class to draw, for a conditional generator; "
            + "all in turn unless said otherwise.")
    private Integer label;

    @Option(names = "--device", paramLabel = "NAME", description = "Where it computes: cpu, reference, cuda, "
            + "cuda:N or auto; cpu unless said otherwise.")
    private String device = "cpu";

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where to.")
    private Path to;

    @Override
    public Integer call() throws Exception {
        if (count < 1) {
            throw new ParameterException(spec.commandLine(), "--count: expected at least 1, got " + count);
        }
        PrintWriter out = spec.commandLine().getOut();
        Device place = Device.parse(device);
        place.backend(); // an error here if there is none
        LayeredNetwork generator = Sampling.generator(run);
        generator.to(place);
        Sampling.write(generator, count, seed, label, to);
        out.println("wrote " + to);
        out.flush();
        return 0;
    }
}
