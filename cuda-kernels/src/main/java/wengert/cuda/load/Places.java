package wengert.cuda.load;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Folders in which NVIDIA's libraries may lie.
///
/// @param named what the user named: tried first, every name in one folder before the next folder
/// @param usual where they lie on most machines: the first name is tried in all of them before the second, so
///              that an older CUDA 12 beside a CUDA 13 is found
record Places(List<Path> named, List<Path> usual) {
    /// Folders that a user names, separated as in a class path.
    static final String PROPERTY = "wengert.cuda.libraries";

    static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");

    private static final String[] LINUX = {"/usr/local/cuda/lib64", "/usr/local/cuda-*/lib64",
            "/usr/local/cuda*/targets/x86_64-linux/lib", "/opt/cuda/lib64", "/usr/lib/x86_64-linux-gnu",
            "/usr/lib64", "/usr/lib", "/usr/lib/wsl/lib", "/run/opengl-driver/lib"};

    static Places ofThisMachine() {
        List<Path> usual = new ArrayList<>(list(System.getProperty("java.library.path")));
        if (WINDOWS) {
            windows(usual);
        } else {
            linux(usual);
        }
        return new Places(list(System.getProperty(PROPERTY)), distinct(usual));
    }

    /// These folders and no others.
    static Places only(Path... folders) {
        return new Places(List.of(folders), List.of());
    }

    /// The file that has the first of these names; null if there is none.
    Path find(List<String> names) {
        Stream<Path> first = named.stream().flatMap(folder -> names.stream().map(folder::resolve));
        Stream<Path> then = names.stream().flatMap(name -> usual.stream().map(f -> f.resolve(name)));
        return Stream.concat(first, then).filter(Places::isLibrary).findFirst().orElse(null);
    }

    /// How many bytes a library lacks: an installation may have run out of disk.
    static long missing(Path file) throws IOException {
        if (WINDOWS) {
            return 0;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Math.max(0, Elf.length(in.readNBytes(4096)) - Files.size(file));
        }
    }

    @Override
    public String toString() {
        return Stream.concat(named.stream(), usual.stream()).map(Path::toString)
                .collect(Collectors.joining(", "));
    }

    /// A file of this machine's kind: 32-bit libraries have the same names.
    private static boolean isLibrary(Path file) {
        if (WINDOWS || !Files.isRegularFile(file)) {
            return Files.isRegularFile(file);
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Elf.isX86Library(in.readNBytes(64));
        } catch (IOException e) {
            return false;
        }
    }

    private static void linux(List<Path> places) {
        places.addAll(list(System.getenv("LD_LIBRARY_PATH")));
        for (Path file : glob("/etc/ld.so.conf.d/*.conf")) {
            try (Stream<String> lines = Files.lines(file)) {
                lines.map(String::strip).filter(line -> line.startsWith("/")).map(Path::of)
                        .forEach(places::add);
            } catch (IOException | UncheckedIOException e) {
                continue; // a file that we may not read names nothing
            }
        }
        for (String pattern : LINUX) {
            places.addAll(glob(pattern));
        }
        for (String python : new String[] {System.getenv("VIRTUAL_ENV"), System.getenv("CONDA_PREFIX"),
                System.getProperty("user.home") + "/.local", "/opt/conda", "/usr/local", "/usr"}) {
            if (python != null && python.startsWith("/")) {
                places.addAll(glob(python + "/lib"));
                places.addAll(glob(python + "/lib/python3*/*-packages/nvidia/*/lib"));
            }
        }
    }

    private static void windows(List<Path> places) {
        String cuda = System.getenv("CUDA_PATH");
        if (cuda != null) {
            places.add(Path.of(cuda, "bin"));
            places.add(Path.of(cuda, "bin", "x64"));
        }
        places.add(Path.of(System.getenv().getOrDefault("SystemRoot", "C:\\Windows"), "System32"));
        places.addAll(list(System.getenv("PATH")));
    }

    private static List<Path> list(String folders) {
        return folders == null ? List.of()
                : Stream.of(folders.split(File.pathSeparator)).filter(f -> !f.isBlank())
                        .map(f -> Path.of(f).toAbsolutePath()).toList();
    }

    /// Those that are there, each once, whatever it is called.
    private static List<Path> distinct(List<Path> folders) {
        Set<Path> seen = new HashSet<>();
        List<Path> kept = new ArrayList<>();
        for (Path folder : folders) {
            try {
                if (Files.isDirectory(folder) && seen.add(folder.toRealPath())) {
                    kept.add(folder);
                }
            } catch (IOException e) {
                continue; // nor could a library be read from there
            }
        }
        return kept;
    }

    /// The files and folders that an absolute path with `*` in its parts stands for; the last in the alphabet
    /// first, which is the newest of several versions.
    private static List<Path> glob(String pattern) {
        List<Path> found = List.of(Path.of("/"));
        for (String part : pattern.substring(1).split("/")) {
            List<Path> next = new ArrayList<>();
            for (Path folder : found) {
                if (part.contains("*")) {
                    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, part)) {
                        entries.forEach(next::add);
                    } catch (IOException e) {
                        continue; // no such folder
                    }
                } else if (Files.exists(folder.resolve(part))) {
                    next.add(folder.resolve(part));
                }
            }
            next.sort((a, b) -> b.compareTo(a));
            found = next;
        }
        return found;
    }
}
