package wengert.cuda.driver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The entry points in a PTX text, and what each expects to be given.
///
/// @param text    the PTX
/// @param entries the parameters of each kernel, in order
record Ptx(String text, Map<String, List<Parameter>> entries) {
    private static final Pattern ENTRY = Pattern.compile("\\.entry\\s+([\\w$]+)\\s*\\(([^)]*)\\)");
    private static final Pattern PARAMETER = Pattern.compile("\\.param\\s+(?:\\.align\\s+(\\d+)\\s+)?"
            + "\\.([a-z]\\d+)\\s+(?:\\.\\w+\\s+)*[\\w$]+(?:\\[(\\d+)\\])?");

    /// @param offset where it stands among the others
    /// @param bytes  its size
    record Parameter(int offset, int bytes) {
    }

    static Ptx of(String text) {
        Map<String, List<Parameter>> entries = new HashMap<>();
        Matcher entry = ENTRY.matcher(text);
        while (entry.find()) {
            List<Parameter> list = new ArrayList<>();
            int at = 0;
            Matcher parameter = PARAMETER.matcher(entry.group(2));
            while (parameter.find()) {
                int element = Integer.parseInt(parameter.group(2).substring(1)) / 8;
                int bytes = element * (parameter.group(3) == null ? 1 : Integer.parseInt(parameter.group(3)));
                int align = parameter.group(1) == null ? element : Integer.parseInt(parameter.group(1));
                at = (at + align - 1) / align * align;
                list.add(new Parameter(at, bytes));
                at += bytes;
            }
            entries.put(entry.group(1), List.copyOf(list));
        }
        return new Ptx(text, Map.copyOf(entries));
    }
}
