package wengert.cuda.driver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jcuda.Pointer;
import jcuda.driver.CUfunction;
import jcuda.driver.CUjit_option;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;
import wengert.tensor.spi.BackendException;

/// The kernels of one source file, loaded into a context.
public final class KernelModule {
    private final Context context;
    private final String name;
    private final Ptx ptx;
    private final CUmodule handle = new CUmodule();
    private final Map<String, Kernel> kernels = new ConcurrentHashMap<>();

    private KernelModule(Context context, String name, String text) {
        this.context = context;
        this.name = name;
        this.ptx = Ptx.of(text);
        byte[] cubin = context.cubins().of(text);
        if (cubin != null && JCudaDriver.cuModuleLoadData(handle, cubin) == 0) {
            return;
        }
        byte[] log = new byte[4096];
        // The driver's compiler says here what it did not like, such as a newer PTX than it knows.
        int status = JCudaDriver.cuModuleLoadDataEx(handle, Pointer.to(zeroEnded(text)), 2,
                new int[] {CUjit_option.CU_JIT_ERROR_LOG_BUFFER,
                    CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES},
                Pointer.to(Pointer.to(log), Pointer.to(new long[] {log.length})));
        if (status != 0) {
            String words = new String(log, StandardCharsets.UTF_8).replace("\0", "").strip();
            throw Check.failure(status, "cuModuleLoadDataEx",
                    name + (words.isEmpty() ? "" : ", " + words));
        }
    }

    private static byte[] zeroEnded(String text) {
        return (text + "\0").getBytes(StandardCharsets.UTF_8);
    }

    /// Loads a PTX text.
    ///
    /// @param name for messages
    public static KernelModule of(Context context, String name, String text) {
        context.enter();
        return new KernelModule(context, name, text);
    }

    /// Compiles CUDA C++ for the card, with NVRTC or nvcc, and loads it.
    ///
    /// @param name   for messages: `swish.cu`
    /// @param source with kernels declared `extern "C" __global__`
    public static KernelModule compile(Context context, String name, String source) {
        return of(context, name, Compiler.ptx(name, source, context.capability()));
    }

    static KernelModule ofResource(Context context, String name) {
        String path = "/wengert/cuda/" + name + ".ptx";
        try (InputStream in = KernelModule.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new BackendException("cuda: " + path + " is not in wengert-cuda's jar; build it again, "
                        + "with nvcc if that file is not in src/main/resources");
            }
            return of(context, name + ".ptx", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new BackendException("cuda: cannot read " + path + " of wengert-cuda's jar", e);
        }
    }

    /// One of its kernels.
    public Kernel kernel(String entry) {
        Kernel k = kernels.get(entry);
        return k != null ? k : kernels.computeIfAbsent(entry, this::find);
    }

    private Kernel find(String entry) {
        var parameters = ptx.entries().get(entry);
        if (parameters == null) {
            throw new BackendException("cuda: " + name + " has no kernel " + entry);
        }
        context.enter();
        var function = new CUfunction();
        int status = JCudaDriver.cuModuleGetFunction(function, handle, entry);
        if (status != 0) {
            throw Check.failure(status, "cuModuleGetFunction", entry + " of " + name);
        }
        return new Kernel(context, entry, function, parameters);
    }
}
