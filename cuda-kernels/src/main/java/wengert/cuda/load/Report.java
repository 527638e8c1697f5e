package wengert.cuda.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import wengert.tensor.spi.DeviceFamily.Need;

/// The table of `doctor`: what the card needs, and what of it is here. Without a driver the libraries are
/// looked for and not loaded, which takes a moment only.
final class Report {
    private final Setup setup;
    private final List<Need> rows = new ArrayList<>();

    Report(Setup setup) {
        this.setup = setup;
    }

    List<Need> rows() {
        rows.clear();
        boolean driver = setup.found(Library.DRIVER) != null && setup.start(Library.DRIVER) == null;
        for (Library library : Library.values()) {
            row(library, driver);
            if (library == Library.DRIVER) {
                cards(driver);
            }
        }
        jcuda();
        return List.copyOf(rows);
    }

    private void row(Library library, boolean driver) {
        Path file = setup.found(library);
        if (file == null) {
            add(library.title(), null, "", library.expected(), library.install());
            return;
        }
        Problem problem = driver || library == Library.DRIVER ? setup.start(library) : null;
        add(library.title(), file.toString(), setup.version(library), library.expected(),
                problem != null ? problem.summary() : library == Library.CUDNN && driver ? siblings() : "");
    }

    /// cuDNN 9 comes for CUDA 12 and for CUDA 13, and calls cuBLAS.
    private String siblings() {
        int cudnn = setup.cudaOfCudnn();
        int cublas = setup.cudaOfCublas();
        return cudnn == 0 || cublas == 0 || cudnn == cublas ? ""
                : "it is for CUDA " + cudnn + ", but cuBLAS is of CUDA " + cublas
                        + ": install the two for one";
    }

    private void cards(boolean driver) {
        String expected = Card.OLDEST / 10 + "." + Card.OLDEST % 10 + " or newer";
        if (!driver) {
            add("card", null, "", expected, "needs the driver");
            return;
        }
        try {
            for (Card card : setup.cards()) {
                add("cuda:" + card.index(), card.name() + ", " + card.memory(), card.capability(), expected,
                        card.isUsable() ? "" : "the kernels are compiled for newer cards");
            }
        } catch (Problem e) {
            add("card", null, "", expected, e.summary());
        }
    }

    private void jcuda() {
        String found = null;
        String version = "";
        String advice = "";
        try {
            Natives.check();
            version = Natives.version();
            found = setup.nativesFolder() == null ? "on the class path" : setup.nativesFolder().toString();
        } catch (Problem e) {
            advice = e.summary();
        }
        add("JCuda", found, version, "for " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch"), advice);
    }

    private void add(String what, String found, String version, String expected, String advice) {
        rows.add(new Need(what, found, version, expected, advice));
    }
}
