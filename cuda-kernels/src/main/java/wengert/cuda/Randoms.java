package wengert.cuda;

import wengert.cuda.driver.Context;
import wengert.cuda.driver.Launch;
import wengert.tensor.spi.DTypeException;
import wengert.tensor.spi.RandomKind;
import wengert.tensor.spi.View;

/// Draws from counter-based streams, bit for bit what [wengert.tensor.spi.Philox] gives. See `random.cu`.
final class Randoms {
    private final Context context;

    Randoms(Context context) {
        this.context = context;
    }

    void random(RandomKind kind, long seed, long stream, int draw, View y) {
        if (!y.dtype().isFloating()) {
            throw new DTypeException("random: expected f32 or f64, got " + y + "; draw into f32 and convert");
        }
        int n = y.shape().length();
        if (n == 0) {
            return;
        }
        Launch launch = context.kernel("random", "random_" + y.dtype()).launch()
                .i32(kind == RandomKind.NORMAL ? 1 : 0).i64(seed).i64(stream).i32(draw);
        Views.address(launch, y).ints(Views.walk(y)).i32(n).run(Grid.blocks(context, n, 4), Grid.THREADS);
    }
}
