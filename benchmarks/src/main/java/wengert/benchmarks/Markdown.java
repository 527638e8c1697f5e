package wengert.benchmarks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Results as a table for a README, under a line that says where and when.
final class Markdown {
    private Markdown() {
    }

    /// The table.
    ///
    /// @param command that prints it
    /// @param peers   versions by the name of the peer, in the order of the columns
    static String table(Machine machine, String command,
            Map<String, String> peers, Map<Workload, List<Result>> all) {
        var text = new StringBuilder();
        text.append(String.format(Locale.ROOT, """
                %s; %s; Java %s; %s.
                Measured peak %.0f GFLOP/s, memory %.1f GB/s. Printed by `%s`.
                """, machine.cpu(), machine.backend(), machine.java(), machine.date(), machine.flops() * 1e-9,
                machine.bandwidth() * 1e-9, command));
        text.append("\n| | ms | speed | % of peak | MB |");
        peers.forEach((name, version) -> text.append(' ').append(version).append(" ms | ours / ").append(name)
                .append(" | MB |"));
        text.append("\n|---|--:|--:|--:|--:|").append("--:|--:|--:|".repeat(peers.size())).append('\n');
        all.forEach((w, results) -> text.append(row(machine, w, results, List.copyOf(peers.keySet()))));
        return text.toString();
    }

    private static String row(Machine machine, Workload w, List<Result> results, List<String> peers) {
        Result mine = results.getFirst();
        if (mine.failure() != null) {
            return "| " + w.name() + " | failed |\n";
        }
        double speed = w.amount() / mine.median();
        var cells = new ArrayList<String>(List.of(w.name(), Table.millis(mine.median()),
                Table.digits(speed * 1e-9) + " " + w.unit(),
                String.format(Locale.ROOT, "%.0f", 100 * speed / machine.best(w.limit())),
                Table.digits(mine.megabytes())));
        for (String peer : peers) {
            Result best = best(results, peer);
            cells.addAll(best == null ? List.of("", "", "") : List.of(Table.millis(best.median()),
                    String.format(Locale.ROOT, "**%.2f** (%.2f–%.2f)", mine.ratio(best), mine.ratio(best, 0),
                            mine.ratio(best, 1)),
                    Table.digits(best.megabytes())));
        }
        return "| " + String.join(" | ", cells) + " |\n";
    }

    /// A peer's fastest variant; null if it does not do this work.
    static Result best(List<Result> results, String peer) {
        return results.stream().filter(r -> r.peer().equals(peer) && r.failure() == null)
                .min(Comparator.comparingDouble(Result::median)).orElse(null);
    }
}
