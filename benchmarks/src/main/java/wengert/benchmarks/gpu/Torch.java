package wengert.benchmarks.gpu;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import wengert.benchmarks.Table;

/// The same steps in PyTorch on the same card, eager and as CUDA graphs, by the Python on the path.
final class Torch {
    private static final String SCRIPT = "torch_steps.py";
    private static final List<String> PYTHONS = List.of("python3", "python");
    private static final String TEST = "import torch; assert torch.cuda.is_available(), 'it sees no card'; "
            + "print(torch.__version__, 'CUDA', torch.version.cuda, 'cuDNN', torch.backends.cudnn.version())";

    /// Prints a line for each way of each step, with ours / theirs.
    ///
    /// @param ours seconds of our steps, by name; with ` TF32` behind it where that was on
    void compare(List<String> names, Map<String, Double> ours, PrintWriter to) throws IOException {
        List<String> reasons = new ArrayList<>();
        for (String python : PYTHONS) {
            String version = version(python, reasons);
            if (version != null) {
                to.println("\nPyTorch " + version + ", the faster of NCHW and NHWC");
                to.printf("%-27s %-12s %9s %9s %9s%n", "", "", "ms", "ours/it", "peak MB");
                run(python, names, ours, to);
                return;
            }
        }
        to.println("\nno PyTorch with CUDA here to compare with");
        reasons.forEach(reason -> to.println("  " + reason.substring(0, Math.min(95, reason.length()))));
    }

    private static String version(String python, List<String> reasons) {
        try {
            Process process = new ProcessBuilder(python, "-c", TEST).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes()).strip();
            String last = text.substring(text.lastIndexOf('\n') + 1);
            if (process.waitFor() == 0) {
                return last;
            }
            reasons.add(python + ": " + last);
        } catch (IOException e) {
            reasons.add("no " + python);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    /// The script prints `name tf32 way milliseconds megabytes` lines; others are passed on.
    private static void run(String python, List<String> names, Map<String, Double> ours, PrintWriter to)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(python, "-"));
        command.addAll(names);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (InputStream script = Torch.class.getResourceAsStream(SCRIPT);
                OutputStream in = process.getOutputStream()) {
            script.transferTo(in);
        }
        try (BufferedReader lines = process.inputReader()) {
            for (String line; (line = lines.readLine()) != null;) {
                String[] words = line.split("\t");
                if (words.length != 5) {
                    to.println("  " + line);
                    continue;
                }
                String name = words[0] + (words[1].equals("1") ? " TF32" : "");
                double seconds = Double.parseDouble(words[3]) * 1e-3;
                to.printf(Locale.ROOT, "%-27s %-12s %9s %9.2f %9s%n", name, words[2], Table.millis(seconds),
                        ours.get(name) / seconds, words[4]);
            }
        }
    }
}
