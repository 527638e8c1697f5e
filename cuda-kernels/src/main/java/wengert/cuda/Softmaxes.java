package wengert.cuda;

import wengert.cuda.driver.Context;
import wengert.cuda.driver.Launch;
import wengert.tensor.spi.SoftmaxKernels;
import wengert.tensor.spi.View;

/// Softmax, its relatives and their gradients along one axis. See `softmax.cu`.
final class Softmaxes implements SoftmaxKernels {
    private final Context context;
    private final Faults faults;

    Softmaxes(Context context, Faults faults) {
        this.context = context;
        this.faults = faults;
    }

    @Override
    public void softmax(View x, int axis, View y) {
        lines("softmax", axis, x, y);
    }

    @Override
    public void softmaxGradient(View y, View dy, int axis, View dx) {
        lines("softmax_gradient", axis, y, dy, dx);
    }

    @Override
    public void logSoftmax(View x, int axis, View y) {
        lines("log_softmax", axis, x, y);
    }

    @Override
    public void logSoftmaxGradient(View y, View dy, int axis, View dx) {
        lines("log_softmax_gradient", axis, y, dy, dx);
    }

    /// Runs a kernel whose operands all are lines.
    private void lines(String name, int axis, View... views) {
        if (views[0].shape().elements() == 0) {
            return;
        }
        int[] steps = new int[views.length];
        View[] firsts = new View[views.length];
        for (int v = 0; v < views.length; v++) {
            steps[v] = views[v].stride(axis);
            firsts[v] = views[v].slice(axis, 0, 1, 1);
        }
        int n = views[0].shape().size(axis);
        Views.split(part -> {
            Launch launch = begin(name, part);
            int[] walk = Views.walk(part);
            end(launch.ints(walk).ints(steps), plan(walk, part, n, steps[0]));
        }, firsts);
    }

    @Override
    public void crossEntropy(View x, int axis, View target, View loss) {
        if (target.shape().elements() == 0) {
            return;
        }
        int n = x.shape().size(axis);
        int step = n == 0 ? 0 : x.stride(axis);
        // Of no classes nothing is read, and every target is a fault.
        View firsts = n == 0 ? loss : x.slice(axis, 0, 1, 1);
        View[] whole = {firsts, target, loss};
        int[] walk = Views.walk(whole);
        Launch launch = begin("cross_entropy", whole).ints(walk).i32(step);
        Folds.Plan plan = plan(walk, whole, n, step);
        faults.put(plan.put(launch), "crossEntropy", target, axis, x.shape())
                .run(plan.blocks(), Folds.BLOCK);
    }

    @Override
    public void crossEntropyGradient(View x, int axis, View target, View dy, View dx) {
        if (x.shape().elements() == 0) {
            return;
        }
        int n = x.shape().size(axis);
        int[] steps = {x.stride(axis), dx.stride(axis)};
        Views.split(part -> {
            Launch launch = begin("cross_entropy_gradient", part);
            int[] walk = Views.walk(part);
            end(launch.ints(walk).ints(steps), plan(walk, part, n, steps[0]));
        }, x.slice(axis, 0, 1, 1), target, dy, dx.slice(axis, 0, 1, 1));
    }

    private Launch begin(String name, View[] views) {
        Launch launch = context.kernel("softmax", name + "_" + views[0].dtype()).launch();
        for (View v : views) {
            Views.address(launch, v);
        }
        return launch;
    }

    private static void end(Launch launch, Folds.Plan plan) {
        plan.put(launch).run(plan.blocks(), Folds.BLOCK);
    }

    private static Folds.Plan plan(int[] walk, View[] views, int n, int step) {
        int inner = walk[0] == 0 ? Integer.MAX_VALUE
                : Math.abs(walk[1 + Views.MOST_AXES + walk[0] - 1]);
        return Folds.Plan.of(views[0].shape().length(), n, Math.abs(step) <= inner);
    }
}
