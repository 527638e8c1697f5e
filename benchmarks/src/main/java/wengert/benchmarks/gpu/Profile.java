package wengert.benchmarks.gpu;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import wengert.benchmarks.Card;
import wengert.benchmarks.Table;
import wengert.cuda.driver.Event;
import wengert.tensor.OperatorWatch;
import wengert.tensor.spi.Device;

/// Where the time of one run goes: from before to after the kernels of each operator, by the card's clock.
/// What the card waits for the program is in it, so a card that is faster than the program shows the program.
final class Profile {
    private static final int SHOWN = 12;

    private final Device card;
    private final List<Span> spans = new ArrayList<>();

    /// One operator, between two marks in the stream.
    private record Span(String operator, Event begin, Event end) {
    }

    /// What all runs of an operator took.
    private record Sum(int runs, double seconds) {
        Sum plus(Sum other) {
            return new Sum(runs + other.runs, seconds + other.seconds);
        }
    }

    Profile(Device card) {
        this.card = card;
    }

    /// Runs work that is warm and prints what took longest.
    void of(String name, Runnable work, PrintWriter to) {
        Event begin = Card.mark(card);
        OperatorWatch.during(this::around, work);
        Event end = Card.mark(card);
        end.synchronize();
        double all = seconds(begin, end);
        Map<String, Sum> sums = new LinkedHashMap<>();
        double watched = 0;
        for (Span s : spans) {
            double took = seconds(s.begin, s.end);
            watched += took;
            sums.merge(s.operator, new Sum(1, took), Sum::plus);
        }
        List<Map.Entry<String, Sum>> longest = sums.entrySet().stream()
                .sorted((a, b) -> Double.compare(b.getValue().seconds, a.getValue().seconds)).toList();
        to.printf("%nwhere the time of %s goes, by the card's clock%n%-30s %9s %9s %9s%n", name, "", "runs",
                "ms", "%");
        Sum others = new Sum(0, 0);
        for (int i = 0; i < longest.size(); i++) {
            if (i < SHOWN) {
                row(to, longest.get(i).getKey(), longest.get(i).getValue(), all);
            } else {
                others = others.plus(longest.get(i).getValue());
            }
        }
        row(to, "other operators", others, all);
        row(to, "between: optimisers, in place", new Sum(0, all - watched), all);
    }

    private void around(String operator, Runnable kernels) {
        Event begin = Card.mark(card);
        kernels.run();
        spans.add(new Span(operator, begin, Card.mark(card)));
    }

    /// Of two marks that are not needed any more.
    private static double seconds(Event begin, Event end) {
        double seconds = end.since(begin) * 1e-3;
        begin.close();
        end.close();
        return seconds;
    }

    private static void row(PrintWriter to, String name, Sum sum, double all) {
        to.printf(Locale.ROOT, "%-30s %9s %9s %9.0f%n", name, sum.runs == 0 ? "" : sum.runs,
                Table.millis(sum.seconds), 100 * sum.seconds / all);
    }
}
