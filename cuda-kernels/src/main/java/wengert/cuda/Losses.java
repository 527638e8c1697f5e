package wengert.cuda;

import wengert.cuda.driver.Address;
import wengert.cuda.driver.Context;
import wengert.cuda.driver.Kernel;
import wengert.cuda.driver.Launch;
import wengert.cuda.memory.Allocator;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.LossForm;
import wengert.tensor.spi.LossKernels;
import wengert.tensor.spi.View;

/// Losses and their gradients. See `losses.cu`.
final class Losses implements LossKernels {
    private static final String FILE = "losses";
    /// Fewest numbers of a chunk.
    private static final int CHUNK = 4096;
    private static final int MOST_CHUNKS = 1024;

    private final Context context;
    private final Device device;
    private final Allocator allocator;
    private final Copies copies;

    Losses(Context context, Device device, Allocator allocator, Copies copies) {
        this.context = context;
        this.device = device;
        this.allocator = allocator;
        this.copies = copies;
    }

    @Override
    public void loss(LossForm form, View x, View t, View y) {
        int n = x.shape().length();
        if (form.fold() == LossForm.Fold.NONE && n == 0) {
            return;
        }
        try (Operands o = new Operands(device, allocator, copies)) {
            View from = o.in(x);
            View targets = o.inOrOne(t);
            if (form.fold() == LossForm.Fold.NONE) {
                View to = o.out(y);
                Launch launch = kernel("each", x.dtype()).launch().i32(form.kind().ordinal()).f64(form.p());
                Views.address(launch, from);
                Views.address(launch, targets).i32(Operands.step(targets));
                Views.address(launch, to).i32(n).run(Grid.blocks(context, n, 1), Grid.THREADS);
                o.give();
            } else {
                sum(form, from, targets, y, n, o);
            }
        }
    }

    private void sum(LossForm form, View x, View t, View y, int n, Operands o) {
        int chunk = Math.max(CHUNK, (int) (((long) n + MOST_CHUNKS - 1) / MOST_CHUNKS));
        int chunks = (int) Math.max(1, ((long) n + chunk - 1) / chunk);
        double share = form.share(n);
        Address partial = o.room((long) Double.BYTES * chunks);
        Launch launch = kernel("sum", x.dtype()).launch().i32(form.kind().ordinal()).f64(form.p()).f64(share);
        Views.address(launch, x);
        Views.address(launch, t).i32(Operands.step(t)).address(partial);
        Views.address(launch, y).i32(n).i32(chunk).run(chunks, Grid.THREADS);
        if (chunks > 1) {
            launch = kernel("total", x.dtype()).launch().f64(share).address(partial);
            Views.address(launch, y).i32(chunks).run(1, Grid.THREADS);
        }
    }

    @Override
    public void lossGradient(LossForm form, View x, View t, View dy, View dx) {
        int n = x.shape().length();
        if (n == 0) {
            return;
        }
        try (Operands o = new Operands(device, allocator, copies)) {
            View from = o.in(x);
            View targets = o.inOrOne(t);
            View back = o.inOrOne(dy);
            View to = o.out(dx);
            Launch launch = kernel("gradient", x.dtype()).launch().i32(form.kind().ordinal()).f64(form.p())
                    .f64(form.share(n));
            Views.address(launch, from);
            Views.address(launch, targets).i32(Operands.step(targets));
            Views.address(launch, back).i32(Operands.step(back));
            Views.address(launch, to).i32(n).run(Grid.blocks(context, n, 1), Grid.THREADS);
            o.give();
        }
    }

    private Kernel kernel(String name, DType dtype) {
        return context.kernel(FILE, "loss_" + name + "_" + dtype);
    }
}
