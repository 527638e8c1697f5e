package wengert.tensor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static wengert.tensor.io.Hostile.hex;
import static wengert.tensor.io.Hostile.refused;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Shape;

class NpzTest {
    // One array [1.5, -2, 0.25] as numpy.savez writes it, and as streams do: sizes behind the data.
    private static final byte[] ZIP64 = hex(
            "504b03042d000000000000002100309a5b82ffffffffffffffff05001400612e6e7079010010008c0000000000",
            "00008c00000000000000934e554d5059010076007b276465736372273a20273c6634272c2027666f727472616e",
            "5f6f72646572273a2046616c73652c20277368617065273a2028332c292c207d20202020202020202020202020",
            "202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020",
            "20200a0000c03f000000c00000803e504b01022d032d000000000000002100309a5b828c0000008c0000000500",
            "00000000000000000000800100000000612e6e7079504b0506000000000100010033000000c30000000000");
    private static final byte[] DESCRIPTOR = hex(
            "504b0304140008000000000021000000000000000000000000000b0000006c617965722f612e6e7079934e554d",
            "5059010076007b276465736372273a20273c6634272c2027666f727472616e5f6f72646572273a2046616c7365",
            "2c20277368617065273a2028332c292c207d202020202020202020202020202020202020202020202020202020",
            "2020202020202020202020202020202020202020202020202020202020202020200a0000c03f000000c0000080",
            "3e504b0708309a5b828c0000008c000000504b0102140314000800000000002100309a5b828c0000008c000000",
            "0b00000000000000000000008001000000006c617965722f612e6e7079504b0506000000000100010039000000",
            "c50000000000");
    private static final byte[] DEFLATED = hex(
            "504b03042d00080008000000210000000000ffffffffffffffff05001400612e6e707901001000000000000000",
            "000000000000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9366a2aea3a09e965f54529498",
            "179f5f94920a12774bcc294e058a17672416a402f91ac63a9a3a0ab50a14002e068603f60c408281a1c10e0050",
            "4b0708309a5b824f000000000000008c00000000000000504b01022d032d000800080000002100309a5b824f00",
            "00008c000000050000000000000000000000800100000000612e6e7079504b0506000000000100010033000000",
            "9e0000000000");

    @TempDir
    Path dir;

    @Test
    void archivesAreReadThroughTheirDirectory() throws IOException {
        read(ZIP64, "a");
        read(DESCRIPTOR, "layer/a");
        read(DEFLATED, "a");
    }

    private void read(byte[] file, String key) throws IOException {
        try (var opened = Npz.open(put(file))) {
            assertEquals(List.of(key), opened.names());
            Tensor x = opened.read(key);
            assertEquals(Shape.of(3), x.shape());
            assertArrayEquals(new float[] {1.5f, -2, 0.25f}, x.toFloatArray());
        }
    }

    @Test
    void whatIsWrittenReadsBackAndTheBytesAreTheSameEachTime() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("z/é", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).transpose(0, 1));
        tensors.put("a", Tensor.of(new boolean[] {true, false}, 2));
        tensors.put("0-d", Tensor.of(new long[] {Long.MIN_VALUE}));
        tensors.put("empty", Tensor.of(new double[0], 3, 0));
        tensors.put("long", Tensor.of(new int[100_000], 100_000));
        Path file = dir.resolve("a.npz");
        Npz.write(file, tensors);
        Map<String, Tensor> back = Npz.readAll(file);
        assertEquals(List.copyOf(tensors.keySet()), List.copyOf(back.keySet()));
        back.forEach((name, x) -> {
            assertEquals(tensors.get(name).shape(), x.shape());
            assertEquals(tensors.get(name).dtype(), x.dtype());
            assertArrayEquals(tensors.get(name).toDoubleArray(), x.toDoubleArray(), name);
        });
        var again = new ByteArrayOutputStream();
        Npz.write(again, tensors);
        assertArrayEquals(Files.readAllBytes(file), again.toByteArray());
    }

    @Test
    void otherEntriesAreNotListed() throws IOException {
        byte[] zip = zip("readme.txt", new byte[] {1}, "dir/", new byte[0], "x.npy", npy(1));
        try (var opened = Npz.open(put(zip))) {
            assertEquals(List.of("x"), opened.names());
            String message = assertThrows(NoSuchElementException.class, () -> opened.read("y")).getMessage();
            assertEquals(true, message.contains("no array 'y'") && message.contains("[x]"), message);
        }
    }

    @Test
    void aCutArchiveNamesWhatIsMissing() {
        for (int n : new int[] {0, 1, 100, ZIP64.length - 1, ZIP64.length - 22}) {
            refused(() -> Npz.readAll(put(Arrays.copyOf(ZIP64, n))), "the directory of a zip archive", n
                    + " bytes");
        }
    }

    @Test
    void anEntryLongerThanItsHeaderSaysIsRefused() {
        refused(() -> Npz.readAll(put(zip("x.npy", Hostile.join(npy(2), new byte[5])))),
                "8 bytes for F32 [2]",
                "came 13 bytes", "x.npy in");
        refused(() -> Npz.readAll(put(zip("x.npy", Arrays.copyOf(npy(2), npy(2).length - 1)))),
                "came 7 bytes");
    }

    @Test
    void anEntryThatUnpacksToMoreThanTheDirectorySaysIsRefused() throws IOException {
        byte[] zip = zip("x.npy", Hostile.join(npy(1), new byte[100]));
        // The size in the directory, made that of the array alone.
        int directory = zip.length - 22 - 46 - 5;
        zip[directory + 24] = (byte) npy(1).length;
        refused(() -> Npz.readAll(put(zip)), "the end of the entry", "more bytes");
    }

    @Test
    void twoEntriesOfOneNameAreRefused() throws IOException {
        byte[] zip = zip("x.npy", npy(1), "y.npy", npy(1));
        for (int i = 0; i < zip.length - 5; i++) {
            if (new String(zip, i, 5, StandardCharsets.ISO_8859_1).equals("y.npy")) {
                zip[i] = 'x';
            }
        }
        refused(() -> Npz.open(put(zip)), "every name once", "'x' twice");
    }

    @Test
    void aClaimBeyondWhatThePackedBytesCanHoldIsRefused() throws IOException {
        byte[] zip = zip("x.npy", npy(1));
        int directory = zip.length - 22 - 46 - 5;
        zip[directory + 27] = 0x7f;
        refused(() -> Npz.readAll(put(zip)), "packed ones", "came 2130706");
    }

    @Test
    void aWrongByteIsNoticedByTheChecksum() {
        byte[] zip = ZIP64.clone();
        for (int i = 0; i < zip.length - 3; i++) {
            if (zip[i] == (byte) 0xc0 && zip[i + 1] == 0x3f) {
                zip[i + 1] = 0x3e;
            }
        }
        refused(() -> Npz.readAll(put(zip)), "the checksum 825b9a30");
    }

    @Test
    void damagedFilesAreReadOrRefused() throws Exception {
        for (byte[] good : List.of(ZIP64, DESCRIPTOR, DEFLATED)) {
            Hostile.fuzz(good, bytes -> Npz.readAll(put(bytes)));
        }
    }

    private static byte[] npy(int n) throws IOException {
        var out = new ByteArrayOutputStream();
        Npy.write(out, Tensor.of(new float[n], n));
        return out.toByteArray();
    }

    private static byte[] zip(Object... namesAndContents) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                zip.putNextEntry(new ZipEntry((String) namesAndContents[i]));
                zip.write((byte[]) namesAndContents[i + 1]);
                zip.closeEntry();
            }
        }
        return out.toByteArray();
    }

    /// A file of its own each time: the JDK remembers the directory of a zip file by its time of change.
    private Path put(byte[] bytes) throws IOException {
        return Files.write(Files.createTempFile(dir, "a", ".npz"), bytes);
    }
}
