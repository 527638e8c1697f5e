package wengert.benchmarks.peers;

import java.util.List;
import wengert.benchmarks.Engine;

/// ND4J with its native CPU backend: what a Java program would otherwise compute with. It has no tape, so no
/// whole steps; gradients of convolutions are operators of their own. Its native glue is older than
/// PyTorch's, so its jars lie in a folder that only its own JVM sees.
public final class Nd4j implements Engine {
    private Nd4jWork work;

    @Override
    public String name() {
        return "nd4j";
    }

    @Override
    public boolean does(String workload) {
        return List.of("conv-fwd-64x64x32-k4s2", "conv-fwdbwd-64x64x32-k4s2", "conv-fwdbwd-64x128x16-k3s1",
                "matmul-1024", "matmul-256", "tanh-4M", "add-4M").contains(workload);
    }

    @Override
    public String jars() {
        return "nd4j";
    }

    @Override
    public List<String> options() {
        return List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseParallelGC", "-Xms256m", "-Xmx256m",
                "-XX:+AlwaysPreTouch", "-Dorg.bytedeco.javacpp.maxBytes=4g",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=8g");
    }

    @Override
    public String load() {
        work = new Nd4jWork();
        Torch.forgetPeak();
        return "ND4J " + work.version();
    }

    @Override
    public Runnable prepare(String workload) {
        return work.prepare(workload);
    }
}
