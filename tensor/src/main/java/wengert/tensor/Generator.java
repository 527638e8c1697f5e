package wengert.tensor;

import java.util.Map;
import java.util.TreeMap;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.RandomKind;
import wengert.tensor.spi.Philox;
import wengert.tensor.spi.Shape;

/// Random numbers in named streams. A number is a function of (seed, stream, draw, element) alone: it depends
/// neither on threads, nor on the device, nor on what other streams do. The whole state is the number of
/// draws of each stream.
///
/// ```java
/// Generator random = Generator.seeded(42);
/// Generator.Stream z = random.stream("z");
/// Tensor noise = z.normal(64, 100);
/// ```
public final class Generator {
    private final long seed;
    private final Map<String, Stream> streams = new TreeMap<>();

    private Generator(long seed) {
        this.seed = seed;
    }

    /// A generator whose every stream starts at its first draw.
    public static Generator seeded(long seed) {
        return new Generator(seed);
    }

    /// The seed.
    public long seed() {
        return seed;
    }

    /// The stream of that name; the same object each time.
    public synchronized Stream stream(String name) {
        return streams.computeIfAbsent(name, n -> new Stream(seed, n));
    }

    /// Draws made so far, by stream: the whole state.
    public synchronized Map<String, Integer> draws() {
        Map<String, Integer> state = new TreeMap<>();
        streams.forEach((name, s) -> state.put(name, s.draws));
        return state;
    }

    /// Continues where another generator of the same seed stood.
    ///
    /// @param state what [#draws] said
    public synchronized void restore(Map<String, Integer> state) {
        streams.values().forEach(s -> s.draws = 0);
        state.forEach((name, n) -> stream(name).draws = n);
    }

    /// One stream of a generator. Each call of a drawing method is one draw.
    public static final class Stream {
        private final long seed;
        private final String name;
        private final long id;
        private int draws;
        private Device device = Device.CPU;
        private DType dtype = DType.F32;

        private Stream(long seed, String name) {
            this.seed = seed;
            this.name = name;
            this.id = Philox.streamId(name);
        }

        /// Name of the stream.
        public String name() {
            return name;
        }

        /// Where and as what to draw from now on; f32 on the CPU unless said otherwise. The numbers are the
        /// same.
        public Stream as(DType dtype, Device device) {
            this.dtype = dtype;
            this.device = device;
            return this;
        }

        /// Moves to a draw by number, so that what is drawn next does not depend on what was drawn before.
        ///
        /// @param draw from 0
        /// @return this
        public Stream at(int draw) {
            draws = draw;
            return this;
        }

        /// Uniform in [0, 1).
        public Tensor uniform(int... sizes) {
            return draw(RandomKind.UNIFORM, sizes);
        }

        /// Standard normal.
        public Tensor normal(int... sizes) {
            return draw(RandomKind.NORMAL, sizes);
        }

        /// Whole numbers in [0, bound) as i64.
        public Tensor integers(int bound, int... sizes) {
            Shape shape = Shape.of(sizes);
            long[] values = new long[shape.length()];
            int draw = draws++;
            for (int i = 0; i < values.length; i++) {
                values[i] = Philox.below(bound, seed, id, draw, i);
            }
            return Tensor.of(values, sizes).to(device);
        }

        /// A random order of `0 … n − 1` (Fisher–Yates).
        public int[] permutation(int n) {
            return Philox.permutation(n, seed, id, draws++);
        }

        private Tensor draw(RandomKind kind, int... sizes) {
            Tensor t = Tensor.empty(dtype, device, Shape.of(sizes));
            device.backend().random(kind, seed, id, draws++, t.view());
            return t;
        }
    }
}
