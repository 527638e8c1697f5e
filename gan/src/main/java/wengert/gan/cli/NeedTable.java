package wengert.gan.cli;

import java.util.ArrayList;
import java.util.List;
import wengert.tensor.spi.DeviceFamily.Need;

/// The table of `doctor`: a line for each thing that is needed, and below it what to do, where there is
/// something to do. Within 100 columns, as far as paths permit.
final class NeedTable {
    private static final int WIDTH = 100;
    private static final int WHAT = 10;

    private NeedTable() {
    }

    static List<String> lines(List<Need> needs) {
        int version = width("version", needs.stream().map(Need::version).toList());
        int expected = width("expected", needs.stream().map(Need::expected).toList());
        String form = "%-" + WHAT + "s %-" + version + "s  %-" + expected + "s  %s";
        List<String> lines = new ArrayList<>();
        lines.add(String.format(form, "", "version", "expected", "found"));
        for (Need need : needs) {
            lines.add(String.format(form, need.what(), need.version().isEmpty() ? "-" : need.version(),
                    need.expected(), need.found() == null ? "nothing" : need.found()));
            lines.addAll(wrapped(need.advice()));
        }
        return lines;
    }

    private static int width(String head, List<String> column) {
        return column.stream().mapToInt(String::length).reduce(head.length(), Math::max);
    }

    private static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && WHAT + 2 + line.length() + word.length() > WIDTH) {
                lines.add(" ".repeat(WHAT + 1) + line.toString().stripTrailing());
                line.setLength(0);
            }
            line.append(word).append(' ');
        }
        if (!text.isEmpty()) {
            lines.add(" ".repeat(WHAT + 1) + line.toString().stripTrailing());
        }
        return lines;
    }
}
