package wengert.cuda.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Assumptions;

/// NVIDIA's libraries as far as finding and loading goes: a file of the right name, with symbols of the right
/// version, that says which version it is. Built by g++ in a moment.
final class Stubs {
    private static final String DRIVER = """
            #include <cstdlib>
            #include <cstring>
            extern "C" {
            static int number(const char *name, int otherwise) {
                const char *text = getenv(name);
                return text ? atoi(text) : otherwise;
            }
            int cuDriverGetVersion(int *v) { *v = number("STUB_DRIVER", 12060); return 0; }
            int cuInit(unsigned) { return number("STUB_INIT", 0); }
            int cuDeviceGetCount(int *n) { *n = 2; return 0; }
            int cuDeviceGet(int *device, int index) { *device = index; return 0; }
            int cuDeviceGetName(char *name, int, int) { strcpy(name, "Stub 7"); return 0; }
            int cuDeviceTotalMem_v2(size_t *bytes, int) { *bytes = 3ull << 30; return 0; }
            int cuDeviceGetAttribute(int *value, int attribute, int) {
                *value = attribute == 75 ? number("STUB_MAJOR", 8) : 6;
                return 0;
            }
            }
            """;
    private static final String CUBLAS = """
            extern "C" int cublasGetProperty(int which, int *value) {
                *value = which == 0 ? %s : which + 3;
                return 0;
            }
            """;
    private static final String CUDNN = """
            extern "C" unsigned long cudnnGetVersion() { return 90100; }
            extern "C" unsigned long cudnnGetCudartVersion() { return 12060; }
            """;
    private static final String NVRTC = """
            extern "C" int nvrtcVersion(int *major, int *minor) { *major = %s; *minor = 2; return 0; }
            """;

    /// Built ones, by name.
    private static final Map<String, byte[]> BUILT = new ConcurrentHashMap<>();

    private Stubs() {
    }

    /// Builds libraries, of names such as `libcublas.so.13`, into a folder.
    static Path build(Path folder, String... names) {
        Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64"),
                "stubs of NVIDIA's libraries are for Linux on x86-64");
        try {
            Files.createDirectories(folder);
            for (String name : names) {
                byte[] built = BUILT.get(name);
                if (built == null) {
                    build(folder, name);
                    BUILT.put(name, Files.readAllBytes(folder.resolve(name)));
                } else {
                    Files.write(folder.resolve(name), built);
                }
            }
        } catch (IOException e) {
            Assumptions.abort("stubs of NVIDIA's libraries need g++: " + e.getMessage());
        }
        return folder;
    }

    private static void build(Path folder, String name) throws IOException {
        String version = name.substring(name.lastIndexOf('.') + 1);
        String source = switch (name.substring(0, name.indexOf('.'))) {
            case "libcuda" -> DRIVER;
            case "libcublas" -> CUBLAS.formatted(version);
            case "libcudnn" -> CUDNN;
            default -> NVRTC.formatted(version);
        };
        Path code = Files.writeString(folder.resolve("stub.cpp"), source);
        Path versions = Files.writeString(folder.resolve("versions"), name + " { global: *; };");
        List<String> command = List.of("g++", "-shared", "-fPIC", "-Wl,-soname," + name,
                name.startsWith("libcuda.") ? "-O0" : "-Wl,--version-script=" + versions, "-o",
                folder.resolve(name).toString(), code.toString());
        Process compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(compiler.getInputStream().readAllBytes());
        if (compiler.onExit().join().exitValue() != 0) {
            throw new AssertionError(said);
        }
    }
}
