package wengert.benchmarks;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.ThreadCount;

/// The CPU backend's threads sleep while there is nothing to compute. (That they are parked is a test of the
/// pool's own; what they cost only the JVM's management tells, which the tensor module does not read.)
class IdlePoolTest {
    @Test
    void anIdlePoolTakesNoProcessor() throws InterruptedException {
        ThreadCount threads = Device.CPU.backend().find(ThreadCount.class);
        int before = threads.threads();
        threads.threads(3);
        try {
            for (int i = 0; i < 10; i++) {
                Tensor.ones(1 << 20).tanh();
            }
        } finally {
            threads.threads(before);
        }
        Thread.sleep(100); // the spinning before they park is not idleness
        var bean = ManagementFactory.getThreadMXBean();
        List<Thread> workers = Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("wengert-cpu-")).toList();
        assertTrue(workers.size() >= 2, String.valueOf(workers));
        long[] used = workers.stream().mapToLong(t -> bean.getThreadCpuTime(t.threadId())).toArray();
        Thread.sleep(1000);
        for (int i = 0; i < used.length; i++) {
            long nanos = bean.getThreadCpuTime(workers.get(i).threadId()) - used[i];
            assertTrue(nanos < 2_000_000, workers.get(i).getName() + " took " + nanos
                    + " ns of an idle second");
        }
    }
}
