package wengert.gan.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import wengert.gan.config.RunConfig;

/// The HTML of a [Report]. Style and script are in it, pictures are data, nothing is loaded.
final class ReportPage {
    /// More grids than this make the file heavy and the row of steps long; an even choice is shown then.
    private static final int MAX_SAMPLES = 25;
    private static final int MAX_PICTURE = 8 << 20;
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    /// In every chart the discriminator's lines are blue and green, the generator's is orange.
    private static final Map<String, Integer> COLORS = Map.of("loss_disc_fake", 1, "loss_disc_real", 2,
            "loss_gen", 3, "discriminator", 1, "generator", 3);

    private final Report report;

    ReportPage(Report report) {
        this.report = report;
    }

    String html() {
        var remarks = new ArrayList<>(report.notes());
        String grids = grids(remarks);
        String name = Html.text(report.config().text("name"));
        return """
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>%s – Wengert</title>
                <style>
                %s</style>
                <header><h1>%s</h1><p>%s</p></header>
                %s<main>
                %s%s%s%s%s</main>
                <script>
                %s</script>
                </html>
                """.formatted(name, resource("report.css"), name, Html.text(report.state()), tiles(),
                remarks(remarks), row(grids, charts()), reproduce(),
                row(table("Results", report.results()), table("Machine", report.machine())),
                configuration(), resource("report.js"));
    }

    private String tiles() {
        List<LogEntry> log = report.log();
        if (log.isEmpty()) return "";
        LogEntry last = log.getLast();
        double generator = log.reversed().stream().mapToDouble(LogEntry::generatorLoss)
                .filter(Double::isFinite).findFirst().orElse(Double.NaN);
        double speed = log.stream().mapToDouble(LogEntry::imagesPerSecond).sorted().toArray()[log.size() / 2];
        String planned = Html.number(report.config().whole("steps"));
        return "<dl class=\"tiles\">"
                + tile("Iterations", Html.number(last.step()), "of " + planned)
                + tile("Training time", Html.duration(last.seconds()), "")
                + tile("Speed", Html.number(Math.round(speed)), "images/s")
                + tile("Discriminator loss", Html.number(last.discriminatorLoss()), "")
                + tile("Generator loss", Html.number(generator), "") + "</dl>\n";
    }

    private static String tile(String name, String value, String unit) {
        return "<div><dt>" + name + "</dt><dd>" + value
                + (unit.isEmpty() ? "" : " <small>" + unit + "</small>") + "</dd></div>";
    }

    private static String remarks(List<String> remarks) {
        return remarks.stream().map(remark -> "<p class=\"note\">" + Html.text(remark) + "</p>\n")
                .collect(Collectors.joining());
    }

    private static String row(String... parts) {
        String all = String.join("", parts);
        return all.isEmpty() ? "" : "<div class=\"row\">\n" + all + "</div>\n";
    }

    /// A row of radio buttons, one for each grid; the chosen one's grid is shown above. It needs no script,
    /// and the arrow keys go through time.
    private String grids(List<String> remarks) {
        List<Report.Sample> all = report.samples();
        var pictures = new LinkedHashMap<Report.Sample, byte[]>();
        int count = Math.min(MAX_SAMPLES, all.size());
        for (int i = 0; i < count; i++) {
            long at = (long) i * (all.size() - 1) / Math.max(1, count - 1);
            Report.Sample sample = all.get((int) at);
            byte[] png = picture(sample, remarks);
            if (png != null) pictures.put(sample, png);
        }
        if (pictures.isEmpty()) return "";
        var html = new StringBuilder("<section><h2>Samples <button id=\"play\" hidden>play</button></h2>\n");
        html.append("<div class=\"grids\">\n");
        Report.Sample last = pictures.lastEntry().getKey();
        pictures.forEach((sample, png) -> html.append(grid(sample, png, sample == last)));
        html.append("</div>\n");
        if (count < all.size()) {
            html.append("<p class=\"hint\">%d of %d grids; the others lie in the run's folder samples.</p>\n"
                    .formatted(count, all.size()));
        }
        return html.append("</section>\n").toString();
    }

    private static String grid(Report.Sample sample, byte[] png, boolean chosen) {
        // The width stands in the header. A small grid is enlarged by a whole factor: pixels stay square.
        int width = (png[18] & 0xff) << 8 | png[19] & 0xff;
        int shown = width * Math.max(1, 512 / Math.max(1, width));
        return """
                <input type="radio" name="grid" id="g%1$d"%2$s><label for="g%1$d">%3$s</label>\
                <figure><img style="width:min(100%%,%4$dpx)" alt="samples after %3$s iterations" \
                src="data:image/png;base64,%5$s"><figcaption>after %3$s iterations</figcaption></figure>
                """.formatted(sample.step(), chosen ? " checked" : "", Html.number(sample.step()), shown,
                Base64.getEncoder().encodeToString(png));
    }

    private static byte[] picture(Report.Sample sample, List<String> remarks) {
        try (InputStream in = Files.newInputStream(sample.png())) {
            byte[] bytes = in.readNBytes(MAX_PICTURE + 1);
            if (bytes.length > MAX_PICTURE) {
                remarks.add(sample.png() + " is larger than " + (MAX_PICTURE >> 20) + " MiB and is left out");
            } else if (bytes.length < 33 || !Arrays.equals(bytes, 0, 8, PNG, 0, 8)) {
                remarks.add(sample.png() + " is no PNG and is left out");
            } else {
                return bytes;
            }
        } catch (IOException e) {
            remarks.add(sample.png() + " cannot be read (" + e + ") and is left out");
        }
        return null;
    }

    private String charts() {
        long[] steps = report.log().stream().mapToLong(LogEntry::step).toArray();
        var losses = new Chart("Losses", Chart.Style.NOISY,
                "A GAN's losses are a tug-of-war and need not fall: look at the samples. A discriminator"
                        + " whose losses stay near 0 has won, and the generator learns no more.", steps);
        var names = new LinkedHashSet<String>();
        report.log().forEach(entry -> names.addAll(entry.losses().keySet()));
        int others = 0;
        for (String name : names) {
            int color = COLORS.containsKey(name) ? COLORS.get(name) : 4 + others++ % 3;
            losses.line(name.replaceFirst("^loss_", ""), color,
                    values(entry -> entry.losses().getOrDefault(name, Double.NaN)));
        }
        var rates = new Chart("Learning rate", Chart.Style.EXACT_SMALL, "", steps);
        var networks = new LinkedHashSet<String>();
        report.log().forEach(entry -> networks.addAll(entry.rates().keySet()));
        boolean constant = report.log().stream().map(LogEntry::rates).distinct().count() < 2;
        for (String network : constant ? Set.<String>of() : networks) {
            rates.line(network, COLORS.getOrDefault(network, 4),
                    values(entry -> entry.rates().getOrDefault(network, Double.NaN)));
        }
        var speed = new Chart("Images per second", Chart.Style.NOISY_SMALL, "", steps)
                .line("images/s", 1, values(LogEntry::imagesPerSecond));
        var html = new StringBuilder();
        for (Chart chart : List.of(losses, rates, speed)) {
            if (!chart.isEmpty()) html.append(chart.html());
        }
        return html.isEmpty() ? "" : "<section class=\"charts\"><h2>Curves</h2>\n" + html + "</section>\n";
    }

    private double[] values(ToDoubleFunction<LogEntry> value) {
        return report.log().stream().mapToDouble(value).toArray();
    }

    private String reproduce() {
        if (report.commands().isEmpty()) return "";
        return "<section><h2>How to reproduce it</h2>\n<pre>"
                + Html.text(String.join("\n", report.commands()))
                + "</pre>\n<p class=\"hint\">The same configuration and seed give the same bits on one JDK, "
                + "backend and vector width, whatever the number of threads.</p></section>\n";
    }

    private static String table(String title, Map<String, String> rows) {
        if (rows.isEmpty()) return "";
        var html = new StringBuilder("<section><h2>" + title + "</h2>\n<table>\n");
        rows.forEach((name, value) -> html.append("<tr><th>").append(Html.text(name)).append("</th><td>")
                .append(Html.text(value)).append("</td></tr>\n"));
        return html.append("</table></section>\n").toString();
    }

    private String configuration() {
        var html = new StringBuilder("<section><h2>Configuration</h2>\n<table class=\"config\">\n"
                + "<tr><th>setting</th><th>value</th><th>meaning</th><th>from</th></tr>\n");
        for (RunConfig.Entry entry : report.config().entries()) {
            html.append("<tr%s><th>%s</th><td><code>%s</code></td><td>%s</td><td>%s</td></tr>\n".formatted(
                    entry.origin().equals("default") ? " class=\"default\"" : "", Html.text(entry.key()
                            .name()),
                    Html.text(entry.value()), Html.text(entry.key().meaning()), Html.text(entry.origin())));
        }
        return html.append("</table></section>\n").toString();
    }

    private static String resource(String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
