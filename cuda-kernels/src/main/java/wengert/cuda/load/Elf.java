package wengert.cuda.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/// Lets a 64-bit ELF library ask for another library than the one that it was linked with: JCuda's natives
/// are of CUDA 12, and CUDA 13 has all that they call, under other file names.
///
/// Three things name the other library. `DT_NEEDED` entries of the section `.dynamic` hold the offset of its
/// name in a string table. The section `.gnu.version_r` holds that offset too, and, because these libraries
/// use their file name as the version of their symbols, once more as a version, with a hash beside it which
/// the dynamic linker compares.
final class Elf {
    private static final int SHT_DYNAMIC = 6;
    private static final int SHT_GNU_VERNEED = 0x6fff_fffe;
    private static final long DT_NEEDED = 1;
    /// Bytes of an entry in the table of segments.
    private static final int ENTRY = 56;

    private final ByteBuffer file;
    private final byte[] from;
    private final byte[] to;
    /// Where `from` stands in the file.
    private final Set<Integer> names = new TreeSet<>();

    private Elf(byte[] library, String from, String to) {
        file = ByteBuffer.wrap(library.clone()).order(ByteOrder.LITTLE_ENDIAN);
        this.from = from.getBytes(StandardCharsets.US_ASCII);
        this.to = to.getBytes(StandardCharsets.US_ASCII);
    }

    /// Whether these are the first bytes of a library for this kind of processor, x86-64.
    ///
    /// @param head 64 bytes
    static boolean isX86Library(byte[] head) {
        return head.length >= 64 && head[0] == 0x7f && head[1] == 'E' && head[2] == 'L' && head[3] == 'F'
                && head[4] == 2 && head[18] == 62 && head[19] == 0;
    }

    /// How long a library has to be for its segments to lie inside of it. One that was cut short kills the
    /// process when the dynamic linker reads it.
    ///
    /// @param head its first bytes
    static long length(byte[] head) {
        ByteBuffer file = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        long table = file.getLong(0x20);
        int size = Short.toUnsignedInt(file.getShort(0x36));
        if (table < 0 || size != ENTRY) {
            return Long.MAX_VALUE; // no such file is right
        }
        long length = table + (long) size * Short.toUnsignedInt(file.getShort(0x38));
        if (length <= head.length) {
            for (int entry = (int) table, end = (int) length; entry < end; entry += size) {
                length = Math.max(length, file.getLong(entry + 8) + file.getLong(entry + 0x20));
            }
        }
        return length;
    }

    /// The library with each mention of one library replaced by another.
    ///
    /// @param from file name of the library that it asks for
    /// @param to   file name that it shall ask for, just as long
    /// @throws IllegalArgumentException if it does not ask for `from`, or is no such file
    static byte[] rename(byte[] library, String from, String to) {
        if (from.length() != to.length()) {
            throw new IllegalArgumentException(from + " and " + to + " are not of one length");
        }
        if (!isX86Library(library)) {
            throw new IllegalArgumentException("no 64-bit ELF library for x86");
        }
        Elf elf = new Elf(library, from, to);
        try {
            elf.sections();
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("an ELF library that ends too early", e);
        }
        if (elf.names.isEmpty()) {
            throw new IllegalArgumentException("it does not ask for " + from);
        }
        for (int at : elf.names) {
            elf.file.put(at, elf.to);
        }
        return elf.file.array();
    }

    private void sections() {
        int count = Short.toUnsignedInt(file.getShort(0x3c));
        for (int i = 0; i < count; i++) {
            int header = header(i);
            int start = (int) file.getLong(header + 0x18);
            int strings = (int) file.getLong(header(file.getInt(header + 0x28)) + 0x18);
            switch (file.getInt(header + 4)) {
                case SHT_DYNAMIC -> needed(start, (int) file.getLong(header + 0x20), strings);
                case SHT_GNU_VERNEED -> versions(start, strings);
                default -> {
                }
            }
        }
    }

    private int header(int section) {
        return (int) file.getLong(0x28) + section * Short.toUnsignedInt(file.getShort(0x3a));
    }

    private void needed(int start, int size, int strings) {
        for (int entry = start; entry < start + size; entry += 16) {
            if (file.getLong(entry) == DT_NEEDED) {
                isName(strings + (int) file.getLong(entry + 8));
            }
        }
    }

    private void versions(int start, int strings) {
        int library = start;
        int next;
        do {
            isName(strings + file.getInt(library + 4));
            int version = library + file.getInt(library + 8);
            for (int i = Short.toUnsignedInt(file.getShort(library + 2)); i > 0; i--) {
                if (isName(strings + file.getInt(version + 8))) {
                    file.putInt(version, hash(to));
                }
                version += file.getInt(version + 12);
            }
            next = file.getInt(library + 12);
            library += next;
        } while (next != 0);
    }

    /// Whether `from` stands there; notes it.
    private boolean isName(int at) {
        byte[] there = new byte[from.length];
        file.get(at, there);
        boolean is = Arrays.equals(there, from) && file.get(at + from.length) == 0;
        if (is) {
            names.add(at);
        }
        return is;
    }

    /// The hash of the System V ABI, of symbol names and of versions.
    private static int hash(byte[] name) {
        int h = 0;
        for (byte c : name) {
            h = (h << 4) + c;
            int high = h & 0xf000_0000;
            h = (h ^ high >>> 24) & ~high;
        }
        return h;
    }
}
