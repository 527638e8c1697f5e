package wengert.cuda.emulation;

import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// A `.cu` file on its way to g++: preprocessed already, so that what macros make of it is visible, it gets
/// rid of the four words of CUDA that no macro can express, and learns to say which kernels and variables it
/// holds. Line markers stay, so messages name the lines of the `.cu`.
final class KernelSource {
    private static final Pattern KERNEL = Pattern.compile(
            "(?:__global__\\s+void|void\\s+__global__)\\s+([A-Za-z_]\\w*)");
    private static final Pattern VARIABLE = Pattern.compile("(?:__constant__|__device__)\\s+"
            + "[A-Za-z_][\\w: <>]*\\s(?!operator\\b)([A-Za-z_]\\w*)\\s*(?:\\[[^\\]]*\\]\\s*)*[=;{]");
    /// `extern __shared__ T s[];`, perhaps with an alignment before the type.
    private static final Pattern DYNAMIC = Pattern.compile("extern\\s+__shared__\\s+"
            + "(?:__attribute__\\s*\\(\\([^)]*\\)*\\)\\)\\s*|alignas\\s*\\([^()]*(?:\\([^()]*\\))?\\)\\s*)?"
            + "([A-Za-z_][\\w: ]*?)\\s*\\b([A-Za-z_]\\w*)\\s*\\[\\s*\\]");
    private static final Pattern SHARED = Pattern.compile(
            "static\\s+__shared__|__shared__\\s+static|__shared__");
    private static final Pattern WORDS = Pattern.compile("\\b(?:__global__|__device__|__constant__)\\b");

    private KernelSource() {
    }

    /// What g++ compiles.
    ///
    /// @param name         of the file, for messages
    /// @param preprocessed by `g++ -E`, with `language.h` in front
    static String translate(String name, String preprocessed) {
        String section = "shared_" + name.replaceAll("\\W", "_");
        var result = new StringBuilder();
        var code = new StringBuilder();
        var part = new StringBuilder();
        for (String line : preprocessed.split("\n")) {
            if (line.startsWith("#")) {
                result.append(translatePart(part, section)).append(line).append('\n');
                part.setLength(0);
            } else {
                part.append(line).append('\n');
                code.append(line).append('\n');
            }
        }
        return result + translatePart(part, section) + registry(name, section, code);
    }

    private static String translatePart(CharSequence part, String section) {
        String text = DYNAMIC.matcher(part).replaceAll("$1* const $2 = ($1*) device::dynamicShared()");
        text = SHARED.matcher(text).replaceAll("static __attribute__((section(\"" + section + "\")))");
        return WORDS.matcher(text).replaceAll("");
    }

    private static String registry(String name, String section, CharSequence code) {
        var registry = new StringBuilder("""
                static __attribute__((section("%1$s"), used)) char sharedFloor;
                extern char __start_%1$s[] __attribute__((visibility("hidden")));
                extern char __stop_%1$s[] __attribute__((visibility("hidden")));
                static const int registered = [] {
                """.formatted(section));
        for (String kernel : names(KERNEL, code)) {
            registry.append("""
                        static const device::Kernel kernel_%1$s = device::Adapter<&%1$s>::make(
                            "%1$s", "%2$s", __start_%3$s, __stop_%3$s);
                        device::addKernel(&kernel_%1$s);
                    """.formatted(kernel, name, section));
        }
        for (String variable : names(VARIABLE, code)) {
            registry.append("    device::addVariable({\"%1$s\", (void*) &%1$s, sizeof(%1$s)});\n"
                    .formatted(variable));
        }
        return registry + "    return 0;\n}();\n";
    }

    private static SequencedSet<String> names(Pattern pattern, CharSequence code) {
        var names = new TreeSet<String>();
        pattern.matcher(code).results().forEach(found -> names.add(found.group(1)));
        return names;
    }
}
