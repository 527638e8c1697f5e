import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

// Compiles each .cu of a folder to PTX in another, where its source has changed since: the first line of the
// PTX is the hash of the source and of the folder's headers. Without nvcc what is there stays, and a test
// says whether it fits.
// Arguments: the folder of the sources, the folder of the PTX; with a third, `check`, it compiles nothing and
// ends with 1 if a PTX is not of its source.
// Maven starts it from source on its own JVM, so Java 17 has to understand it.
final class Ptx {
    // What old drivers read: nvcc 13 labels its PTX 9.0, though kernels without new instructions need no
    // more than the version in which this architecture was new.
    private static final String ARCHITECTURE = "compute_75";
    private static final String VERSION = "6.3";

    private Ptx() {
    }

    public static void main(String[] args) throws Exception {
        Path sources = Path.of(args[0]);
        Path results = Path.of(args[1]);
        boolean check = args.length > 2 && args[2].equals("check");
        Files.createDirectories(results);
        boolean stale = false;
        for (Path source : files(sources, ".cu")) {
            Path result = results.resolve(source.getFileName().toString().replace(".cu", ".ptx"));
            String stamp = stamp(source);
            if (Files.exists(result) && Files.readString(result).startsWith(stamp + "\n")) {
                continue;
            }
            if (check) {
                System.out.println(result.getFileName() + " is not of " + source.getFileName());
                stale = true;
            } else {
                compile(source, result, stamp);
            }
        }
        if (stale) {
            System.out.println("Build on a machine with nvcc, and commit what it makes.");
            System.exit(1);
        }
    }

    private static void compile(Path source, Path result, String stamp) throws Exception {
        Path made = Files.createTempFile("wengert", ".ptx");
        try {
            // No contraction: a fused multiply-add stands where the source says so, on every device alike.
            int status = new ProcessBuilder("nvcc", "-ptx", "-arch=" + ARCHITECTURE, "-O3", "-fmad=false",
                    "--std=c++17", "-Wno-deprecated-gpu-targets", "-o", made.toString(), source.toString())
                    .inheritIO().start().waitFor();
            if (status != 0) {
                System.exit(status);
            }
            String text = Files.readString(made).replaceFirst("(?m)^\\.version .*$", ".version " + VERSION);
            Files.writeString(result, stamp + "\n" + text);
            System.out.println("nvcc: " + result.getFileName());
        } catch (IOException e) {
            System.out.println("nvcc was not found: " + result.getFileName() + " stays as it is");
        } finally {
            Files.delete(made);
        }
    }

    // First line of the PTX made of a source.
    private static String stamp(Path source) throws IOException, NoSuchAlgorithmException {
        var digest = MessageDigest.getInstance("SHA-256");
        digest.update(Files.readAllBytes(source));
        for (Path header : files(source.getParent(), ".cuh")) {
            digest.update(header.getFileName().toString().getBytes(StandardCharsets.UTF_8));
            digest.update(Files.readAllBytes(header));
        }
        var hex = new StringBuilder("// source sha256 ");
        for (byte b : digest.digest()) {
            hex.append(String.format("%02x", b));
        }
        return hex.toString();
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        var found = new ArrayList<Path>();
        if (!Files.isDirectory(folder)) {
            return found;
        }
        try (var all = Files.newDirectoryStream(folder, "*" + ending)) {
            all.forEach(found::add);
        }
        found.sort(null);
        return found;
    }
}
