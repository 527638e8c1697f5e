package wengert.cuda;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import wengert.cuda.driver.Address;
import wengert.cuda.driver.Context;
import wengert.cuda.driver.Event;
import wengert.cuda.driver.KernelModule;
import wengert.cuda.memory.Allocator;
import wengert.cuda.memory.Buffer;
import wengert.cuda.memory.Staging;
import wengert.tensor.spi.Backend;
import wengert.tensor.spi.BackendException;
import wengert.tensor.spi.BinaryKind;
import wengert.tensor.spi.CompareKind;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.RandomKind;
import wengert.tensor.spi.ReduceKind;
import wengert.tensor.spi.Storage;
import wengert.tensor.spi.UnaryKind;
import wengert.tensor.spi.View;

/// Computes on one card. A call returns when its kernels are queued; what is read back arrives after them.
/// This class only sorts the calls: each family of operators has a class that launches its kernels, and a
/// file of kernels of the same name.
public final class CudaBackend implements Backend {
    private final Device device;
    private final Context context;
    private final Allocator allocator;
    private final Copies copies;
    private final Elementwise elementwise;
    private final Faults faults;
    private final Indexing indexing;
    private final Randoms randoms;
    private final Products products;
    private final Reductions reductions;
    private final Scans scans;
    private final List<Object> groups;
    private final Map<String, KernelModule> compiled = new ConcurrentHashMap<>();

    /// Opens a card. The driver and the libraries have been loaded before.
    ///
    /// @param index from 0
    public CudaBackend(int index) {
        device = Device.cuda(index);
        context = new Context(index);
        allocator = new Allocator(context);
        faults = new Faults(context);
        var staging = new Staging(context);
        copies = new Copies(context, device, allocator, staging, faults);
        elementwise = new Elementwise(context);
        randoms = new Randoms(context);
        products = new Products(context, device, allocator, copies);
        var folds = new Folds(context, allocator, copies);
        reductions = new Reductions(folds, copies);
        scans = new Scans(context, allocator);
        indexing = new Indexing(context, faults);
        groups = List.of(
                new Moments(folds, copies),
                new Softmaxes(context, faults),
                new Norms(context, device, allocator, copies),
                new Losses(context, device, allocator, copies),
                new Optimizers(context, allocator, staging),
                new Pools(context),
                new Convolutions(context, device, allocator, copies, products));
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public String description() {
        return context.name() + ", compute capability " + context.capability() / 10 + "."
                + context.capability() % 10 + ", " + (context.memory()[1] >> 20) + " MiB";
    }

    /// What the card's memory is used for.
    public Allocator.Statistics memory() {
        return allocator.statistics();
    }

    /// Kernels of your own, compiled for this card by NVRTC or nvcc. An operator of yours starts them in its
    /// [wengert.tensor.ops.Op#forward]:
    ///
    /// ```java
    /// record Swish() implements SingleOp {                            // y = x · σ(x)
    ///     static final String SOURCE = """
    ///             extern "C" __global__ void swish(const float* x, float* y, int n) {
    ///               int i = blockIdx.x * blockDim.x + threadIdx.x;
    ///               if (i < n) y[i] = x[i] / (1 + expf(-x[i]));
    ///             }""";
    ///
    ///     public Spec inferOne(Spec[] in) {
    ///         return in[0];
    ///     }
    ///
    ///     public void forward(Backend k, View[] in, View y) {
    ///         int n = y.shape().length();
    ///         ((CudaBackend) k).compile("swish.cu", SOURCE).kernel("swish").launch()
    ///                 .address(CudaBackend.address(in[0])).address(CudaBackend.address(y)).i32(n)
    ///                 .run((n + 255) / 256, 256);
    ///     }
    ///
    ///     public boolean savesInput(int i, boolean[] needs) {
    ///         return true;
    ///     }
    ///
    ///     public <T extends TensorOps<T>> T gradient(int i, Saved<T> s, T dy) {
    ///         T sigma = s.input(0).sigmoid();                         // dx = dy · σ · (1 + x · (1 − σ))
    ///         return dy.mul(sigma).mul(s.input(0).mul(sigma.neg().add(1)).add(1));
    ///     }
    /// }
    /// ```
    ///
    /// `x.contiguous().apply(new Swish())` runs it, [#milliseconds] times it.
    ///
    /// @param name   for messages
    /// @param source CUDA C++ with kernels declared `extern "C" __global__`; compiled once
    /// @throws BackendException with the compiler's words if it refuses the source
    public KernelModule compile(String name, String source) {
        return compiled.computeIfAbsent(source, text -> KernelModule.compile(context, name, text));
    }

    /// Where the first element of a view on a card stands.
    public static Address address(View v) {
        return Views.at(v);
    }

    /// Milliseconds of the card that some work takes, by its own clock: the mean of a number of times, after
    /// as many that are not counted. Waits for the card.
    ///
    /// @param times how often, at least 1
    public double milliseconds(int times, Runnable work) {
        context.enter();
        for (int i = 0; i < times; i++) {
            work.run();
        }
        Event begin = Event.timing();
        Event end = Event.timing();
        try {
            begin.record(context.compute());
            for (int i = 0; i < times; i++) {
                work.run();
            }
            end.record(context.compute());
            end.synchronize();
            return (double) end.since(begin) / times;
        } finally {
            begin.close();
            end.close();
        }
    }

    /// A mark behind everything that is queued, which knows when it was reached. To be closed.
    public Event mark() {
        context.enter();
        Event mark = Event.timing();
        mark.record(context.compute());
        return mark;
    }

    /// Starts a new measurement of [Allocator.Statistics#peak()].
    public void resetPeak() {
        allocator.resetPeak();
    }

    @Override
    public <K> K find(Class<K> group) {
        for (Object kernels : groups) {
            if (group.isInstance(kernels)) {
                return group.cast(kernels);
            }
        }
        return null;
    }

    @Override
    public Storage allocate(DType dtype, int length) {
        return new Storage(device, dtype, length, allocator.take((long) length * dtype.bytes()));
    }

    @Override
    public void free(Object data) {
        ((Buffer) data).free();
    }

    @Override
    public void whenShort(Runnable giveBack) {
        allocator.whenShort(giveBack);
    }

    @Override
    public boolean poolsSmall() {
        return true;
    }

    @Override
    public void copy(View x, View y) {
        copies.copy(x, y);
    }

    @Override
    public void fill(View y, double value) {
        copies.fill(y, value);
    }

    @Override
    public void unary(UnaryKind kind, double p, double q, View x, View y) {
        elementwise.unary(kind, p, q, x, y);
    }

    @Override
    public void binary(BinaryKind kind, double p, double q, View a, View b, View y) {
        elementwise.binary(kind, p, q, a, b, y);
    }

    @Override
    public void compare(CompareKind kind, View a, View b, View y) {
        elementwise.compare(kind, a, b, y);
    }

    @Override
    public void where(View c, View a, View b, View y) {
        elementwise.where(c, a, b, y);
    }

    @Override
    public void reduce(ReduceKind kind, View x, View y) {
        reductions.reduce(kind, x, y);
    }

    @Override
    public void argReduce(ReduceKind kind, View x, int axis, View y) {
        reductions.argReduce(kind, x, axis, y);
    }

    @Override
    public void cumulativeSum(View x, int axis, View y) {
        scans.cumulativeSum(x, axis, y);
    }

    @Override
    public void matmul(View a, View b, View y) {
        products.matmul(a, b, y);
    }

    @Override
    public void gather(View x, int axis, View index, View y) {
        indexing.gather(x, axis, index, y);
    }

    @Override
    public void scatterAdd(View x, int axis, View index, View y) {
        indexing.scatterAdd(x, axis, index, y);
    }

    @Override
    public void random(RandomKind kind, long seed, long stream, int draw, View y) {
        randoms.random(kind, seed, stream, draw, y);
    }

    @Override
    public void synchronize() {
        context.enter();
        context.compute().synchronize();
        faults.check();
    }
}
