package wengert.tensor.io;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.function.Executable;

/// Files made by hand, and files that are wrong.
final class Hostile {
    private static final int MUTATIONS = 300;

    private Hostile() {
    }

    @FunctionalInterface
    interface Reader {
        void read(byte[] file) throws Exception;
    }

    static byte[] hex(String... lines) {
        return HexFormat.of().parseHex(String.join("", lines).replaceAll("\\s", ""));
    }

    static byte[] join(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        Stream.of(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }

    static byte[] gzip(byte[] bytes) throws Exception {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    /// The message of a refusal, which must hold every one of `parts`.
    static String refused(Executable read, String... parts) {
        String message = assertThrows(FormatException.class, read).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "'" + part + "' is not in: " + message);
        }
        return message;
    }

    /// Damages a good file in many ways: bits flipped, bytes replaced, cut, stretches repeated. Each is read
    /// or refused; anything else that is thrown, an exhausted heap too, fails the test.
    static void fuzz(byte[] good, Reader reader) throws Exception {
        reader.read(good);
        for (int seed = 0; seed < MUTATIONS; seed++) {
            byte[] bad = damaged(good, new Random(seed));
            try {
                reader.read(bad);
            } catch (FormatException expected) {
                // This is the answer that is wanted.
            } catch (Throwable e) {
                throw new AssertionError("mutation " + seed, e);
            }
        }
    }

    private static byte[] damaged(byte[] good, Random random) {
        byte[] bad = good.clone();
        for (int edits = 1 + random.nextInt(4); edits > 0 && bad.length > 0; edits--) {
            int at = random.nextInt(random.nextBoolean() ? bad.length : Math.min(bad.length, 64));
            switch (random.nextInt(6)) {
                case 0 -> bad[at] = (byte) random.nextInt();
                case 1 -> bad[at] = (byte) (random.nextBoolean() ? 0xff : 0x7f);
                case 2 -> bad = Arrays.copyOf(bad, at);
                case 3 -> bad = join(Arrays.copyOf(bad, at), Arrays.copyOfRange(bad, at / 2, bad.length));
                default -> bad[at] ^= (byte) (1 << random.nextInt(8));
            }
        }
        return bad;
    }
}
