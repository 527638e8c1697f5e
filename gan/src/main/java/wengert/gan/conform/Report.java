package wengert.gan.conform;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The outcome of a replay as a table: one row per operator, optimiser, schedule or training, the worst error
/// in each setting.
///
/// @param settings columns
/// @param outcomes one for each case and setting
public record Report(List<Setting> settings, List<Outcome> outcomes) {
    /// True if every case agrees with its reference.
    public boolean passed() {
        return outcomes.stream().allMatch(Outcome::passed);
    }

    /// The cases that do not agree, one line each.
    public List<String> failures() {
        return outcomes.stream().filter(o -> !o.passed()).map(Outcome::toString).toList();
    }

    /// Number of cases, each counted once.
    public long cases() {
        return outcomes.stream().map(Outcome::id).distinct().count();
    }

    /// The table.
    public String table() {
        Map<String, Map<Setting, Double>> rows = new LinkedHashMap<>();
        Map<String, java.util.Set<String>> cases = new LinkedHashMap<>();
        for (Outcome o : outcomes) {
            rows.computeIfAbsent(o.group(), _ -> new LinkedHashMap<>()).merge(o.setting(), o.error(),
                    Math::max);
            cases.computeIfAbsent(o.group(), _ -> new java.util.HashSet<>()).add(o.id());
        }
        var text = new StringBuilder(String.format("%-24s %5s", "worst error", "cases"));
        settings.forEach(s -> text.append(String.format(" %14s", s)));
        rows.forEach((group, errors) -> {
            text.append(String.format("%n%-24s %5d", group, cases.get(group).size()));
            settings.forEach(s -> text.append(String.format(Locale.ROOT, " %14.1e", errors.get(s))));
        });
        return text.toString();
    }
}
