package wengert.gan.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Finds what was probably meant by a name that does not exist.
final class Nearest {
    private Nearest() {}

    /// The word of `words` that differs least from `wrong`, if it is near enough to be meant.
    static Optional<String> word(String wrong, Collection<String> words) {
        return within(3, wrong, words);
    }

    /// At most one edit in every `length` characters, and one in a short word.
    private static Optional<String> within(int length, String wrong, Collection<String> words) {
        return words.stream()
                .filter(word -> distance(wrong, word)
                        <= Math.max(1, Math.min(wrong.length(), word.length()) / length))
                .min(Comparator.comparingInt(word -> distance(wrong, word)));
    }

    /// Up to three keys that may be meant by `wrong`: the one nearest as a whole, or else those whose last
    /// part is nearest (`lr`, `generator.lrate`).
    ///
    /// @param names dotted names, other words for a key included, each with the key it stands for
    static List<String> keys(String wrong, Map<String, String> names) {
        var whole = within(6, wrong, names.keySet());
        if (whole.isPresent()) return List.of(names.get(whole.get()));
        String last = lastPart(wrong);
        var lasts = names.keySet().stream().map(Nearest::lastPart).toList();
        return within(3, last, lasts).stream()
                .flatMap(found -> names.keySet().stream().filter(name -> lastPart(name).equals(found)))
                .sorted(Comparator.comparingInt(name -> distance(wrong, name)))
                .map(names::get).distinct().limit(3).toList();
    }

    private static String lastPart(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /// Edits from `a` to `b`: insertions, deletions, replacements and swaps of neighbours (optimal string
    /// alignment); case does not count, nor does `-` for `_`.
    static int distance(String a, String b) {
        String s = a.toLowerCase(Locale.ROOT).replace('-', '_');
        String t = b.toLowerCase(Locale.ROOT).replace('-', '_');
        // A long text is no misspelt key; the table stays small.
        if (Math.abs(s.length() - t.length()) > 20) return Math.abs(s.length() - t.length());
        int[][] d = new int[s.length() + 1][t.length() + 1];
        for (int i = 0; i <= s.length(); i++) {
            for (int j = 0; j <= t.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                boolean same = s.charAt(i - 1) == t.charAt(j - 1);
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && s.charAt(i - 1) == t.charAt(j - 2)
                        && s.charAt(i - 2) == t.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[s.length()][t.length()];
    }
}
