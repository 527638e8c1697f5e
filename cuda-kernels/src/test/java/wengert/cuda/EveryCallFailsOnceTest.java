package wengert.cuda;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import wengert.cuda.driver.CudaException;
import wengert.cuda.emulation.EmulatedDriver;
import wengert.cuda.emulation.Emulation;
import wengert.gan.loss.GradientPenalty;
import wengert.gan.loss.NormMode;
import wengert.gan.loss.Wasserstein;
import wengert.gan.train.Phase;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.TensorException;

/// A training step in which one call of the driver, of cuBLAS or of cuDNN fails, each in its turn.
class EveryCallFailsOnceTest {
    private static final Device CARD = Device.cuda(0);
    /// Of the context; the software driver forgets them, so that the next case can be tried.
    private static final int ILLEGAL_ADDRESS = 700;
    private static final Set<String> STICKY = Set.of("cuLaunchKernel", "cuStreamSynchronize",
            "cuEventSynchronize", "cuMemcpyDtoHAsync", "cuEventRecord");

    /// The `nth` call of a function from the beginning of a step.
    private record Site(String function, int nth) {
        static List<Site> some(String function, int calls) {
            return List.of(new Site(function, 1), new Site(function, Math.min(2, calls)),
                    new Site(function, calls));
        }

        int code() {
            return function.startsWith("cublas") ? 13 : function.startsWith("cudnn") ? 5000 : 1;
        }
    }

    @BeforeEach
    void driver() {
        EmulatedDriver.require();
        Emulation.reset();
        Emulation.set("LOG", "off");
    }

    @AfterEach
    void settings() {
        Emulation.reset();
    }

    private static Tiny penalised() {
        return new Tiny(CARD, 4, true, new Wasserstein(), t -> t.clipGradNorm(1)
                .discriminatorAuxiliary(new GradientPenalty(10, NormMode.HWC)));
    }

    /// What a warm step calls: of each function the first, second and last call, of launches also the first
    /// and last of each kernel.
    ///
    /// @param seen functions and kernels that were tried already
    private static Set<Site> sites(Set<String> seen, Runnable step) {
        Map<String, Long> before = calls();
        Emulation.messages();
        Emulation.set("TRACE", "1");
        step.run();
        Emulation.set("TRACE", "0");
        List<String> lines = Emulation.messages().lines().toList();
        Map<String, List<Integer>> positions = new LinkedHashMap<>();
        Map<String, Integer> count = new TreeMap<>();
        for (String line : lines) {
            if (line.startsWith("call ")) {
                count.merge(line.substring(5), 1, Integer::sum);
            } else if (line.startsWith("kernel ")) {
                positions.computeIfAbsent(line, k -> new ArrayList<>()).add(count.get("cuLaunchKernel"));
            }
        }
        Map<String, Long> made = less(calls(), before);
        Set<Site> sites = new LinkedHashSet<>();
        made.forEach((function, n) -> {
            assertEquals(n, (long) count.get(function), function);
            if (seen.add(function)) {
                sites.addAll(Site.some(function, count.get(function)));
            }
        });
        positions.forEach((kernel, at) -> {
            if (seen.add(kernel)) {
                sites.add(new Site("cuLaunchKernel", at.getFirst()));
                sites.add(new Site("cuLaunchKernel", at.getLast()));
            }
        });
        return sites;
    }

    private static Map<String, Long> calls() {
        Map<String, Long> calls = new TreeMap<>();
        Emulation.statistics().lines().filter(line -> line.startsWith("calls")).forEach(line -> {
            String[] words = line.split(" +");
            calls.put(words[1], Long.parseLong(words[2]));
        });
        return calls;
    }

    /// How much is held of each kind; allocations by size.
    private static Map<String, Long> held() {
        Map<String, Long> held = new TreeMap<>();
        for (String line : Emulation.held()) {
            String words = line.substring(5).strip();
            if (words.startsWith("allocation")) {
                held.merge(words.substring(words.indexOf('(')), 1L, Long::sum);
            } else {
                int space = words.indexOf(' ');
                held.put(words.substring(space + 1), Long.parseLong(words.substring(0, space)));
            }
        }
        return held;
    }

    private static Map<String, Long> less(Map<String, Long> after, Map<String, Long> before) {
        Map<String, Long> more = new TreeMap<>(after);
        before.forEach((key, n) -> more.merge(key, -n, Long::sum));
        more.values().removeIf(n -> n == 0);
        return more;
    }

    private static CudaException failure(Throwable thrown) {
        for (Throwable e = thrown; e != null; e = e.getCause()) {
            if (e instanceof CudaException found) {
                return found;
            }
        }
        return null;
    }

    private static void assertClean(TensorException e, Site site, int code) {
        assertTrue(e.getMessage().contains(site.function), () -> site + ": " + e.getMessage());
        CudaException failure = failure(e);
        assertTrue(failure != null, () -> site + ": " + e);
        assertEquals(code, failure.status(), site::toString);
        assertEquals(code == ILLEGAL_ADDRESS, failure.isLost(), site::toString);
    }

    private static boolean same(Map<String, Tensor> a, Map<String, Tensor> b, String prefixes) {
        return a.keySet().equals(b.keySet()) && a.entrySet().stream()
                .filter(x -> prefixes.contains(x.getKey().substring(0, 1)))
                .allMatch(x -> x.getValue().sameBits(b.get(x.getKey())));
    }

    private static void eachCallFails(Tiny tiny, int t, Set<String> seen) {
        for (int i = 0; i < t; i++) {
            tiny.trainer.iteration(i, tiny.inputs);
        }
        int updates = tiny.trainer.generatorUpdates();
        Map<String, Tensor> before = tiny.state();
        Map<String, Tensor> halfway = halfway(tiny, t);
        back(tiny, before, updates);
        Map<String, Double> losses = tiny.trainer.iteration(t, tiny.inputs);
        Map<String, Tensor> after = tiny.state();
        back(tiny, before, updates);
        Set<Site> sites = sites(seen, () -> tiny.trainer.iteration(t, tiny.inputs));
        assertFalse(sites.isEmpty());
        Set<String> sticky = new LinkedHashSet<>();
        int segments = ((CudaBackend) CARD.backend()).memory().segments();
        Map<String, Long> held = held();
        assertAll(sites.stream().map(site -> () -> {
            back(tiny, before, updates);
            int code = STICKY.contains(site.function) && sticky.add(site.function) ? ILLEGAL_ADDRESS
                    : site.code();
            Emulation.fail(site.function, site.nth, code);
            assertClean(assertThrows(TensorException.class, () -> tiny.trainer.iteration(t, tiny.inputs),
                    site::toString), site, code);
            // each network with its optimiser is what it was before a phase or after it, never between
            Map<String, Tensor> left = tiny.state();
            if (!same(after, left, "GDo")) {
                assertTrue(same(before, left, "GDEo") || same(halfway, left, "GDEo"), site::toString);
            }
            back(tiny, before, updates);
            assertEquals(losses, tiny.trainer.iteration(t, tiny.inputs), site::toString);
            assertTrue(same(after, tiny.state(), "GDEo"), site::toString);
        }));
        if (((CudaBackend) CARD.backend()).memory().segments() == segments) {
            assertEquals(Map.of(), less(held(), held));
        }
        System.out.println("calls of a warm step that failed: " + sites.size());
    }

    /// After the discriminator's phase.
    private static Map<String, Tensor> halfway(Tiny tiny, int t) {
        var stop = new TensorException("enough");
        assertThrows(TensorException.class,
                () -> tiny.trainer.step(t, tiny.inputs.until(Phase.GENERATOR, stop)));
        return tiny.state();
    }

    private static void back(Tiny tiny, Map<String, Tensor> state, int updates) {
        tiny.load(state);
        tiny.trainer.generatorUpdates(updates);
    }

    @Test
    void aWarmStepInWhichACallFailsIsToldOfChangesNothingHalfAndCanBeMadeAgain() {
        Set<String> seen = new TreeSet<>();
        eachCallFails(new Tiny(CARD, 4), 3, seen);
        eachCallFails(penalised(), 3, seen);
        assertTrue(seen.containsAll(STICKY), seen::toString);
    }

    @Test
    void fromColdACallThatFailsLeavesNothingBehindAndTheNextAttemptSucceeds() throws Exception {
        Field field = Device.class.getDeclaredField("OPEN");
        field.setAccessible(true);
        @SuppressWarnings("unchecked") // as it is declared
        var open = (Map<Device, Backend>) field.get(null);
        Backend used = CARD.backend();
        System.setProperty("wengert.cuda.cubins", "off"); // each start makes the same calls
        Emulation.set("POISON", "off"); // what is never touched takes no memory
        try {
            open.remove(CARD);
            Map<String, Long> calls = calls();
            Map<String, Long> held = held();
            Map<String, Double> losses = start();
            Map<String, Long> made = less(calls(), calls);
            Map<String, Long> clean = held(held);
            Set<Site> sites = new LinkedHashSet<>();
            made.forEach((function, n) -> sites.addAll(Site.some(function, n.intValue())));
            assertTrue(sites.size() > 40, sites::toString);
            assertAll(sites.stream().map(site -> () -> {
                open.remove(CARD);
                Map<String, Long> first = held();
                Emulation.fail(site.function, site.nth, site.code());
                assertClean(assertThrows(TensorException.class, EveryCallFailsOnceTest::start,
                        site::toString), site, site.code());
                if (!open.containsKey(CARD)) {
                    assertEquals(Map.of(), less(held(), first), site::toString);
                }
                assertEquals(losses, start(), site::toString);
                assertEquals(clean, held(first), site::toString);
            }));
            System.out.println("calls of a cold start that failed: " + sites.size());
        } finally {
            open.put(CARD, used);
        }
    }

    private static Map<String, Double> start() {
        var tiny = new Tiny(CARD, 4);
        return tiny.trainer.iteration(0, tiny.inputs);
    }

    /// What is held since then, without what is used again: the segments of the allocator, and up to four
    /// slots of staging, each with as much pinned memory and two events.
    private static Map<String, Long> held(Map<String, Long> before) {
        Map<String, Long> more = less(held(), before);
        more.keySet().removeAll(Set.of("(" + (2 << 20) + " bytes)", "(" + (20 << 20) + " bytes)"));
        long slots = more.remove("(" + (4 << 20) + " bytes)");
        assertTrue(slots <= 4, more::toString);
        more.merge("pinned allocations", -slots, Long::sum);
        more.merge("events", -2 * slots, Long::sum);
        return more;
    }
}
