package wengert.gan.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.Locale;

/// Texts and numbers as they stand in the report.
final class Html {
    private Html() {}

    /// `s` with the characters that mean something in HTML escaped, for text and for quoted attributes.
    static String text(String s) {
        return s.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    /// JSON that cannot end the script element it stands in.
    static String json(String json) {
        return json.replace("<", "\\u003c");
    }

    /// Four digits: `1,234`, `0.6931`, `2e-4`; a dash for what is no number.
    static String number(double d) {
        if (!Double.isFinite(d)) return "–";
        BigDecimal rounded = rounded(d);
        double size = Math.abs(d);
        if (size == 0 || size >= 1e-3 && size < 1e15) {
            return String.format(Locale.ROOT, "%,." + Math.max(0, rounded.scale()) + "f", rounded)
                    .replace('-', '−');
        }
        int exponent = rounded.precision() - rounded.scale() - 1;
        return rounded.movePointLeft(exponent).stripTrailingZeros().toPlainString().replace('-', '−')
                + "e" + exponent;
    }

    /// A whole number as it is, unless it is very large; any other to four digits.
    static BigDecimal rounded(double d) {
        var exact = new BigDecimal(d);
        return d == Math.rint(d) && Math.abs(d) < 1e15 ? exact
                : exact.round(new MathContext(4)).stripTrailingZeros();
    }

    /// `3 min 12 s`.
    static String duration(double seconds) {
        if (seconds < 10) return number(Math.round(seconds * 10) / 10.0) + " s";
        Duration d = Duration.ofSeconds(Math.round(seconds));
        if (d.toHours() > 0) return d.toHours() + " h " + d.toMinutesPart() + " min";
        if (d.toMinutes() > 0) return d.toMinutes() + " min " + d.toSecondsPart() + " s";
        return d.toSeconds() + " s";
    }
}
