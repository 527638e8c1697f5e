package wengert.cuda.load;

import java.util.List;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;
import jcuda.jcudnn.JCudnn;
import jcuda.nvrtc.JNvrtc;

/// One of NVIDIA's libraries, with the part of JCuda that calls it; in the order in which they are loaded, so
/// that each finds those that it asks for loaded already.
enum Library {
    /// The driver.
    DRIVER("driver", "12.0 or newer", "JCudaDriver", "jcuda.driver.JCudaDriver",
            List.of("libcuda.so.1"), List.of("nvcuda.dll"),
            "install NVIDIA's driver, until `nvidia-smi` lists the card"),
    /// Matrix products.
    CUBLAS("cuBLAS", "12 or 13", "JCublas2", "jcuda.jcublas.JCublas2",
            List.of("libcublas.so.12", "libcublas.so.13"), List.of("cublas64_12.dll", "cublas64_13.dll"),
            "install cuBLAS of CUDA 12 (apt install libcublas-12-6, or pip install nvidia-cublas-cu12)"),
    /// Compiles kernels here; not needed.
    NVRTC("NVRTC", "12 or 13 (optional)", "JNvrtc", "jcuda.nvrtc.JNvrtc",
            List.of("libnvrtc.so.12", "libnvrtc.so.13"), List.of("nvrtc64_120_0.dll", "nvrtc64_130_0.dll"),
            "only for kernels of your own (apt install cuda-nvrtc-12-6, or pip install "
                    + "nvidia-cuda-nvrtc-cu12)"),
    /// Convolutions.
    CUDNN("cuDNN", "9", "JCudnn", "jcuda.jcudnn.JCudnn",
            List.of("libcudnn.so.9"), List.of("cudnn64_9.dll"),
            "install cuDNN 9 for CUDA 12 (apt install libcudnn9-cuda-12, or pip install nvidia-cudnn-cu12), "
                    + "or do without it (-Dwengert.cuda.convolution=own)");

    private final String title;
    private final String expected;
    private final String jcuda;
    private final String jcudaClass;
    private final List<String> names;
    private final String install;

    Library(String title, String expected, String jcuda, String jcudaClass, List<String> linux,
            List<String> windows, String install) {
        this.title = title;
        this.expected = expected;
        this.jcuda = jcuda;
        this.jcudaClass = jcudaClass;
        names = Places.WINDOWS ? windows : linux;
        this.install = install;
    }

    String title() {
        return title;
    }

    /// Versions that would do.
    String expected() {
        return expected;
    }

    /// Name of JCuda's native library for it.
    String jcuda() {
        return jcuda;
    }

    String jcudaClass() {
        return jcudaClass;
    }

    /// File names, the preferred one first, which is the one that JCuda's native library was linked with.
    List<String> names() {
        return names;
    }

    /// What to do where it is missing.
    String install() {
        return install;
    }

    boolean isOptional() {
        return this == NVRTC
                || this == CUDNN && "own".equals(System.getProperty("wengert.cuda.convolution"));
    }

    /// What the loaded library says of itself; empty if it does not.
    String version() {
        int[] a = new int[1];
        int[] b = new int[1];
        return switch (this) {
            case DRIVER -> JCudaDriver.cuDriverGetVersion(a) == 0 ? dotted(a[0], 1000, 10) : "";
            case CUBLAS -> {
                int[] c = new int[1];
                yield JCublas2.cublasGetProperty(0, a) == 0 && JCublas2.cublasGetProperty(1, b) == 0
                        && JCublas2.cublasGetProperty(2, c) == 0 ? a[0] + "." + b[0] + "." + c[0] : "";
            }
            case NVRTC -> JNvrtc.nvrtcVersion(a, b) == 0 ? a[0] + "." + b[0] : "";
            case CUDNN -> {
                int version = (int) JCudnn.cudnnGetVersion();
                yield version == 0 ? "" : dotted(version, 10_000, 100) + "." + version % 100;
            }
        };
    }

    private static String dotted(int version, int major, int minor) {
        return version / major + "." + version % major / minor;
    }
}
