package wengert.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import wengert.cuda.emulation.EmulatedDriver;
import wengert.cuda.emulation.Emulation;
import wengert.gan.loss.GradientPenalty;
import wengert.gan.loss.NormMode;
import wengert.gan.loss.Wasserstein;
import wengert.tensor.Memory;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Device;

/// Training in every order in which a card may do what it is told has the same bits.
class EveryOrderTest {
    private static final Device CARD = Device.cuda(0);
    private static final List<Map<String, String>> SETTINGS = List.of(
            Map.of("MODE", "lazy", "STREAMS", "reverse", "THREADS", "random:11", "BLOCKS", "reverse",
                    "FREE_WAITS", "0"),
            Map.of("MODE", "lazy", "STREAMS", "random:3", "THREADS", "reverse", "BLOCKS", "random:3",
                    "FREE_WAITS", "0", "GUARD", "all"),
            Map.of("MODE", "lazy", "STREAMS", "reverse", "FREE_WAITS", "0", "MEMORY", "6M"));

    @BeforeEach
    void driver() {
        EmulatedDriver.require();
        Emulation.reset();
    }

    @AfterEach
    void settings() {
        Emulation.reset();
    }

    private static Map<String, Tensor> trained(boolean penalised) {
        var tiny = penalised
                ? new Tiny(CARD, 4, true, new Wasserstein(), t -> t.clipGradNorm(1)
                        .discriminatorAuxiliary(new GradientPenalty(10, NormMode.HWC)))
                : new Tiny(CARD, 4);
        for (int t = 0; t < 2; t++) {
            tiny.trainer.step(t, tiny.inputs);
            Memory.trim(CARD);
        }
        assertEquals(2, tiny.trainer.losses().size());
        return tiny.state();
    }

    private static void set(Map<String, String> settings) {
        Emulation.reset();
        Memory.trim(CARD);
        settings.forEach((key, value) -> Emulation.set(key,
                key.equals("MEMORY") ? String.valueOf(inUse() + (6L << 20)) : value));
    }

    /// What this JVM holds of the card.
    private static long inUse() {
        String line = Emulation.statistics().lines().filter(l -> l.startsWith("memory")).findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll(".*in use (\\d+) bytes", "$1"));
    }

    @Test
    void everyOrderAndLittleMemoryGiveTheSameBits() {
        for (boolean penalised : List.of(false, true)) {
            set(Map.of());
            Map<String, Tensor> want = trained(penalised);
            for (Map<String, String> settings : SETTINGS) {
                set(settings);
                Map<String, Tensor> got = trained(penalised);
                assertEquals(want.keySet(), got.keySet());
                want.forEach((name, x) -> assertTrue(x.sameBits(got.get(name)), settings + ": " + name));
                assertEquals("", Emulation.messages(), settings::toString);
            }
        }
    }
}
