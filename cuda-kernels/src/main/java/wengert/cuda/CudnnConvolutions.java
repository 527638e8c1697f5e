package wengert.cuda;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import wengert.cuda.CudnnPlan.Direction;
import wengert.cuda.CudnnPlan.Key;
import wengert.cuda.driver.Context;
import wengert.cuda.memory.Allocator;
import wengert.tensor.spi.Conv2dGeometry;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.View;

// N batch, C input channels, K output channels, H W input, P Q output, R S kernel, G groups.
/// The three convolutions by cuDNN. What it is given is contiguous, copied first where it is not.
final class CudnnConvolutions {
    /// Shapes that are remembered; a training has a few dozen.
    private static final int PLANS = 512;

    private final Cudnn cudnn;
    private final Device device;
    private final Allocator allocator;
    private final Copies copies;
    private final SequencedMap<Key, CudnnPlan> plans = new LinkedHashMap<>(16, 0.75f, true);

    CudnnConvolutions(Context context, Device device, Allocator allocator, Copies copies) {
        this.cudnn = new Cudnn(context);
        this.device = device;
        this.allocator = allocator;
        this.copies = copies;
    }

    /// @return whether cuDNN does it; if not, nothing was queued
    boolean forward(View x, View w, Conv2dGeometry g, View y) {
        if (y.shape().elements() == 0) {
            return true;
        }
        try (var scratch = new Scratch(device, allocator, copies)) {
            return run(scratch, Direction.FORWARD, scratch.contiguous(x), scratch.contiguous(w), y, g);
        }
    }

    /// @return whether cuDNN does it; if not, nothing was queued
    boolean dataGradient(View dy, View w, Conv2dGeometry g, View dx) {
        if (dx.shape().elements() == 0) {
            return true;
        }
        try (var scratch = new Scratch(device, allocator, copies)) {
            return run(scratch, Direction.DATA_GRADIENT, dx, scratch.contiguous(w), scratch.contiguous(dy),
                    g);
        }
    }

    /// @return whether cuDNN does it; if not, nothing was queued
    boolean weightGradient(View x, View dy, Conv2dGeometry g, View dw) {
        if (x.shape().elements() == 0) {
            copies.fill(dw, 0);
            return true;
        }
        try (var scratch = new Scratch(device, allocator, copies)) {
            return run(scratch, Direction.WEIGHT_GRADIENT, scratch.contiguous(x), dw, scratch.contiguous(dy),
                    g);
        }
    }

    private synchronized boolean run(Scratch scratch, Direction direction, View x, View w, View y,
            Conv2dGeometry g) {
        var key = new Key(direction, x.dtype(), x.shape(), w.shape(), y.shape(), g,
                x.dtype() == DType.F32 && Choice.tf32());
        CudnnPlan plan = plans.get(key);
        if (plan == null) {
            plan = new CudnnPlan(cudnn, key);
            if (plans.size() == PLANS) {
                plans.pollFirstEntry().getValue().close();
            }
            plans.put(key, plan);
        }
        return plan.run(scratch, Views.at(x), Views.at(w), Views.at(y));
    }
}
