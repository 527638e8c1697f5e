package wengert.cuda.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jcuda.jcudnn.JCudnn;

/// Finds and loads what the backend needs, a library at a time, and remembers what came of it: a library is
/// loaded once in the life of a JVM.
final class Setup {
    /// What the driver has to offer, as `cuDriverGetVersion` counts, for libraries of CUDA 12 and of CUDA 13.
    private static final int CUDA_12 = 12_000;
    private static final int CUDA_13 = 13_000;

    private final Places places;
    private final Natives natives = new Natives();
    private final Map<Library, Path> files = new EnumMap<>(Library.class);
    private final Map<Library, Problem> outcome = new EnumMap<>(Library.class);
    /// Those that can be called.
    private final Set<Library> started = EnumSet.noneOf(Library.class);

    Setup(Places places) {
        this.places = places;
        for (Library library : Library.values()) {
            Path file = places.find(library.names());
            if (file != null) {
                files.put(library, file);
            }
        }
    }

    /// Loads all, the optional ones where they are there.
    ///
    /// @throws Problem the first one
    synchronized void load() {
        Natives.check();
        for (Library library : Library.values()) {
            if (!library.isOptional()) {
                file(library); // say what is missing before anything is loaded
            }
        }
        for (Library library : Library.values()) {
            Problem problem = start(library);
            if (problem != null && !library.isOptional()) {
                throw new Problem(problem);
            }
        }
    }

    /// Where a library was found; null if nowhere.
    Path found(Library library) {
        return files.get(library);
    }

    /// The folder of JCuda's natives; null before one was put there.
    Path nativesFolder() {
        return natives.folder();
    }

    /// Loads one library and the part of JCuda that calls it, the first time.
    ///
    /// @return what was wrong; null where all is well
    synchronized Problem start(Library library) {
        if (!outcome.containsKey(library)) {
            Problem problem = null;
            try {
                startNow(library);
            } catch (Problem e) {
                problem = e;
            }
            outcome.put(library, problem);
        }
        return outcome.get(library);
    }

    private void startNow(Library library) {
        Path file = file(library);
        if (library == Library.CUBLAS) {
            load(library, beside(file)); // which cuBLAS asks for, and the loader may not look beside it
        }
        load(library, file);
        natives.start(library.jcuda(), library.names().getFirst(), file.getFileName().toString(),
                library.jcudaClass());
        started.add(library);
        if (library == Library.DRIVER) {
            checkDriver(file);
        }
    }

    private Path file(Library library) {
        Path file = files.get(library);
        if (file == null) {
            throw new Problem(String.join(" or ", library.names()) + " (" + library.title() + ")",
                    "found none", "looked in " + places, library.install() + ", or name its folder with -D"
                    + Places.PROPERTY + "=DIR", null);
        }
        return file;
    }

    private static void load(Library library, Path file) {
        if (file == null) {
            return;
        }
        String reason;
        Throwable cause = null;
        try {
            long missing = Places.missing(file);
            if (missing == 0) {
                System.load(file.toString());
                return;
            }
            reason = "the file is cut short by " + missing + " bytes";
        } catch (IOException | UnsatisfiedLinkError e) {
            reason = Natives.reason(e, file);
            cause = e;
        }
        throw new Problem(library.title() + " to load", "got: " + reason, file.toString(), library.install(),
                cause);
    }

    private static Path beside(Path cublas) {
        Path lt = cublas.resolveSibling(cublas.getFileName().toString().replace("cublas", "cublasLt"));
        return Files.isRegularFile(lt) ? lt : null;
    }

    private void checkDriver(Path file) {
        boolean newLibraries = cudaOfCublas() == 13;
        int needed = newLibraries ? CUDA_13 : CUDA_12;
        String is = Library.DRIVER.version();
        int dot = is.indexOf('.');
        if (dot < 0 || 1000 * Integer.parseInt(is.substring(0, dot)) < needed) {
            throw new Problem("a driver of CUDA " + needed / 1000 + ".0 or newer"
                    + (newLibraries ? ", which " + files.get(Library.CUBLAS) + " needs" : ""),
                    "it is of CUDA " + (is.isEmpty() ? "unknown" : is), file.toString(),
                    "install a newer driver" + (newLibraries ? ", or the libraries of CUDA 12" : ""), null);
        }
    }

    /// The cards. Loads the driver and its part of JCuda.
    List<Card> cards() {
        Problem problem = start(Library.DRIVER);
        if (problem != null) {
            throw new Problem(problem);
        }
        return Card.all(found(Library.DRIVER).toString());
    }

    /// Version of a library that was found: what it says itself once loaded, else what its file name says.
    String version(Library library) {
        String version = started.contains(library) ? library.version() : "";
        return version.isEmpty() ? fileVersion(found(library)) : version;
    }

    /// The CUDA that cuBLAS is of, 12 or 13; 0 where there is no cuBLAS.
    int cudaOfCublas() {
        Path file = found(Library.CUBLAS);
        return file == null ? 0 : 12 + Library.CUBLAS.names().indexOf(file.getFileName().toString());
    }

    /// The CUDA that cuDNN was built for, 12 or 13; 0 where it is not loaded or does not say.
    int cudaOfCudnn() {
        int cuda = started.contains(Library.CUDNN) ? (int) JCudnn.cudnnGetCudartVersion() / 1000 : 0;
        return cuda == 12 || cuda == 13 ? cuda : 0;
    }

    /// `12.6.4.1` of `libcublas.so.12`, where that is a link to `libcublas.so.12.6.4.1`.
    private static String fileVersion(Path file) {
        try {
            String name = file.toRealPath().getFileName().toString();
            int so = name.indexOf(".so.");
            return so < 0 ? "" : name.substring(so + 4);
        } catch (IOException e) {
            return "";
        }
    }
}
