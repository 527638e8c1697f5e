package wengert.benchmarks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A page of its own with the roofline (Williams, Waterman and Patterson 2009): operations per second over
/// operations per byte, both axes logarithmic. Work below the slope is limited by memory, below the flat roof
/// by arithmetic; the distance to the roof is what could be won.
final class Roofline {
    private static final double WIDTH = 1000;
    private static final double HEIGHT = 620;
    private static final double LEFT = 70;
    private static final double TOP = 20;
    private static final double BOTTOM = HEIGHT - 50;
    private static final double RIGHT = WIDTH - 20;
    private static final double LABEL_HEIGHT = 13;
    private static final double LETTER = 6.4;
    private static final int MOST_PLACES = 14;

    private final Machine machine;
    private final Map<Workload, List<Result>> all;
    private double x0 = Double.POSITIVE_INFINITY;
    private double x1;
    private double y0 = Double.POSITIVE_INFINITY;
    private double y1;

    private record Box(double x, double y, double width) {
        boolean meets(Box other) {
            return x < other.x + other.width && other.x < x + width && Math.abs(y - other.y) < LABEL_HEIGHT;
        }
    }

    private Roofline(Machine machine, Map<Workload, List<Result>> all) {
        this.machine = machine;
        this.all = all;
        double ridge = machine.flops() / machine.bandwidth();
        see(ridge, machine.flops());
        all.forEach((w, results) -> results.stream().filter(r -> r.failure() == null)
                .forEach(r -> see(w.flops() / w.bytes(), w.flops() / r.median())));
        x0 /= 1.6;
        x1 *= 8; // room for the rightmost labels
        y0 /= 1.6;
        y1 *= 1.5;
    }

    private void see(double x, double y) {
        x0 = Math.min(x0, x);
        x1 = Math.max(x1, x);
        y0 = Math.min(y0, y);
        y1 = Math.max(y1, y);
    }

    /// The whole page.
    ///
    /// @param peers versions by name
    static String page(Machine machine, Map<String, String> peers, Map<Workload, List<Result>> all) {
        var chart = new Roofline(machine, all);
        var rows = new StringBuilder();
        all.forEach((w, results) -> results.forEach(r -> rows.append(chart.row(w, r, results.getFirst()))));
        return """
                <!doctype html>
                <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <title>Wengert: roofline</title>
                <style>
                :root{color-scheme:light dark;--ink:#222;--soft:#999;--grid:#e4e4e4;--us:#0b62c4;
                --peer:#c2571a;--back:#fff}
                @media(prefers-color-scheme:dark){:root{--ink:#ddd;--soft:#888;--grid:#333;--us:#6db3ff;
                --peer:#ff9d5c;--back:#181818}}
                body{font:15px/1.5 system-ui,sans-serif;max-width:1100px;margin:2em auto;padding:0 1em;
                color:var(--ink);background:var(--back)}
                svg{width:100%%;height:auto;font:11px system-ui,sans-serif}
                text{fill:var(--ink);stroke:var(--back);stroke-width:3;paint-order:stroke}
                .grid{stroke:var(--grid)}.roof{stroke:var(--ink);stroke-width:2;fill:none}
                .lead{stroke:var(--soft)}
                .us{fill:var(--us)}.peer{fill:var(--back);stroke:var(--peer);stroke-width:1.5}
                table{border-collapse:collapse;margin:1em 0;font-variant-numeric:tabular-nums}
                td,th{padding:.15em .7em;text-align:right;border-bottom:1px solid var(--grid)}
                :is(td,th):first-child{text-align:left}
                .p td:first-child{padding-left:2em;color:var(--soft)}
                .alone tr>:is(:nth-child(2),:nth-child(8)){display:none}
                </style>
                <h1>Roofline</h1>
                <p>%s</p>
                <p>A dot is a workload, its height the speed, its place from left to right how many
                operations it does per byte that it must at least move. Under the slope memory limits it,
                under the flat roof arithmetic does. Above the slope: served by the caches. Filled dots are
                Wengert, rings are peers%s. Where dots crowd, point at one for its name.</p>
                %s
                <table%s>
                <tr><th>work<th>engine<th>median ms<th>min ms<th>speed<th>%% of peak<th>MB<th>ours / it</tr>
                %s</table>
                </html>
                """.formatted(text(String.join(" · ", machine.lines())),
                peers.isEmpty() ? "" : " (" + text(String.join(", ", peers.values())) + ")", chart.svg(),
                all.values().stream().allMatch(r -> r.size() == 1) ? " class=\"alone\"" : "", rows);
    }

    private String row(Workload w, Result r, Result mine) {
        boolean ours = r == mine;
        String name = ours ? w.name() : "";
        if (r.failure() != null) {
            return "<tr class=\"%s\"><td>%s<td>%s<td colspan=6>%s</tr>\n".formatted(ours ? "" : "p", name,
                    r.engine(),
                    text(r.failure()));
        }
        double speed = w.amount() / r.median();
        return String.format(Locale.ROOT,
                "<tr class=\"%s\"><td>%s<td>%s<td>%s<td>%s<td>%s %s<td>%.0f<td>%s<td>%s</tr>%n",
                ours ? "" : "p", name, r.engine(), Table.millis(r.median()), Table.millis(r.min()),
                Table.digits(speed * 1e-9), w.unit(), 100 * speed / machine.best(w.limit()),
                Table.digits(r.megabytes()),
                ours || mine.failure() != null ? "" : String.format(Locale.ROOT, "%.2f", mine.ratio(r)));
    }

    private String svg() {
        var svg = new StringBuilder("<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"roofline\">\n"
                .formatted(WIDTH, HEIGHT));
        for (double tick : ticks(x0, x1)) {
            add(svg, "<path class=\"grid\" d=\"M%.1f %.1fV%.1f\"/>", x(tick), TOP, BOTTOM);
            add(svg, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>", x(tick), BOTTOM + 18,
                    number(tick));
        }
        for (double tick : ticks(y0, y1)) {
            add(svg, "<path class=\"grid\" d=\"M%.1f %.1fH%.1f\"/>", LEFT, y(tick), RIGHT);
            add(svg, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT - 6, y(tick) + 4,
                    number(tick * 1e-9));
        }
        add(svg, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">operations per byte</text>",
                (LEFT + RIGHT) / 2,
                HEIGHT - 10);
        add(svg, "<text transform=\"translate(18 %.1f)rotate(-90)\" text-anchor=\"middle\">GFLOP/s</text>",
                (TOP + BOTTOM) / 2);
        double ridge = machine.flops() / machine.bandwidth();
        double start = Math.max(x0, y0 / machine.bandwidth());
        add(svg, "<path class=\"roof\" d=\"M%.1f %.1fL%.1f %.1fH%.1f\">"
                + "<title>peak %.0f GFLOP/s, memory %.1f GB/s</title></path>", x(start),
                y(start * machine.bandwidth()), x(ridge), y(machine.flops()), RIGHT,
                machine.flops() * 1e-9, machine.bandwidth() * 1e-9);
        add(svg, "<text x=\"%.1f\" y=\"%.1f\">%.0f GFLOP/s</text>", x(ridge) + 4, y(machine.flops()) - 6,
                machine.flops() * 1e-9);
        dots(svg);
        return svg.append("</svg>").toString();
    }

    private void dots(StringBuilder svg) {
        List<Box> taken = new ArrayList<>();
        all.forEach((w, results) -> results.stream().filter(r -> r.failure() == null).forEach(
                r -> taken.add(new Box(x(w.flops() / w.bytes()) - 5, y(w.flops() / r.median()), 10))));
        var order = new ArrayList<>(all.entrySet());
        order.removeIf(e -> e.getValue().getFirst().failure() != null);
        order.sort(Comparator.comparingDouble(e -> -e.getKey().flops() / e.getValue().getFirst().median()));
        for (var e : order) {
            Workload w = e.getKey();
            double x = x(w.flops() / w.bytes());
            for (Result r : e.getValue()) {
                if (r.failure() == null) {
                    boolean ours = r == e.getValue().getFirst();
                    add(svg, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%s\">"
                            + "<title>%s, %s: %s ms, %s %s, %.0f %% of peak</title></circle>",
                            ours ? "us" : "peer", x, y(w.flops() / r.median()),
                            ours ? "4.5" : "3.5", w.name(), r.engine(), Table.millis(r.median()),
                            Table.digits(w.amount() / r.median() * 1e-9), w.unit(),
                            100 * w.amount() / r.median() / machine.best(w.limit()));
                }
            }
            label(svg, w.name(), x, y(w.flops() / e.getValue().getFirst().median()), taken);
        }
    }

    /// Writes a name to the right or left of its dot, as near as others leave room, with a line to the dot if
    /// that is not close; nothing in a crowd, where lines would cross and tell less than the dot's title.
    private static void label(StringBuilder svg, String name, double x, double y, List<Box> taken) {
        double width = name.length() * LETTER;
        for (int step = 0; step < MOST_PLACES; step++) {
            double shift = (step / 2 + 1) / 2 * LABEL_HEIGHT * (step / 2 % 2 == 0 ? 1 : -1);
            double gap = 8 + Math.abs(shift) / 4;
            boolean right = step % 2 == 0;
            var box = new Box(right ? x + gap : x - gap - width, y + shift, width);
            boolean inside = box.y > TOP && box.y < BOTTOM && box.x > LEFT && box.x + width < RIGHT;
            if (!inside || taken.stream().anyMatch(box::meets)) {
                continue;
            }
            taken.add(box);
            if (Math.abs(shift) > LABEL_HEIGHT) {
                add(svg, "<path class=\"lead\" d=\"M%.1f %.1fL%.1f %.1f\"/>", x, y,
                        right ? box.x - 2 : box.x + width + 2, box.y);
            }
            add(svg, "<text x=\"%.1f\" y=\"%.1f\">%s</text>", box.x, box.y + 4, name);
            return;
        }
    }

    private double x(double intensity) {
        return LEFT + (RIGHT - LEFT) * Math.log(intensity / x0) / Math.log(x1 / x0);
    }

    private double y(double speed) {
        return BOTTOM - (BOTTOM - TOP) * Math.log(speed / y0) / Math.log(y1 / y0);
    }

    /// 1, 2, 5, 10, … between the two.
    private static List<Double> ticks(double low, double high) {
        List<Double> ticks = new ArrayList<>();
        for (double ten = Math.pow(10, Math.floor(Math.log10(low))); ten <= high; ten *= 10) {
            for (double tick : new double[] {ten, 2 * ten, 5 * ten}) {
                if (tick >= low && tick <= high) {
                    ticks.add(tick);
                }
            }
        }
        return ticks;
    }

    private static String number(double value) {
        return value >= 1 ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.2g", value);
    }

    private static void add(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String text(String s) {
        return s.replace("&", "&amp;").replace("<", "&lt;");
    }
}
