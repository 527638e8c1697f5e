import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

// Adds up the test reports of a build and prints one line per module and a total.
// Arguments: the root folder, and when the build began; older reports are another build's and do not count.
// Maven starts it from source on its own JVM, so Java 17 has to understand it.
final class TestCounts {
    private TestCounts() {
    }

    public static void main(String[] args) throws IOException, XMLStreamException {
        Path root = Path.of(args[0]);
        Instant begin = Instant.parse(args[1]);
        var modules = new TreeMap<String, Counts>();
        var total = Counts.NONE;
        for (Path report : reports(root)) {
            if (!Files.getLastModifiedTime(report).toInstant().isBefore(begin)) {
                Counts counts = read(report);
                modules.merge(root.relativize(report).getName(0).toString(), counts, Counts::plus);
                total = total.plus(counts);
            }
        }
        if (modules.isEmpty()) {
            System.out.println("No tests ran.");
            return;
        }
        modules.forEach((module, counts) -> System.out.println("%-12s%s".formatted(module, counts)));
        System.out.println("%-12s%s".formatted("all tests", total));
    }

    private static List<Path> reports(Path root) throws IOException {
        var reports = new ArrayList<Path>();
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(root, Files::isDirectory)) {
            for (Path module : modules) {
                Path folder = module.resolve("target/surefire-reports");
                if (Files.isDirectory(folder)) {
                    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "TEST-*.xml")) {
                        files.forEach(reports::add);
                    }
                }
            }
        }
        return reports;
    }

    private static Counts read(Path report) throws IOException, XMLStreamException {
        try (var in = Files.newInputStream(report)) {
            XMLStreamReader xml = XMLInputFactory.newDefaultFactory().createXMLStreamReader(in);
            xml.nextTag();
            return new Counts(
                    number(xml, "tests"), number(xml, "failures"), number(xml, "errors"),
                    number(xml, "skipped"),
                    Double.parseDouble(xml.getAttributeValue(null, "time").replace(",", "")));
        }
    }

    private static int number(XMLStreamReader xml, String attribute) {
        return Integer.parseInt(xml.getAttributeValue(null, attribute));
    }

    private record Counts(int tests, int failures, int errors, int skipped, double seconds) {
        static final Counts NONE = new Counts(0, 0, 0, 0, 0);

        Counts plus(Counts o) {
            return new Counts(tests + o.tests, failures + o.failures, errors + o.errors, skipped + o.skipped,
                    seconds + o.seconds);
        }

        @Override
        public String toString() {
            return "%6d run, %d failed, %d errors, %d skipped, %.1f s"
                    .formatted(tests, failures, errors, skipped, seconds);
        }
    }
}
