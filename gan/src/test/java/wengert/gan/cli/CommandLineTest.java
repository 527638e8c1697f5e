package wengert.gan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wengert.tensor.Tensor;
import wengert.tensor.io.Npy;
import wengert.tensor.io.Png;

/// What a person meets: one clear message for each likely mistake, the right exit code, no stack trace,
/// nothing lost.
class CommandLineTest {
    @TempDir
    private Path temp;
    private Path out;

    private record Result(int exit, String out, String err) {
    }

    @BeforeEach
    void name() {
        out = temp.resolve("run");
    }

    private static Result run(String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exit = Main.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
        return new Result(exit, out.toString(), err.toString());
    }

    private Result tiny(String... more) {
        var args = new java.util.ArrayList<>(List.of("train", "tiny", "--out", out.toString(), "--steps", "2",
                "--set", "model.generator.base=8", "--set", "model.discriminator.base=4", "--set",
                "batch=4"));
        args.addAll(List.of(more));
        return run(args.toArray(new String[0]));
    }

    private static void assertRefused(int exit, Result result, String... parts) {
        assertEquals(exit, result.exit, result.err);
        for (String part : parts) {
            assertTrue(result.err.contains(part), () -> "expected '" + part + "' in: " + result.err);
        }
        assertFalse(result.err.contains("\tat "), result.err);
    }

    @Test
    void helpNamesEveryCommandAndEachCommandHasHelp() {
        Result help = run("--help");
        assertEquals(0, help.exit);
        for (String command : List.of("train", "sample", "config", "conform", "doctor")) {
            assertTrue(help.out.contains(command), help.out);
            Result own = run(command, "--help");
            assertEquals(0, own.exit);
            assertTrue(own.out.contains("Usage: wengert " + command), own.out);
            own.out.lines().forEach(line -> assertTrue(line.length() <= 80, line));
        }
    }

    @Test
    void wrongUsageIsNamed() {
        assertRefused(2, run(), "Missing a command");
        assertRefused(2, run("trian"), "trian", "train");
        assertRefused(2, run("train", "--stpes", "3"), "--stpes", "--steps");
        assertRefused(2, run("sample", "somewhere"), "--out");
    }

    @Test
    void aRunCanBeTrainedSampledAndResumed() throws IOException {
        Result trained = tiny("--device", "auto");
        assertEquals(0, trained.exit, trained.err);
        assertTrue(trained.out.startsWith("on cpu: no card can be used"), trained.out);
        for (String part : List.of("report", "generator.safetensors", "try next", "--resume")) {
            assertTrue(trained.out.contains(part), trained.out);
        }
        assertTrue(Files.readString(out.resolve("report.html")).contains("</html>"));
        Path png = temp.resolve("grid.png");
        assertEquals(0, run("sample", out.toString(), "--count", "5", "--out", png.toString()).exit);
        assertEquals(1, Png.read(png).channels());
        Path npy = temp.resolve("all.npy");
        assertEquals(0, run("sample", out.toString(), "--count", "5", "--out", npy.toString()).exit);
        Tensor images = Npy.read(npy);
        assertEquals("[5,1,16,16]", images.shape().toString());
        assertEquals(0, run("sample", out.toString(), "--count", "5", "--device", "reference", "--out",
                npy.toString()).exit);
        assertEquals(0, Npy.read(npy).sub(images).abs().max().item(), 1e-5);
        assertEquals(0, run("sample", out.toString(), "--count", "3", "--out",
                temp.resolve("single").toString()).exit);
        assertTrue(Files.exists(temp.resolve("single/0002.png")));
        assertRefused(1, run("sample", out.toString(), "--out", temp.resolve("new/x.jpg").toString()), ".png",
                ".npy");
        assertFalse(Files.exists(temp.resolve("new")));
        Result more = run("train", "--resume", out.toString(), "--steps", "3");
        assertEquals(0, more.exit, more.err);
        Result again = run("train", "--resume", out.toString());
        assertTrue(again.exit == 0 && again.out.contains("all 3 iterations"), again.out);
        assertRefused(2, run("train", "--resume", out.toString(), "--set", "batch=8"), "batch", "4", "8");
        assertRefused(2, run("train", "wgan", "--resume", out.toString()), "--resume", "wgan");
    }

    @Test
    void configurationMistakesLeaveNothingBehind() {
        assertRefused(2, tiny("--set", "optimizer.generater.lr=1e-4"), "optimizer.generater.lr",
                "optimizer.generator.lr");
        assertRefused(2, tiny("--set", "optimizer.generator.lr=nan"), "optimizer.generator.lr");
        assertRefused(2, tiny("--set", "batch=0"), "batch");
        assertRefused(2, tiny("--set", "model.size=28"), "model.size", "28");
        assertRefused(2, run("train", "no-such-preset", "--out", out.toString()), "no-such-preset");
        assertFalse(Files.exists(out));
    }

    @Test
    void aDeviceThatIsNotThereIsNamed() {
        assertRefused(1, tiny("--device", "cuda"), "cuda", "not available");
        assertFalse(Files.exists(out));
    }

    @Test
    void dataThatIsNotThereOrBrokenIsNamed() throws IOException {
        Path missing = temp.resolve("missing");
        assertRefused(1, tiny("--data", "folder:" + missing), missing.toString());
        assertRefused(2, tiny("--data", "photos:" + missing), "photos", "folder", "— --data\n");
        Path broken = Files.createDirectory(temp.resolve("broken"));
        Files.write(broken.resolve("a.png"), new byte[] {1, 2, 3});
        Files.write(broken.resolve("b.png"), new byte[] {4, 5, 6});
        assertRefused(1, tiny("--data", "folder:" + broken), broken.toString());
        Path cut = Files.createDirectory(temp.resolve("cut"));
        Files.write(cut.resolve("train-images-idx3-ubyte"),
                new byte[] {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3,
                    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
        assertRefused(1, tiny("--data", "idx:" + cut), "28", "27");
        assertFalse(Files.exists(out));
    }

    @Test
    void aBrokenPictureAmongGoodOnesIsSkippedCountedAndNamed() throws IOException {
        Path folder = Files.createDirectory(temp.resolve("mixed"));
        for (int i = 0; i < 6; i++) {
            Png.write(folder.resolve("good" + i + ".png"), Tensor.full(i / 6.0, wengert.tensor.spi.DType.F32,
                    1, 16, 16));
        }
        Files.write(folder.resolve("bad.png"), new byte[] {1, 2, 3});
        Result trained = tiny("--data", "folder:" + folder);
        assertEquals(0, trained.exit, trained.err);
        assertTrue(trained.out.contains("bad.png") && trained.out.contains("1 "), trained.out);
    }

    @Test
    void aHostileGeneratorFileIsRefusedBeforeMemoryIsTaken() throws IOException {
        Path file = temp.resolve("hostile.safetensors");
        Files.write(file, ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(1L << 60).array());
        assertRefused(1, run("sample", file.toString(), "--out", temp.resolve("x.png").toString()),
                "hostile.safetensors", String.valueOf(1L << 60));
        assertRefused(1, run("sample", temp.toString(), "--out", temp.resolve("x.png").toString()), "no run");
    }

    @Test
    void theConfigurationIsPrintedExplained() {
        Result config = run("config", "wgan-gp", "--set", "batch=32");
        assertEquals(0, config.exit);
        assertTrue(config.out.contains("batch: 32") && config.out.contains("gradient_penalty"), config.out);
        assertTrue(config.out.contains("#"), config.out);
    }

    @Test
    void aStackTraceComesOnlyWhenAskedFor() {
        Result result = run("train", "tiny", "--device", "cuda", "--stacktrace", "--out", out.toString());
        assertEquals(1, result.exit);
        assertTrue(result.err.contains("\tat "), result.err);
    }
}
