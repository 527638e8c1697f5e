package wengert.tensor.spi;

import java.util.List;

/// Devices of one kind, of which a machine has several, one or none. Found by [java.util.ServiceLoader], and
/// looked for only when somebody asks for a device that is not built in: until then no class of it is loaded.
public interface DeviceFamily {
    /// Name of the kind: `cuda`.
    String kind();

    /// How many of them can be used here; 0 where something is missing, see [#report()].
    int count();

    /// The backend of one of them.
    ///
    /// @param index from 0
    /// @throws DeviceException if it cannot be used, saying what is missing and what to do
    Backend open(int index);

    /// What such a device needs on this machine, and what of it was found: the table of `doctor`.
    List<Need> report();

    /// One line of the table.
    ///
    /// @param what     it is: `cuBLAS`
    /// @param found    where, or null where it was not
    /// @param version  of what was found; empty if unknown
    /// @param expected which versions would do
    /// @param advice   what to do; empty where all is well
    record Need(String what, String found, String version, String expected, String advice) {
    }
}
