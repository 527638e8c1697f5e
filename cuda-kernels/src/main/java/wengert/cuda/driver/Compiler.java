package wengert.cuda.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;
import wengert.cuda.load.Libraries;
import wengert.tensor.spi.BackendException;

/// CUDA C++ to PTX while the program runs: with NVRTC, which comes with the CUDA toolkit and needs nothing
/// else, or where that is missing with the toolkit's nvcc.
final class Compiler {
    private Compiler() {
    }

    /// @param name       for messages: `swish.cu`
    /// @param capability of the card: 90 for 9.0
    /// @throws BackendException with the compiler's words if it refuses the source
    static String ptx(String name, String source, int capability) {
        String architecture = "--gpu-architecture=compute_" + capability;
        String ptx = Libraries.hasNvrtc() ? nvrtc(name, source, architecture)
                : nvcc(name, source, architecture);
        // A compiler labels all it makes with its own version, which an older driver refuses to read; the
        // oldest that knows the card will do for kernels that use nothing newer.
        String version = capability <= 75 ? "6.3" : capability <= 80 ? "7.0" : capability <= 86 ? "7.1"
                : capability <= 90 ? "7.8" : null;
        return version == null ? ptx : ptx.replaceFirst("(?m)^\\.version .*$", ".version " + version);
    }

    private static String nvrtc(String name, String source, String architecture) {
        var program = new nvrtcProgram();
        check(JNvrtc.nvrtcCreateProgram(program, source, name, 0, null, null), "nvrtcCreateProgram", name);
        try {
            int status = JNvrtc.nvrtcCompileProgram(program, 1, new String[] {architecture});
            String[] text = {null};
            if (status != 0) {
                JNvrtc.nvrtcGetProgramLog(program, text);
                throw refused(name, text[0]);
            }
            check(JNvrtc.nvrtcGetPTX(program, text), "nvrtcGetPTX", name);
            return text[0];
        } finally {
            JNvrtc.nvrtcDestroyProgram(program);
        }
    }

    private static void check(int status, String call, String name) {
        if (status != 0) {
            throw new BackendException(call + "(" + name + "): " + JNvrtc.nvrtcGetErrorString(status));
        }
    }

    private static String nvcc(String name, String source, String architecture) {
        try {
            Path folder = Files.createTempDirectory("wengert");
            Path in = folder.resolve("kernel.cu");
            Path out = folder.resolve("kernel.ptx");
            try {
                Files.writeString(in, source);
                Process nvcc;
                try {
                    nvcc = new ProcessBuilder("nvcc", "-ptx", architecture, "-o", out.toString(),
                            in.toString()).redirectErrorStream(true).start();
                } catch (IOException e) {
                    throw new BackendException("compile " + name + ": expected NVRTC or nvcc, found neither. "
                            + "Install the CUDA toolkit, or give -Dwengert.cuda.libraries=DIR the folder of "
                            + "libnvrtc.so.12", e);
                }
                String words = new String(nvcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (nvcc.waitFor() != 0) {
                    throw refused(name, words.replace(in.toString(), name));
                }
                return Files.readString(out);
            } finally {
                Files.deleteIfExists(in);
                Files.deleteIfExists(out);
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new BackendException("compile " + name + ": cannot use nvcc: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackendException("compile " + name + ": interrupted", e);
        }
    }

    private static BackendException refused(String name, String words) {
        return new BackendException("compile " + name + ": the compiler refuses it:\n" + words.strip());
    }
}
