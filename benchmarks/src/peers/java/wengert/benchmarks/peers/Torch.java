package wengert.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import wengert.benchmarks.Engine;

/// PyTorch's own C++ library, called through its Java bindings. In three variants, of which the fastest
/// counts.
public class Torch implements Engine {
    /// Where variants differ.
    enum Variant {
        /// Rows of pixels within channels, PyTorch's default.
        PLAIN("pytorch"),
        /// Channels within pixels, which its convolutions like best.
        CHANNELS_LAST("pytorch-nhwc"),
        /// The forward pass as one TorchScript function, so that not one call of Java is left in it.
        SCRIPT("pytorch-script");

        private final String name;

        Variant(String name) {
            this.name = name;
        }
    }

    private static final String TAPE = "tape-50-tiny";
    private static final List<String> IMAGES = List.of("quickstart", "dcgan", "wgangp", "conv-fwd",
            "batchnorm");
    private static final List<String> OTHERS = List.of("matmul-1024", "matmul-256", "tanh-4M", "add-4M",
            TAPE);
    private final Variant variant;
    private TorchWork work;

    /// For [java.util.ServiceLoader].
    public Torch() {
        this(Variant.PLAIN);
    }

    private Torch(Variant variant) {
        this.variant = variant;
    }

    /// Channels within pixels.
    public static final class ChannelsLast extends Torch {
        /// For [java.util.ServiceLoader].
        public ChannelsLast() {
            super(Variant.CHANNELS_LAST);
        }
    }

    /// TorchScript.
    public static final class Script extends Torch {
        /// For [java.util.ServiceLoader].
        public Script() {
            super(Variant.SCRIPT);
        }
    }

    @Override
    public String name() {
        return variant.name;
    }

    @Override
    public boolean does(String workload) {
        boolean image = IMAGES.stream().anyMatch(workload::startsWith)
                && !workload.startsWith("conv-fwd-64x32-") && !workload.startsWith("conv-fwd-64x16-");
        return switch (variant) {
            case PLAIN -> image || OTHERS.contains(workload);
            case CHANNELS_LAST -> image;
            case SCRIPT -> workload.equals(TAPE);
        };
    }

    /// The heap is of a fixed size and touched at the start, so that it does not show in the growth of the
    /// process. The binding's own books (a phantom reference per tensor, a look at the process's size per
    /// allocation) are off: they are Java's cost, not PyTorch's; scopes and explicit calls free every tensor.
    @Override
    public List<String> options() {
        return List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseParallelGC", "-Xms256m", "-Xmx256m",
                "-Xmn128m", "-XX:+AlwaysPreTouch", "-Dorg.bytedeco.javacpp.nopointergc=true",
                "-Dorg.bytedeco.javacpp.maxBytes=0", "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
    }

    @Override
    public String load() {
        work = new TorchWork(variant == Variant.CHANNELS_LAST);
        forgetPeak();
        return "PyTorch " + work.version();
    }

    @Override
    public Runnable prepare(String workload) {
        return variant == Variant.SCRIPT ? work.script() : work.prepare(workload);
    }

    /// Lets `VmHWM` start again from what the process holds now.
    static void forgetPeak() {
        try {
            Files.writeString(Path.of("/proc/self/clear_refs"), "5");
        } catch (IOException e) {
            // then loading counts too
        }
    }
}
