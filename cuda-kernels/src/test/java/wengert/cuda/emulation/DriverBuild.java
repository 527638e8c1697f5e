package wengert.cuda.emulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jcuda.JCudaVersion;

/// Builds the three libraries of the software driver, `libcuda.so.1` with the kernels inside,
/// `libcublas.so.12` and `libcudnn.so.9`, and puts JCuda's natives beside them. Only what changed is built
/// again: each object keeps the hash of all it was made of. Several processes may ask at once; one builds.
final class DriverBuild {
    private static final List<String> EVERYWHERE = List.of("-std=c++20", "-fPIC", "-fvisibility=hidden",
            "-fno-gnu-unique", "-fcf-protection=none");
    private static final int JOBS = 2;

    private final String compiler;
    private final Path sources;
    private final List<Path> kernelFolders;
    private final Path target;
    private final Path objects;

    private DriverBuild(String compiler, Path sources, List<Path> kernelFolders, Path target) {
        this.compiler = compiler;
        this.sources = sources;
        this.kernelFolders = kernelFolders;
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
            run("g++", "--version");
            run("nm", "--version");
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
            var kernelFolders = List.of(module.resolve("src/main/cuda"), module.resolve("src/test/cuda"));
            new DriverBuild(run("g++", "--version"), module.resolve("src/test/cuda-driver"), kernelFolders,
                    target).build();
        }
        return target;
    }

    private void build() throws IOException {
        Path natives = target.resolve("natives");
        Files.createDirectories(natives);
        var jobs = new TreeMap<Path, Job>();
        for (Path source : files(sources, ".cpp")) {
            String hash = hash(source, files(sources, ".h"));
            jobs.put(object(source), new Job(source, this::compileDriver, hash));
        }
        for (Path folder : kernelFolders) {
            for (Path source : files(folder, ".cu")) {
                List<Path> headers = new ArrayList<>(files(folder, ".cuh"));
                headers.add(sources.resolve("language.h"));
                var job = new Job(source, this::compileKernels, hash(source, headers));
                if (jobs.put(object(source), job) != null) {
                    throw new IOException("two sources are named " + source.getFileName());
                }
            }
        }
        compile(jobs);
        var driver = new ArrayList<Path>();
        for (Path object : jobs.keySet()) {
            if (!isOf("cublas", object) && !isOf("cudnn", object)) {
                driver.add(object);
            }
        }
        link("libcuda.so.1", "cu", 801, extract(natives, "JCudaDriver"), driver, jobs);
        link("libcublas.so.12", "cublas", 15, extract(natives, "JCublas2"), named(jobs, "cublas"), jobs);
        link("libcudnn.so.9", "cudnn", 3000, extract(natives, "JCudnn"), named(jobs, "cudnn"), jobs);
    }

    private interface Compiler {
        void compile(Path source, Path object) throws IOException;
    }

    private record Job(Path source, Compiler compiler, String hash) {
    }

    private void compile(SequencedMap<Path, Job> jobs) throws IOException {
        try (var pool = Executors.newFixedThreadPool(JOBS)) {
            var running = new ArrayList<Future<?>>();
            for (var entry : jobs.entrySet()) {
                Path object = entry.getKey();
                Job job = entry.getValue();
                if (isCurrent(object, job.hash)) {
                    continue;
                }
                running.add(pool.submit(() -> {
                    job.compiler.compile(job.source, object);
                    stamp(object, job.hash);
                    return null;
                }));
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

    private void compileDriver(Path source, Path object) throws IOException {
        var command = command("-O2", "-Wall", "-Wextra", "-Werror", "-Wno-restrict");
        command.addAll(processor());
        command.addAll(List.of("-c", source.toString(), "-o", object.toString()));
        run(command.toArray(String[]::new));
    }

    /// No contraction: a fused multiply-add stands where the source says so, as nvcc is told too.
    private void compileKernels(Path source, Path object) throws IOException {
        Path unit = Path.of(object + ".ii");
        var preprocess = command("-E", "-x", "c++", "-include", sources.resolve("language.h").toString(),
                source.toString());
        Files.writeString(unit, KernelSource.translate(source.getFileName().toString(),
                run(preprocess.toArray(String[]::new))));
        var command = command("-O2", "-w", "-fno-exceptions", "-ffp-contract=off", "-fno-strict-aliasing");
        command.addAll(processor());
        Path grouped = Path.of(object + ".grouped");
        command.addAll(List.of("-x", "c++-cpp-output", "-c", unit.toString(), "-o", grouped.toString()));
        run(command.toArray(String[]::new));
        // Two .cu files may define equally named device functions, as nvcc lets them: each keeps its own. As
        // members of a group, templates of one name would be thrown away but once.
        run("ld", "-r", "--force-group-allocation", "-o", object.toString(), grouped.toString());
        run("objcopy", "--localize-hidden", object.toString());
    }

    private List<String> command(String... arguments) {
        var command = new ArrayList<String>();
        command.add("g++");
        command.addAll(EVERYWHERE);
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> processor() throws IOException {
        return Files.readString(Path.of("/proc/cpuinfo")).contains(" fma ") ? List.of("-mavx2", "-mfma")
                : List.of();
    }

    /// Functions that JCuda's native asks for and nobody wrote say so when they are called: without a body
    /// the call would end the JVM.
    private void link(String library, String prefix, int status, Path nativeLibrary, List<Path> parts,
            SequencedMap<Path, Job> jobs) throws IOException {
        var digest = new StringBuilder(library);
        parts.forEach(part -> digest.append(jobs.get(part).hash));
        String hash = hash(digest.toString().getBytes(StandardCharsets.UTF_8));
        Path result = target.resolve(library);
        if (isCurrent(result, hash)) {
            return;
        }
        var wanted = symbols(run("nm", "-D", "--undefined-only", nativeLibrary.toString()), prefix);
        for (Path part : parts) {
            wanted.removeAll(symbols(run("nm", "--defined-only", part.toString()), prefix));
        }
        var missing = new StringBuilder("#include \"interface.h\"\n");
        for (String name : wanted) {
            missing.append("""
                    extern "C" EMULATION_API int %1$s() { return emulation::notEmulated("%1$s", %2$d); }
                    """.formatted(name, status));
        }
        Path missingSource = objects.resolve("missing_" + prefix + ".cpp");
        Path missingObject = objects.resolve("missing_" + prefix + ".o");
        Files.writeString(missingSource, missing);
        run(commandWith("-I" + sources, "-c", missingSource.toString(), "-o", missingObject.toString()));
        Path made = target.resolve(library + ".new");
        var link = command("-shared", "-Wl,-soname," + library, "-Wl,-Bsymbolic", "-Wl,-z,defs", "-o",
                made.toString(), missingObject.toString());
        parts.forEach(part -> link.add(part.toString()));
        if (!prefix.equals("cu")) {
            // JCuda asks for cuBLAS's and cuDNN's functions with the library's name as their version.
            Path versions = objects.resolve(prefix + ".map");
            Files.writeString(versions, library + " { global: " + prefix + "*; local: *; };\n");
            link.addAll(List.of("-Wl,--version-script=" + versions, "-L" + target, "-l:libcuda.so.1"));
        }
        run(link.toArray(String[]::new));
        // A new file, not new content: other processes may have the old one mapped.
        Files.move(made, result, StandardCopyOption.ATOMIC_MOVE);
        stamp(result, hash);
    }

    private String[] commandWith(String... arguments) {
        return command(arguments).toArray(String[]::new);
    }

    private static TreeSet<String> symbols(String listing, String prefix) {
        var symbols = new TreeSet<String>();
        for (String line : listing.split("\n")) {
            String symbol = line.substring(line.lastIndexOf(' ') + 1).replaceFirst("@.*", "");
            if (symbol.startsWith(prefix)) {
                symbols.add(symbol);
            }
        }
        return symbols;
    }

    private static Path extract(Path natives, String name) throws IOException {
        String file = "lib" + name + "-" + JCudaVersion.get() + "-linux-x86_64.so";
        Path result = natives.resolve(file);
        try (InputStream in = DriverBuild.class.getResourceAsStream("/lib/" + file)) {
            if (in == null) {
                throw new IOException("the class path lacks JCuda's native " + file);
            }
            byte[] content = in.readAllBytes();
            if (!Files.exists(result) || Files.size(result) != content.length) {
                Path made = Files.write(natives.resolve(file + ".new"), content);
                Files.move(made, result, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        return result;
    }

    private Path object(Path source) {
        return objects.resolve(source.getFileName().toString().replaceFirst("\\.\\w+$", "")
                + (source.toString().endsWith(".cu") ? ".cu.o" : ".o"));
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private static List<Path> named(SequencedMap<Path, Job> jobs, String prefix) {
        return jobs.keySet().stream().filter(object -> isOf(prefix, object)).toList();
    }

    private static boolean isOf(String prefix, Path object) {
        return name(object).startsWith(prefix) && !name(object).endsWith(".cu.o");
    }

    private String hash(Path source, List<Path> headers) throws IOException {
        var all = new StringBuilder(compiler);
        for (Class<?> part : List.of(DriverBuild.class, KernelSource.class)) {
            try (InputStream in = part.getResourceAsStream(part.getSimpleName() + ".class")) {
                all.append(hash(in.readAllBytes()));
            }
        }
        all.append(Files.readString(source));
        for (Path header : headers) {
            all.append(Files.readString(header));
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

    private static List<Path> files(Path folder, String ending) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What the command printed.
    private static String run(String... command) throws IOException {
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
