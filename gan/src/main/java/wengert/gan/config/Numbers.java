package wengert.gan.config;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/// Decimal numbers as people write them: `1e-4`, `.5`, `1.`, `1_000`, `010` (ten). No other base, no
/// sexagesimal, no NaN, no infinity.
final class Numbers {
    private static final String DIGITS = "\\d+(_\\d+)*";
    private static final Pattern DECIMAL = Pattern.compile(
            "[+-]?(DIGITS\\.?|DIGITS\\.DIGITS|\\.DIGITS)([eE][+-]?\\d{1,9})?".replace("DIGITS", DIGITS));

    private Numbers() {}

    /// Whether `text` is written as a number, in range or not.
    static boolean isNumber(String text) {
        // Far more digits than a number needs would only cost time.
        return text.length() <= 100 && DECIMAL.matcher(text).matches();
    }

    /// The nearest double; infinite if it is beyond the largest.
    static double real(String number) {
        return Double.parseDouble(number.replace("_", ""));
    }

    /// The exact value if it is whole and fits 64 bits, such as that of `1e3` or `64.0`; otherwise null.
    static Long whole(String number) {
        try {
            return new BigDecimal(number.replace("_", "")).longValueExact();
        } catch (ArithmeticException | NumberFormatException fractionOrTooLarge) {
            return null;
        }
    }
}
