package wengert.gan.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import wengert.tensor.io.Json;

/// A line chart as a piece of HTML. The lines are an SVG that is stretched to the width there is, everything
/// with letters is HTML on top, so that it can be read on a phone and follows the reader's light or dark
/// theme: what a chart library's pictures cannot do.
final class Chart {
    /// More points than a line can show are averaged.
    private static final int MAX_POINTS = 400;
    /// From this many points on, a noisy line is also drawn smoothed.
    private static final int SMOOTHED_FROM = 40;

    /// How a chart is drawn.
    enum Style {
        /// large, with smoothed lines over the pale values
        NOISY,
        /// the same, lower
        NOISY_SMALL,
        /// low, the values as they are
        EXACT_SMALL
    }

    private final String title;
    private final Style style;
    private final String hint;
    private final long[] steps;
    private final List<Line> lines = new ArrayList<>();

    /// @param color  1 to 6, the palette of the style sheet
    /// @param values one for each step; NaN where there is none
    private record Line(String name, int color, double[] values) {}

    /// @param hint  one sentence for those who see such a chart for the first time; may be empty
    /// @param steps the x values, ascending
    Chart(String title, Style style, String hint, long[] steps) {
        this.title = title;
        this.style = style;
        this.hint = hint;
        this.steps = steps;
    }

    /// Adds a line, unless it has no values at all.
    ///
    /// @param color  1 to 6
    /// @param values one for each step; NaN where there is none
    Chart line(String name, int color, double[] values) {
        if (DoubleStream.of(values).anyMatch(Double::isFinite)) lines.add(new Line(name, color, values));
        return this;
    }

    boolean isEmpty() {
        return lines.isEmpty() || steps[0] == steps[steps.length - 1];
    }

    String html() {
        int stride = (steps.length + MAX_POINTS - 1) / MAX_POINTS;
        double[] x = averaged(Arrays.stream(steps).asDoubleStream().toArray(), stride);
        List<Line> shown = lines.stream()
                .map(line -> new Line(line.name, line.color, averaged(line.values, stride))).toList();
        double[] range = range(shown);
        DoubleUnaryOperator toX = v -> (v - x[0]) / (x[x.length - 1] - x[0]);
        DoubleUnaryOperator toY = v -> 1 - (v - range[0]) / (range[1] - range[0]);

        var svg = new StringBuilder();
        var labels = new StringBuilder();
        for (double tick : ticks(range[0], range[1], 5)) {
            double y = toY.applyAsDouble(tick);
            svg.append("<path class=\"grid%s\" d=\"M0 %sH1000\"/>".formatted(tick == 0 ? " zero" : "",
                    unit(y)));
            labels.append("<span class=\"y\" style=\"top:%s%%\">%s</span>"
                    .formatted(percent(y), Html.number(tick)));
        }
        for (double tick : ticks(x[0], x[x.length - 1], 6)) {
            labels.append("<span class=\"x\" style=\"left:%s%%\">%s</span>"
                    .formatted(percent(toX.applyAsDouble(tick)), Html.number(tick)));
        }
        for (Line line : shown) {
            boolean smooth = style != Style.EXACT_SMALL && x.length >= SMOOTHED_FROM;
            if (smooth) svg.append(path("raw", line.color, x, line.values, toX, toY));
            double[] values = smooth ? smoothed(line.values, range) : line.values;
            svg.append(path("line", line.color, x, values, toX, toY));
        }
        var legend = new StringBuilder();
        for (Line line : lines) {
            legend.append("<li class=\"c%d\">%s <b>%s</b></li>".formatted(line.color, Html.text(line.name),
                    Html.number(lastFinite(line.values))));
        }
        return """
                <figure class="chart%s">
                <figcaption>%s</figcaption>
                <ul class="legend">%s</ul>
                <div class="plot">\
                <svg viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">%s</svg>\
                %s<i class="cursor" hidden></i><output hidden></output></div>
                %s<script type="application/json">%s</script>
                </figure>
                """.formatted(style == Style.NOISY ? "" : " small", Html.text(title), legend, svg, labels,
                hint.isEmpty() ? "" : "<p class=\"hint\">" + Html.text(hint) + "</p>\n",
                Html.json(Json.write(data(x, shown))));
    }

    /// What the page's script shows under the pointer.
    private static Map<String, Object> data(double[] x, List<Line> shown) {
        var json = new LinkedHashMap<String, Object>();
        json.put("steps", DoubleStream.of(x).mapToObj(Math::round).toList());
        json.put("lines", shown.stream().map(line -> {
            var one = new LinkedHashMap<String, Object>();
            one.put("name", line.name);
            one.put("color", line.color);
            one.put("values", DoubleStream.of(line.values)
                    .mapToObj(v -> Double.isFinite(v) ? Html.rounded(v).doubleValue() : null).toList());
            return one;
        }).toList());
        return json;
    }

    /// Means of `stride` neighbours; NaN where all are.
    private static double[] averaged(double[] values, int stride) {
        double[] means = new double[(values.length + stride - 1) / stride];
        for (int i = 0; i < means.length; i++) {
            means[i] = Arrays.stream(values, i * stride, Math.min((i + 1) * stride, values.length))
                    .filter(Double::isFinite).average().orElse(Double.NaN);
        }
        return means;
    }

    /// An exponential average over about a twentieth of the line, without the pull of its start. What is far
    /// out counts as the end of the range that is shown.
    private static double[] smoothed(double[] values, double[] range) {
        double keep = 1 - 20.0 / values.length;
        double sum = 0;
        double weight = 0;
        double[] smooth = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            if (Double.isFinite(values[i])) {
                sum = keep * sum + Math.clamp(values[i], range[0], range[1]);
                weight = keep * weight + 1;
            }
            smooth[i] = Double.isFinite(values[i]) ? sum / weight : Double.NaN;
        }
        return smooth;
    }

    /// The lowest and highest value to show: all of them, unless a few are so far out that they would press
    /// the rest flat.
    private static double[] range(List<Line> lines) {
        var all = new ArrayList<Double>();
        for (Line line : lines) DoubleStream.of(line.values).filter(Double::isFinite).forEach(all::add);
        all.sort(null);
        double low = all.getFirst();
        double high = all.getLast();
        double inner = all.get((int) (0.99 * (all.size() - 1))) - all.get((int) (0.01 * (all.size() - 1)));
        if (high - low > 3 * inner && inner > 0) {
            low = Math.max(low, all.get((int) (0.01 * (all.size() - 1))) - inner / 2);
            high = Math.min(high, all.get((int) (0.99 * (all.size() - 1))) + inner / 2);
        }
        double margin = high > low ? 0.05 * (high - low) : Math.max(Math.abs(high) * 0.1, 1e-12);
        return new double[] {low >= 0 && low < margin ? 0 : low - margin, high + margin};
    }

    /// Round values between `low` and `high`, at most about `count`.
    private static double[] ticks(double low, double high, int count) {
        double raw = (high - low) / count;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double step = power * (raw <= power ? 1 : raw <= 2 * power ? 2 : raw <= 5 * power ? 5 : 10);
        return DoubleStream.iterate(Math.ceil(low / step), n -> n <= high / step, n -> n + 1)
                .map(n -> n * step).toArray();
    }

    private static String path(String kind, int color, double[] x, double[] y, DoubleUnaryOperator toX,
            DoubleUnaryOperator toY) {
        var d = new StringBuilder();
        boolean drawing = false;
        for (int i = 0; i < x.length; i++) {
            // A gap in the log is no gap in the line: the generator may not be trained in every iteration.
            if (!Double.isFinite(y[i])) continue;
            d.append(drawing ? 'L' : 'M').append(unit(toX.applyAsDouble(x[i]))).append(' ')
                    .append(unit(Math.clamp(toY.applyAsDouble(y[i]), -0.1, 1.1)));
            drawing = true;
        }
        return "<path class=\"" + kind + " c" + color + "\" d=\"" + d + "\"/>";
    }

    private static double lastFinite(double[] values) {
        for (int i = values.length - 1; i >= 0; i--) {
            if (Double.isFinite(values[i])) return values[i];
        }
        return Double.NaN;
    }

    private static String unit(double share) {
        return Long.toString(Math.round(share * 1000));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f", share * 100);
    }
}
