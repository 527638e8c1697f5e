package wengert.cuda.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What [Elf] does, for a Windows DLL: its import table names other DLLs in plain text that a zero ends.
final class Pe {
    private Pe() {
    }

    /// The library with each mention of one DLL replaced by another, of equal length.
    ///
    /// @throws IllegalArgumentException if it does not ask for `from`
    static byte[] rename(byte[] library, String from, String to) {
        byte[] old = (from + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] name = (to + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] renamed = library.clone();
        int times = 0;
        for (int at = 0; at + old.length <= renamed.length; at++) {
            if (Arrays.equals(renamed, at, at + old.length, old, 0, old.length)) {
                System.arraycopy(name, 0, renamed, at, name.length);
                times++;
            }
        }
        if (times == 0 || old.length != name.length) {
            throw new IllegalArgumentException("it does not ask for " + from + ", or " + to + " is no "
                    + "equally long name");
        }
        return renamed;
    }
}
