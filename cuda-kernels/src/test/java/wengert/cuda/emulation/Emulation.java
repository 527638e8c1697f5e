package wengert.cuda.emulation;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;

/// What a test sets in the software driver of [EmulatedDriver], and what it asks it. The keys are those of
/// the environment, `CUDA_EMULATION_KEY`; README.md beside the driver's sources lists them.
public final class Emulation {
    private static final SymbolLookup DRIVER =
            SymbolLookup.libraryLookup(EmulatedDriver.build().resolve("libcuda.so.1"), Arena.global());
    private static final MethodHandle SET = function("cuEmulationSet", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle RESET = function("cuEmulationReset", JAVA_INT);
    private static final MethodHandle MESSAGES = function("cuEmulationMessages", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle STATISTICS =
            function("cuEmulationStatistics", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle CALLS = function("cuEmulationCalls", JAVA_LONG, ADDRESS);
    private static final MethodHandle LAUNCHES = function("cuEmulationLaunches", JAVA_LONG, ADDRESS);
    private static final int LONGEST = 1 << 20;

    private Emulation() {
    }

    /// Changes a setting until [#reset()].
    public static void set(String key, String value) {
        try (var arena = Arena.ofConfined()) {
            if ((int) call(SET, arena.allocateFrom(key), arena.allocateFrom(value)) != 0) {
                throw new IllegalArgumentException("no setting " + key);
            }
        }
    }

    /// Lets the `nth` call from now of a function of the driver, of cuBLAS or of cuDNN fail.
    ///
    /// @param function name without `_v2`
    /// @param code     number of the error
    public static void fail(String function, int nth, int code) {
        set("FAIL", function + ":" + nth + ":" + code);
    }

    /// Sets everything back to the environment's settings and forgets the messages and faults to come.
    public static void reset() {
        call(RESET);
        messages();
    }

    /// What the driver had to say since it was last asked, a line each.
    public static String messages() {
        return text(MESSAGES);
    }

    /// Launches by kernel, bytes copied, calls by function, and what was never given back, a line each.
    public static String statistics() {
        return text(STATISTICS);
    }

    /// What is held at the moment: a line each for an allocation, and for the number of streams and the like.
    public static List<String> held() {
        return statistics().lines().filter(line -> line.startsWith("held")).toList();
    }

    /// How often a function of the driver or of a library was called.
    ///
    /// @param function name without `_v2`
    public static long calls(String function) {
        try (var arena = Arena.ofConfined()) {
            return (long) call(CALLS, arena.allocateFrom(function));
        }
    }

    /// How often a kernel ran.
    public static long launches(String kernel) {
        try (var arena = Arena.ofConfined()) {
            return (long) call(LAUNCHES, arena.allocateFrom(kernel));
        }
    }

    private static String text(MethodHandle handle) {
        try (var arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(LONGEST);
            call(handle, buffer, LONGEST);
            return buffer.getString(0);
        }
    }

    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return Linker.nativeLinker().downcallHandle(DRIVER.findOrThrow(name),
                FunctionDescriptor.of(result, arguments));
    }

    private static Object call(MethodHandle handle, Object... arguments) {
        try {
            return handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
