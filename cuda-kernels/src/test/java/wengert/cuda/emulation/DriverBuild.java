package wengert.cuda.emulation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jcuda.JCudaVersion;

/// Builds the three libraries of the software driver: `libcuda.so.1` with the kernels inside,
/// `libcublas.so.12` and `libcudnn.so.9`. Only what changed is built again: beside each result lies the hash
/// of all it was made of. Several processes may ask at once; one builds.
final class DriverBuild {
    private static final List<String> FLAGS = List.of("-std=c++20", "-fPIC", "-fvisibility=hidden",
            "-fno-gnu-unique", "-fcf-protection=none");
    private static final int JOBS = 2;

    /// What is made of the sources in the folder of the driver.
    ///
    /// @param file    its name, which is its soname
    /// @param prefix  of its functions
    /// @param missing status of functions that nobody wrote
    /// @param jcuda   JCuda's native that calls it
    /// @param sources pattern of their names
    private record Library(String file, String prefix, int missing, String jcuda, String sources) {
    }

    private static final Library DRIVER = new Library("libcuda.so.1", "cu", 801, "JCudaDriver",
            "(?!cublas|cudnn).*\\.cpp");
    private static final List<Library> LIBRARIES = List.of(DRIVER,
            new Library("libcublas.so.12", "cublas", 15, "JCublas2", "cublas.*\\.cpp"),
            new Library("libcudnn.so.9", "cudnn", 3000, "JCudnn", "cudnn.*\\.cpp"));

    /// A compiled source, or several of them in one.
    ///
    /// @param hash    of all that it is made of
    /// @param compile makes it
    private record Part(Path object, String hash, Compilation compile) {
    }

    private interface Compilation {
        void run() throws IOException;
    }

    private final String tools;
    private final Path module;
    private final Path sources;
    private final Path target;
    private final Path objects;

    private DriverBuild(String tools, Path module, Path target) {
        this.tools = tools;
        this.module = module;
        this.sources = module.resolve("src/test/cuda-driver");
        this.target = target;
        this.objects = target.resolve("objects");
    }

    /// Why this machine cannot have the software driver, or null if it can.
    static String obstacle() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return "the software CUDA driver needs Linux, this is " + System.getProperty("os.name");
        }
        if (!System.getProperty("os.arch").equals("amd64")) {
            return "the software CUDA driver needs x86-64, this is " + System.getProperty("os.arch");
        }
        try {
            run(List.of("g++", "--version"));
            run(List.of("nm", "--version"));
            return null;
        } catch (IOException e) {
            return "the software CUDA driver needs g++ and binutils: " + e.getMessage();
        }
    }

    /// The folder with the libraries, all of them up to date.
    ///
    /// @param module folder of cuda-kernels
    static Path build(Path module) throws IOException {
        Path target = module.resolve("target/cuda-driver");
        Files.createDirectories(target.resolve("objects"));
        try (var lock = FileChannel.open(target.resolve("lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)) {
            lock.lock();
            new DriverBuild(run(List.of("g++", "--version")), module, target).build();
        }
        return target;
    }

    private void build() throws IOException {
        var kernels = new ArrayList<Part>();
        for (String folder : List.of("src/main/cuda", "src/test/cuda")) {
            for (Path source : files(module.resolve(folder), ".*\\.cu")) {
                kernels.add(kernels(source));
            }
        }
        var parts = new ArrayList<>(kernels);
        for (Library library : LIBRARIES) {
            parts.add(code(library));
        }
        compile(parts);
        for (Library library : LIBRARIES) {
            var of = new ArrayList<>(library == DRIVER ? kernels : List.of());
            of.add(code(library));
            link(library, of);
        }
    }

    /// All of a library's own sources compiled as one: most of the time goes into the standard headers.
    private Part code(Library library) throws IOException {
        List<Path> all = files(sources, library.sources);
        var unit = new StringBuilder();
        all.forEach(source -> unit.append("#include \"" + source + "\"\n"));
        var files = new ArrayList<>(all);
        files.addAll(files(sources, ".*\\.h"));
        Path object = objects.resolve(library.file + ".o");
        return new Part(object, hash(files), () -> {
            Path source = Files.writeString(objects.resolve(library.file + ".cpp"), unit);
            var command = compiler("-O2", "-Wall", "-Wextra", "-Werror", "-Wno-restrict");
            command.addAll(List.of("-c", source.toString(), "-o", object.toString()));
            run(command);
        });
    }

    private Part kernels(Path source) throws IOException {
        var files = new ArrayList<>(List.of(source, sources.resolve("language.h")));
        files.addAll(files(source.getParent(), ".*\\.cuh"));
        Path object = objects.resolve(source.getFileName() + ".o");
        return new Part(object, hash(files), () -> compileKernels(source, object));
    }

    /// No contraction: a fused multiply-add stands where the source says so, as nvcc is told too.
    private void compileKernels(Path source, Path object) throws IOException {
        var preprocess = compiler("-E", "-x", "c++", "-include", sources.resolve("language.h").toString());
        preprocess.add(source.toString());
        Path unit = Files.writeString(objects.resolve(source.getFileName() + ".ii"),
                KernelSource.translate(source.getFileName().toString(), run(preprocess)));
        var command = compiler("-O1", "-finline-functions", "-w", "-fno-exceptions", "-ffp-contract=off",
                "-fno-strict-aliasing");
        String made = object + ".new";
        command.addAll(List.of("-x", "c++-cpp-output", "-c", unit.toString(), "-o", made));
        run(command);
        // Two .cu files may define equally named device functions, as nvcc lets them: nothing is shared, not
        // even what templates make.
        run(List.of("ld", "-r", "--force-group-allocation", "-o", object.toString(), made));
        run(List.of("objcopy", "--localize-hidden", object.toString()));
    }

    private static List<String> compiler(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("g++"));
        command.addAll(FLAGS);
        if (Files.readString(Path.of("/proc/cpuinfo")).contains(" fma ")) {
            command.addAll(List.of("-mavx2", "-mfma"));
        }
        command.addAll(List.of(arguments));
        return command;
    }

    private static void compile(List<Part> parts) throws IOException {
        try (var pool = Executors.newFixedThreadPool(JOBS)) {
            var running = new ArrayList<Future<?>>();
            for (Part part : parts) {
                if (!isCurrent(part.object, part.hash)) {
                    running.add(pool.submit(() -> {
                        part.compile.run();
                        stamp(part.object, part.hash);
                        return null;
                    }));
                }
            }
            for (Future<?> job : running) {
                job.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void link(Library library, List<Part> parts) throws IOException {
        Path result = target.resolve(library.file);
        var hashes = new StringBuilder(library.toString());
        parts.forEach(part -> hashes.append(part.hash));
        String hash = hash(hashes.toString().getBytes(StandardCharsets.UTF_8));
        if (isCurrent(result, hash)) {
            return;
        }
        Path made = target.resolve(library.file + ".new");
        var command = compiler("-shared", "-Wl,-soname," + library.file, "-Wl,-Bsymbolic", "-Wl,-z,defs",
                "-o", made.toString(), missing(library, parts).toString());
        parts.forEach(part -> command.add(part.object.toString()));
        if (library != DRIVER) {
            // JCuda asks for these functions with the library's name as their version.
            Path versions = Files.writeString(objects.resolve(library.file + ".map"),
                    library.file + " { global: " + library.prefix + "*; local: *; };\n");
            command.addAll(List.of("-Wl,--version-script=" + versions, "-L" + target, "-l:" + DRIVER.file));
        }
        run(command);
        // A new file, not new content: other processes may have the old one mapped.
        Files.move(made, result, StandardCopyOption.ATOMIC_MOVE);
        stamp(result, hash);
    }

    /// Functions that JCuda asks for and nobody wrote say so when they are called: without a body the call
    /// would end the JVM.
    private Path missing(Library library, List<Part> parts) throws IOException {
        var wanted = symbols(library, "nm", "-D", "--undefined-only", jcuda(library).toString());
        for (Part part : parts) {
            wanted.removeAll(symbols(library, "nm", "--defined-only", part.object.toString()));
        }
        var text = new StringBuilder("#include \"interface.h\"\n");
        for (String name : wanted) {
            text.append("""
                    extern "C" EMULATION_API int %1$s() { return emulation::notEmulated("%1$s", %2$d); }
                    """.formatted(name, library.missing));
        }
        Path source = Files.writeString(objects.resolve(library.file + ".missing.cpp"), text);
        Path object = objects.resolve(library.file + ".missing.o");
        run(compiler("-I" + sources, "-c", source.toString(), "-o", object.toString()));
        return object;
    }

    private static TreeSet<String> symbols(Library library, String... nm) throws IOException {
        var symbols = new TreeSet<String>();
        for (String line : run(List.of(nm)).split("\n")) {
            String symbol = line.substring(line.lastIndexOf(' ') + 1).replaceFirst("@.*", "");
            if (symbol.startsWith(library.prefix)) {
                symbols.add(symbol);
            }
        }
        return symbols;
    }

    private Path jcuda(Library library) throws IOException {
        String file = "lib" + library.jcuda + "-" + JCudaVersion.get() + "-linux-x86_64.so";
        try (InputStream in = DriverBuild.class.getResourceAsStream("/lib/" + file)) {
            if (in == null) {
                throw new IOException("the class path lacks JCuda's native " + file);
            }
            return Files.write(objects.resolve(file), in.readAllBytes());
        }
    }

    private String hash(List<Path> files) throws IOException {
        var all = new StringBuilder(tools);
        var these = new ArrayList<>(files);
        Path ours = module.resolve("src/test/java/wengert/cuda/emulation");
        these.addAll(List.of(ours.resolve("DriverBuild.java"), ours.resolve("KernelSource.java")));
        for (Path file : these) {
            all.append(file.getFileName()).append('\n').append(Files.readString(file));
        }
        return hash(all.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JVM has SHA-256", e);
        }
    }

    private static boolean isCurrent(Path result, String hash) throws IOException {
        Path stamp = Path.of(result + ".hash");
        return Files.exists(result) && Files.exists(stamp) && Files.readString(stamp).equals(hash);
    }

    private static void stamp(Path result, String hash) throws IOException {
        Files.writeString(Path.of(result + ".hash"), hash);
    }

    private static List<Path> files(Path folder, String pattern) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var all = Files.list(folder)) {
            return all.filter(file -> file.getFileName().toString().matches(pattern)).sorted().toList();
        }
    }

    /// What the command printed.
    private static String run(List<String> command) throws IOException {
        Path errors = Files.createTempFile("wengert", ".err");
        try {
            Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ":\n" + Files.readString(errors));
            }
            return output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted: " + String.join(" ", command), e);
        } finally {
            Files.delete(errors);
        }
    }
}
