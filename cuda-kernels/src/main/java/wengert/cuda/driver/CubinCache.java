package wengert.cuda.driver;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import jcuda.Pointer;
import jcuda.driver.CUjitInputType;
import jcuda.driver.CUlinkState;
import jcuda.driver.JCudaDriver;
import jcuda.driver.JITOptions;
import wengert.cuda.load.PrivateFiles;

/// Kernels in a card's own instructions, kept from one program to the next, so that the driver need not
/// translate the PTX of all families again. A file for each PTX, kind of card and driver; it begins with the
/// SHA-256 of the rest, and lies in a folder that nobody else can write to. The driver has a cache of its
/// own, which may be small, off, or gone with a container's home.
///
/// `-Dwengert.cuda.cubins=DIR` names another folder, `off` none. Whatever goes wrong here, the PTX is there.
final class CubinCache {
    private static final int HASH_BYTES = 32;
    private final Path folder;
    private final String suffix;

    /// @param folder     null for none
    /// @param capability of the card
    /// @param driver     its version
    CubinCache(Path folder, int capability, int driver) {
        this.folder = folder;
        suffix = "-sm_" + capability + "-" + driver + ".cubin";
    }

    static CubinCache of(int capability, int driver) {
        return new CubinCache(folder(), capability, driver);
    }

    private static Path folder() {
        String named = System.getProperty("wengert.cuda.cubins");
        try {
            Path cache = PrivateFiles.cache();
            return named == null ? cache == null ? null : cache.resolve("cubins")
                    : named.equals("off") ? null : Path.of(named);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /// The kernels of a PTX text for this card: from the folder, or translated now and put there.
    ///
    /// @return null where there is no folder, or the driver cannot translate
    byte[] of(String ptx) {
        if (folder == null) {
            return null;
        }
        try {
            byte[] key = hash(ptx.getBytes(StandardCharsets.UTF_8));
            Path file = PrivateFiles.folder(folder).resolve(HexFormat.of().formatHex(key, 0, 16) + suffix);
            byte[] kept = read(file);
            if (kept != null) {
                return kept;
            }
            byte[] made = translate(ptx);
            if (made != null) {
                byte[] content = Arrays.copyOf(hash(made), HASH_BYTES + made.length);
                System.arraycopy(made, 0, content, HASH_BYTES, made.length);
                PrivateFiles.put(file, content);
            }
            return made;
        } catch (IOException e) {
            return null; // a full disk, another user's folder: the driver translates again next time
        }
    }

    /// Null where there is none, or it is not what was put there.
    private static byte[] read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return null;
        }
        byte[] content = Files.readAllBytes(file);
        if (content.length <= HASH_BYTES) {
            return null;
        }
        byte[] cubin = Arrays.copyOfRange(content, HASH_BYTES, content.length);
        return Arrays.equals(hash(cubin), 0, HASH_BYTES, content, 0, HASH_BYTES) ? cubin : null;
    }

    private static byte[] translate(String ptx) {
        var state = new CUlinkState();
        if (JCudaDriver.cuLinkCreate(new JITOptions(), state) != 0) {
            return null;
        }
        try {
            byte[] text = (ptx + "\0").getBytes(StandardCharsets.UTF_8);
            var cubin = new Address();
            long[] size = new long[1];
            if (JCudaDriver.cuLinkAddData(state, CUjitInputType.CU_JIT_INPUT_PTX, Pointer.to(text),
                    text.length, "ptx", new JITOptions()) != 0
                    || JCudaDriver.cuLinkComplete(state, cubin, size) != 0) {
                return null;
            }
            // Where the state keeps it, in the program's memory.
            return MemorySegment.ofAddress(cubin.value()).reinterpret(size[0]).toArray(ValueLayout.JAVA_BYTE);
        } finally {
            JCudaDriver.cuLinkDestroy(state);
        }
    }

    private static byte[] hash(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
