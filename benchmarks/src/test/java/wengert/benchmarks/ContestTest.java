package wengert.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import wengert.tensor.spi.Device;

class ContestTest {
    private static final Machine MACHINE = new Machine("2 processors", "Vector API 256 bit", "25",
            "2026-01-01", 2, 1e11, 2e10, Device.CPU);

    /// An engine whose JVM cannot start its work.
    private static class Broken implements Engine {
        @Override
        public String name() {
            return "broken";
        }

        @Override
        public boolean does(String workload) {
            return true;
        }

        @Override
        public String load() {
            throw new IllegalStateException();
        }

        @Override
        public Runnable prepare(String workload) {
            throw new IllegalStateException();
        }

        @Override
        public List<String> options() {
            return List.of();
        }
    }

    @Test
    void enginesAreTimedInJvmsOfTheirOwnAndOneThatFailsCostsOneLine() throws Exception {
        Workload add = Workloads.find("add-4M");
        List<Result> results = new Contest(1, 3, 2, 0).run(add, List.of(new Wengert(), new Broken()));
        Result mine = results.getFirst();
        assertNull(mine.failure());
        assertTrue(mine.min() > 1e-5 && mine.median() >= mine.min() && mine.median() < 10,
                "seconds: " + mine.median());
        assertTrue(mine.megabytes() > 45, "three arrays of 16.8 MB, got " + mine.megabytes());
        assertTrue(results.get(1).failure() != null, "the broken one");
        String[] rows = new Table(MACHINE).row(add, results).split("\n");
        assertEquals(2, rows.length);
        assertTrue(rows[0].startsWith("add-4M ") && rows[0].length() <= 80, rows[0]);
        assertTrue(rows[1].startsWith("  broken failed: "), rows[1]);
    }

    @Test
    void fastestVariantOfAPeerCountsAndRatiosAreOfTheSameRound() {
        Map<Workload, List<Result>> all = new LinkedHashMap<>();
        List<Result> results = List.of(result("wengert", 1, 2, 3), result("pytorch", 4, 4, 4),
                result("pytorch-nhwc", 2, 3, 4));
        all.put(Workloads.find("matmul-256"), results);
        assertEquals("pytorch-nhwc", Markdown.best(results, "pytorch").engine());
        String table = Markdown.table(MACHINE, "./wengert bench", Map.of("pytorch", "PyTorch 2"), all);
        assertTrue(table.contains("**0.67** (0.50–0.75)"), table);
        assertTrue(Roofline.page(MACHINE, Map.of(), all).contains(">matmul-256</text>"));
    }

    private static Result result(String name, double... seconds) {
        var result = new Result(new Broken() {
            @Override
            public String name() {
                return name;
            }
        });
        for (double s : seconds) {
            result.add(s);
        }
        return result;
    }
}
