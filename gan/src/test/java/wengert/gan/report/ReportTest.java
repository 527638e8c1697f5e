package wengert.gan.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import wengert.gan.config.RunConfig;

class ReportTest {
    /// The smallest picture: one gray pixel.
    private static final byte[] PIXEL = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACk"
            + "lEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==");

    @TempDir
    private Path dir;

    @Test
    void theReportHoldsTheWholeRunAndNeedsNothingElse() throws IOException {
        run(100, 11);
        String html = write(RunConfig.load("wgan-gp").with("seed=77"));
        for (String part : List.of("wgan-gp", "finished", "disc_fake", "loss_gen".substring(5),
                "Learning rate",
                "Images per second", "./wengert train wgan-gp --seed 77", "generator parameters", "JDK",
                "optimizer.generator.lr", "preset wgan-gp:11", "set in code",
                "[{type: gradient_penalty, weight: 10.0, norm: hwc}]", "after 1,000 iterations")) {
            assertTrue(html.contains(part), part);
        }
        assertEquals(11, count(html, "<img "));
        assertEquals(1, count(html, " checked>"));
        for (String loads : List.of("http:", "https:", "url(", "@import", "<link", "href=")) {
            assertFalse(html.contains(loads), loads);
        }
        assertEquals(count(html, "src=\"data:image/png;base64,"), count(html, "src="));
        assertFalse(Files.exists(dir.resolve("report.html.part")));
    }

    @Test
    void everyElementThatIsOpenedIsClosed() throws IOException {
        run(100, 3);
        String html = write(RunConfig.load("dcgan")).replaceAll("(?s)<(style|script)([^>]*)>.*?</\\1>", "");
        var open = new ArrayList<String>();
        Matcher tag = Pattern.compile("<(/?)([a-z0-9]+)[^>]*?(/?)>").matcher(html);
        while (tag.find()) {
            String name = tag.group(2);
            if (List.of("meta", "img", "input").contains(name) || !tag.group(3).isEmpty()) continue;
            if (tag.group(1).isEmpty()) open.add(name);
            else assertEquals(name, open.removeLast(), html.substring(Math.max(0, tag.start() - 200),
                    tag.end()));
        }
        assertEquals(List.of(), open);
    }

    @Test
    void textsFromOutsideStayTexts() throws IOException {
        String evil = "</script><script>alert(1)</script>\"><img src=x>&";
        Files.writeString(dir.resolve("log.jsonl"), "");
        try (var log = LogWriter.open(dir.resolve("log.jsonl"), 0)) {
            for (int step = 1; step < 4; step++) {
                log.write(new LogEntry(step, step, 1, Map.of(evil, 1.0 * step), Map.of(evil, 0.5 * step)));
            }
        }
        Report.of(dir, RunConfig.load("dcgan").with("name=" + evil), evil, List.of(evil), Map.of(evil, evil),
                Map.of(evil, evil)).write(dir.resolve("report.html"));
        String html = Files.readString(dir.resolve("report.html"));
        assertFalse(html.contains("alert(1)</script>\""), "a text ended its element");
        assertFalse(html.contains("<img"), "a text became an element");
        // One element for each of the charts' data, and the page's own.
        assertEquals(4, count(html, "<script"));
        assertEquals(4, count(html, "</script"));
    }

    @Test
    void aRunThatHasNotBegunHasAReport() throws IOException {
        String html = write(RunConfig.load("tiny"));
        assertTrue(html.contains("<h2>Configuration</h2>"));
        assertFalse(html.contains("<h2>Samples") || html.contains("<h2>Curves"));
        run(1, 1);
        html = write(RunConfig.load("tiny"));
        assertTrue(html.contains("<h2>Samples") && html.contains("Iterations"));
        assertFalse(html.contains("<h2>Curves"), "one point makes no line");
    }

    @Test
    void aBrokenPictureOrLineIsLeftOutAndNamed() throws IOException {
        run(20, 4);
        Files.writeString(dir.resolve("samples/step_001000.png"), "no picture");
        Files.writeString(dir.resolve("samples/notes.txt"), "not looked at");
        Files.writeString(dir.resolve("log.jsonl"), Files.readString(dir.resolve("log.jsonl"))
                + "{\"step\":2");
        String html = write(RunConfig.load("tiny"));
        assertEquals(3, count(html, "<img "));
        assertEquals(1, count(html, " checked>"));
        assertTrue(html.contains("step_001000.png is no PNG and is left out"));
        assertTrue(html.contains("line 21 of log.jsonl was cut off by a crash and is left out"));
    }

    @Test
    void ofManyGridsAnEvenChoiceIsShownWithTheFirstAndTheLast() throws IOException {
        run(10, 100);
        String html = write(RunConfig.load("tiny"));
        assertEquals(25, count(html, "<img "));
        assertTrue(html.contains("id=\"g0\"") && html.contains("id=\"g1000\" checked"));
        assertTrue(html.contains("25 of 100 grids"));
    }

    @Test
    void curvesSurviveGapsConstantsAndOutliers() {
        long[] steps = new long[1000];
        double[] gaps = new double[1000];
        double[] constant = new double[1000];
        double[] outlier = new double[1000];
        for (int i = 0; i < 1000; i++) {
            steps[i] = i + 1;
            gaps[i] = i % 5 == 0 ? i : Double.NaN;
            constant[i] = 3;
            outlier[i] = i == 500 ? 1e9 : i % 7;
        }
        for (double[] values : List.of(gaps, constant, outlier)) {
            String html = new Chart("x", Chart.Style.NOISY, "", steps).line("a", 1, values).html();
            assertFalse(html.contains("NaN") || html.contains("Infinity"), html);
            assertTrue(count(html, "class=\"y\"") >= 2, html);
        }
        String html = new Chart("x", Chart.Style.NOISY, "", steps).line("a", 1, outlier).html();
        assertTrue(html.contains(">6</span>") || html.contains(">5</span>") || html.contains(">4</span>"),
                "the outlier pressed the rest flat: " + html.substring(0, 2000));
        double[] nothing = new double[1000];
        java.util.Arrays.fill(nothing, Double.NaN);
        assertTrue(new Chart("x", Chart.Style.NOISY, "", steps).line("a", 1, nothing).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "-1,−1", "1234567,'1,234,567'", "0.69314718,0.6931", "-12.5,−12.5", "2e-4,2e-4",
        "1.23456e-7,1.235e-7", "-1.5e-9,−1.5e-9", "1e300,1e300", "9999.96,'10,000'", "NaN,–", "Infinity,–"})
    void numbersAreShownWithFourDigits(double number, String text) {
        assertEquals(text, Html.number(number));
    }

    @ParameterizedTest
    @CsvSource({"0,0 s", "1.25,1.3 s", "59.4,59 s", "59.6,1 min 0 s", "192,3 min 12 s", "7260,2 h 1 min"})
    void durationsAreShownAsPeopleSayThem(double seconds, String text) {
        assertEquals(text, Html.duration(seconds));
    }

    private void run(int entries, int grids) throws IOException {
        try (var log = LogWriter.open(dir.resolve("log.jsonl"), 0)) {
            for (int i = 1; i <= entries; i++) {
                var losses = new HashMap<String, Double>(Map.of("loss_disc_fake", 0.5, "loss_disc_real",
                        Math.sin(i)));
                if (i % 3 == 0) losses.put("loss_gen", 1.0 / i);
                log.write(new LogEntry(10L * i, i, 300 + i % 7, losses, Map.of("generator", 1e-4 / i)));
            }
        }
        Files.createDirectories(dir.resolve("samples"));
        for (int i = 0; i < grids; i++) {
            long step = grids == 1 ? 0 : 1000L * i / (grids - 1);
            Files.write(dir.resolve("samples/step_%06d.png".formatted(step)), PIXEL);
        }
    }

    private String write(RunConfig config) throws IOException {
        Path file = dir.resolve("report.html");
        Report.of(dir, config, "finished", List.of("./wengert train wgan-gp --seed 77"),
                Map.of("generator parameters", "1,234"), Map.of("JDK", "25")).write(file);
        return Files.readString(file);
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }
}
