package wengert.tensor;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Storage;

/// Who holds the memory of a device that has its own. In host memory nobody keeps such a list: there are only
/// the buffers of the scopes that a thread has opened.
final class Holders {
    private static final int SHOWN = 10;
    private static final Map<Device, Holders> ALL = new HashMap<>();

    private List<Entry> entries = new ArrayList<>();
    private int sweepAt = 1024;

    /// A buffer, as long as it is one.
    private static final class Entry extends WeakReference<Storage> {
        private final Shape shape;

        Entry(Storage storage, Shape shape) {
            super(storage);
            this.shape = shape;
        }

        boolean isGone() {
            Storage s = get();
            return s == null || s.isReleased();
        }
    }

    /// A line of the table.
    private record Held(long bytes, String form, String kind, String place) {
        static Held of(Storage s, Shape shape) {
            boolean scoped = s.kind().isEmpty() && s.owner() instanceof Scope;
            String kind = scoped ? "scope" : s.kind().isEmpty() ? "tensor" : s.kind();
            String place = scoped ? "'" + ((Scope) s.owner()).name() + "'" : String.valueOf(s.holder());
            return new Held((long) s.length() * s.dtype().bytes(),
                    s.dtype() + " " + (shape == null ? "[" + s.length() + "]" : shape), kind,
                    place.isEmpty() ? s.label() : place);
        }
    }

    private Holders() {
    }

    static synchronized void add(Storage storage, Shape shape) {
        ALL.computeIfAbsent(storage.device(), _ -> new Holders()).note(storage, shape);
    }

    private void note(Storage storage, Shape shape) {
        if (entries.size() >= sweepAt) {
            entries.removeIf(Entry::isGone);
            sweepAt = Math.max(1024, 2 * entries.size());
        }
        entries.add(new Entry(storage, shape));
    }

    private static synchronized List<Held> held(Device device) {
        List<Held> held = new ArrayList<>();
        if (device.isHost()) {
            for (Storage s : Scope.ownedHere()) {
                if (s.device().equals(device) && !s.isReleased()) {
                    held.add(Held.of(s, null));
                }
            }
        } else if (ALL.containsKey(device)) {
            for (Entry entry : ALL.get(device).entries) {
                Storage s = entry.get();
                if (s != null && !s.isReleased()) {
                    held.add(Held.of(s, entry.shape));
                }
            }
        }
        held.sort(Comparator.comparingLong(Held::bytes).reversed());
        return held;
    }

    /// The table: what kinds of buffers there are, and the largest ones.
    static String table(Device device) {
        List<Held> held = held(device);
        Map<String, long[]> kinds = new TreeMap<>();
        for (Held h : held) {
            long[] sum = kinds.computeIfAbsent(h.kind, _ -> new long[2]);
            sum[0] += h.bytes;
            sum[1]++;
        }
        long all = held.stream().mapToLong(Held::bytes).sum();
        var text = new StringBuilder(String.format(Locale.ROOT, "  %s, %s in %d buffers:",
                device.isHost() ? "the open scopes of this thread hold" : device + " holds", size(all),
                held.size()));
        kinds.entrySet().stream().sorted((a, b) -> Long.compare(b.getValue()[0], a.getValue()[0]))
                .forEach(k -> text.append(String.format(Locale.ROOT, "%n  %12s  %s (%d)",
                        size(k.getValue()[0]), k.getKey(), k.getValue()[1])));
        text.append(String.format("%n  the largest:"));
        held.stream().limit(SHOWN).forEach(h -> text.append(String.format(Locale.ROOT, "%n  %12s  %s  %s%s",
                size(h.bytes), h.form, h.kind, h.place.isEmpty() ? "" : " " + h.place)));
        return text.toString();
    }

    /// Bytes as a person reads them.
    static String size(long bytes) {
        return bytes < 1 << 10 ? bytes + " B" : bytes < 1 << 20 ? String.format(Locale.ROOT, "%.1f KiB",
                bytes * 0x1p-10) : String.format(Locale.ROOT, "%.1f MiB", bytes * 0x1p-20);
    }
}
