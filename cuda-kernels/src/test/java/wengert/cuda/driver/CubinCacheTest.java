package wengert.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wengert.cuda.emulation.EmulatedDriver;
import wengert.cuda.emulation.Emulation;

/// The driver translates the kernels once for each kind of card, and nobody is given what was damaged since.
final class CubinCacheTest {
    @TempDir
    private Path folder;
    private String ptx;

    @BeforeEach
    void open() throws IOException {
        EmulatedDriver.require();
        Emulation.reset();
        new Context(0).enter();
        try (InputStream in = CubinCacheTest.class.getResourceAsStream("/wengert/cuda/copies.ptx")) {
            ptx = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private CubinCache cache() {
        return new CubinCache(folder.resolve("cubins"), 75, 12060);
    }

    private Path only() throws IOException {
        try (var files = Files.list(folder.resolve("cubins"))) {
            return files.reduce((_, _) -> {
                throw new AssertionError("more than one file");
            }).orElseThrow();
        }
    }

    @Test
    void aPtxIsTranslatedOnceAndCanBeLoaded() {
        long before = Emulation.calls("cuLinkComplete");
        byte[] cubin = cache().of(ptx);
        assertArrayEquals(cubin, cache().of(ptx));
        assertEquals(1, Emulation.calls("cuLinkComplete") - before);
        var module = new CUmodule();
        assertEquals(0, JCudaDriver.cuModuleLoadData(module, cubin));
        assertEquals(0, JCudaDriver.cuModuleUnload(module));
    }

    @Test
    void anotherDriverOrCardTranslatesAgain() {
        cache().of(ptx);
        long before = Emulation.calls("cuLinkComplete");
        assertNotNull(new CubinCache(folder.resolve("cubins"), 75, 12090).of(ptx));
        assertNotNull(new CubinCache(folder.resolve("cubins"), 90, 12060).of(ptx));
        assertEquals(2, Emulation.calls("cuLinkComplete") - before);
    }

    @Test
    void aDamagedFileIsMadeAnew() throws IOException {
        byte[] cubin = cache().of(ptx);
        byte[] content = Files.readAllBytes(only());
        content[content.length - 9] ^= 1;
        Files.write(only(), content);
        assertArrayEquals(cubin, cache().of(ptx));
        Files.write(only(), Arrays.copyOf(content, 100));
        assertArrayEquals(cubin, cache().of(ptx));
        assertArrayEquals(cubin, cache().of(ptx));
    }

    @Test
    void whatTheDriverRefusesIsLeftToTheLoading() {
        assertNull(cache().of("no PTX at all"));
        Emulation.fail("cuLinkCreate", 1, 801);
        assertNull(cache().of(ptx));
        assertNotNull(cache().of(ptx));
    }

    @Test
    void withoutAFolderNothingIsKept() throws IOException {
        assertNull(new CubinCache(null, 75, 12060).of(ptx));
        Path file = Files.createFile(folder.resolve("file"));
        assertNull(new CubinCache(file, 75, 12060).of(ptx));
    }
}
