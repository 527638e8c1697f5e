package wengert.benchmarks.gpu;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import wengert.gan.cli.Main;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.DeviceException;

/// `./gpu-check`: what this machine offers, whether the card computes what the reference vectors say, how
/// fast it is, and a GAN trained on it. Prints to the screen and into `gpu-check.txt`.
@Command(name = "gpu-check", sortOptions = false, description = "Checks this project on a CUDA card: "
        + "every operator against reference vectors, times beside the card's own limits and beside PyTorch "
        + "where it is installed, and the training of a GAN. Exit code 1 if anything disagrees.")
public final class GpuCheck implements Callable<Integer> {
    /// What can be asked for alone.
    enum Part {
        parity, bench, train
    }

    @Option(names = "--only", paramLabel = "PART", description = "parity, bench or train.")
    private Part only;

    @Option(names = "--quick", description = "Small sizes and few cases: whether everything runs. Its times "
            + "say nothing.")
    private boolean quick;

    @Option(names = "--device", paramLabel = "NAME", defaultValue = "cuda",
            description = "cuda unless said otherwise; cuda:1 is the second card.")
    private String name;

    @Option(names = "--vectors", paramLabel = "DIR", defaultValue = "${sys:wengert.bundle:-.}/conformance",
            description = "Where the reference vectors lie: beside the program.")
    private Path vectors;

    @Option(names = "--out", paramLabel = "DIR", defaultValue = "${sys:wengert.bundle:-.}",
            description = "Where gpu-check.txt and the pictures of the training go: beside the program.")
    private Path out;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    /// Runs it and ends the JVM.
    ///
    /// @param args the command line
    public static void main(String[] args) {
        System.exit(new CommandLine(new GpuCheck()).setExecutionExceptionHandler((e, command, _) -> {
            if (!(e instanceof IOException || e instanceof DeviceException)) {
                throw e;
            }
            command.getErr().println("gpu-check: " + e.getMessage());
            return ExitCode.SOFTWARE;
        }).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        Files.createDirectories(out);
        try (OutputStream file = Files.newOutputStream(out.resolve("gpu-check.txt"));
                var to = new PrintWriter(new Both(System.out, file), true, StandardCharsets.UTF_8)) {
            return run(to);
        }
    }

    private int run(PrintWriter to) throws IOException {
        if (only == null) {
            Main.run(new String[] {"doctor"}, to, to);
        }
        Device device = Device.parse(name);
        to.printf("%non %s, %s%n", device, device.backend().description());
        if (quick) {
            to.println("--quick: everything is small, so what follows says nothing about speed");
        }
        boolean right = true;
        if (only == null || only == Part.parity) {
            right = new Parity(device, quick).run(vectors, to);
        }
        if (only == null || only == Part.bench) {
            right &= new Speeds(device, quick).run(to);
            right &= new Steps(device, quick).run(to);
        }
        if (only == null || only == Part.train) {
            right &= new Training(device, quick).run(out, to);
        }
        to.println(right ? "\ngpu-check: all is well" : "\ngpu-check: FAILED, see above");
        to.println(out.resolve("gpu-check.txt"));
        return right ? 0 : 1;
    }

    /// Writes to two places.
    private static final class Both extends OutputStream {
        private final PrintStream screen;
        private final OutputStream file;

        Both(PrintStream screen, OutputStream file) {
            this.screen = screen;
            this.file = file;
        }

        @Override
        public void write(int b) throws IOException {
            screen.write(b);
            file.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            screen.write(bytes, offset, length);
            file.write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            screen.flush();
            file.flush();
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
