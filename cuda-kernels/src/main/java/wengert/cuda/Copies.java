package wengert.cuda;

import java.lang.foreign.MemorySegment;
import jcuda.driver.JCudaDriver;
import wengert.cuda.driver.Check;
import wengert.cuda.driver.Context;
import wengert.cuda.driver.Kernel;
import wengert.cuda.driver.Launch;
import wengert.cuda.memory.Allocator;
import wengert.cuda.memory.Buffer;
import wengert.cuda.memory.Staging;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Storage;
import wengert.tensor.spi.View;

/// Copies between layouts, kinds of number, and the card and the program's memory; and fills. See
/// `copies.cu`.
///
/// What crosses to the card or back is contiguous and of one kind: the program's side is arranged by the CPU
/// backend, the card's by a kernel.
final class Copies {
    private static final String FILE = "copies";

    private final Context context;
    private final Device device;
    private final Allocator allocator;
    private final Staging staging;
    private final Faults faults;

    Copies(Context context, Device device, Allocator allocator, Staging staging, Faults faults) {
        this.context = context;
        this.device = device;
        this.allocator = allocator;
        this.staging = staging;
        this.faults = faults;
    }

    void copy(View x, View y) {
        if (y.shape().elements() == 0) {
            return;
        }
        if (x.storage().device().isHost()) {
            upload(x, y);
        } else if (y.storage().device().isHost()) {
            download(x, y);
        } else {
            onCard(x, y);
        }
    }

    private void onCard(View x, View y) {
        DType dtype = y.dtype();
        if (x.dtype() != dtype) {
            Kernel kernel = context.kernel(FILE, "convert_" + x.dtype() + "_" + dtype);
            Views.split(v -> run(kernel, v), x, y);
        } else if (Views.contiguous(x, y)) {
            long bytes = (long) y.shape().length() * dtype.bytes();
            context.enter();
            Check.driver(JCudaDriver.cuMemcpyDtoDAsync(Views.at(y), Views.at(x), bytes,
                    context.compute().handle()), "cuMemcpyDtoDAsync", bytes, context.compute());
        } else {
            Kernel kernel = context.kernel(FILE, "copy_" + dtype.bytes());
            Views.split(v -> run(kernel, v), x, y);
        }
    }

    private void run(Kernel kernel, View[] v) {
        int n = v[1].shape().length();
        Launch launch = kernel.launch();
        Views.address(launch, v[0]);
        Views.address(launch, v[1]).ints(Views.walk(v)).i32(n).run(Grid.blocks(context, n, 1), Grid.THREADS);
    }

    private void upload(View x, View y) {
        View host = contiguous(x);
        if (x.dtype() == y.dtype() && y.isContiguous()) {
            staging.upload(bytes(host), Views.at(y));
            return;
        }
        Buffer there = allocator.take((long) x.shape().length() * x.dtype().bytes());
        try {
            staging.upload(bytes(host), there.address());
            onCard(View.of(new Storage(device, x.dtype(), x.shape().length(), there), x.shape()), y);
        } finally {
            there.free();
        }
    }

    private void download(View x, View y) {
        boolean asItIs = y.dtype() == x.dtype() && y.isContiguous();
        View host = asItIs ? y : host(x.dtype(), x.shape());
        if (x.isContiguous()) {
            staging.download(Views.at(x), bytes(host));
        } else {
            Buffer there = allocator.take((long) x.shape().length() * x.dtype().bytes());
            try {
                onCard(x, View.of(new Storage(device, x.dtype(), x.shape().length(), there), x.shape()));
                staging.download(there.address(), bytes(host));
            } finally {
                there.free();
            }
        }
        faults.check();
        if (!asItIs) {
            Device.CPU.backend().copy(host, y);
        }
    }

    private static View contiguous(View x) {
        if (x.isContiguous()) {
            return x;
        }
        View host = host(x.dtype(), x.shape());
        Device.CPU.backend().copy(x, host);
        return host;
    }

    private static View host(DType dtype, Shape shape) {
        return View.of(Device.CPU.backend().allocate(dtype, shape.length()), shape);
    }

    /// The elements of a contiguous view in the program's memory.
    private static MemorySegment bytes(View v) {
        Storage s = v.storage();
        MemorySegment all = switch (s.dtype()) {
            case BOOL -> MemorySegment.ofArray(s.bool());
            case I32 -> MemorySegment.ofArray(s.i32());
            case I64 -> MemorySegment.ofArray(s.i64());
            case F32 -> MemorySegment.ofArray(s.f32());
            case F64 -> MemorySegment.ofArray(s.f64());
        };
        long element = s.dtype().bytes();
        return all.asSlice(v.offset() * element, v.shape().length() * element);
    }

    void fill(View y, double value) {
        if (y.shape().elements() == 0) {
            return;
        }
        DType dtype = y.dtype();
        long bits = switch (dtype) {
            case BOOL -> value != 0 ? 1 : 0;
            case I32 -> (int) value;
            case I64 -> (long) value;
            case F32 -> Float.floatToRawIntBits((float) value);
            case F64 -> Double.doubleToRawLongBits(value);
        };
        int n = y.shape().length();
        if (y.isContiguous() && (bits == 0 || dtype.bytes() < 8)) {
            context.enter();
            var stream = context.compute().handle();
            boolean bytes = bits == 0 || dtype == DType.BOOL;
            int status = bytes
                    ? JCudaDriver.cuMemsetD8Async(Views.at(y), (byte) bits, (long) n * dtype.bytes(), stream)
                    : JCudaDriver.cuMemsetD32Async(Views.at(y), (int) bits, n, stream);
            Check.driver(status, bytes ? "cuMemsetD8Async" : "cuMemsetD32Async", (long) n * dtype.bytes(),
                    context.compute());
            return;
        }
        Kernel kernel = context.kernel(FILE, "fill_" + dtype.bytes());
        Views.split(v -> {
            Launch launch = kernel.launch();
            switch (dtype.bytes()) {
                case 1 -> launch.i8((byte) bits);
                case 4 -> launch.i32((int) bits);
                default -> launch.i64(bits);
            }
            int m = v[0].shape().length();
            Views.address(launch, v[0]).ints(Views.walk(v)).i32(m).run(Grid.blocks(context, m, 1),
                    Grid.THREADS);
        }, y);
    }
}
