package wengert.tensor.spi;

/// A backend whose number of threads can be chosen. Results have the same bits for every number.
public interface ThreadCount {
    /// How many threads compute.
    int threads();

    /// Changes how many threads compute, for the whole JVM.
    ///
    /// @param count at least 1
    void threads(int count);
}
