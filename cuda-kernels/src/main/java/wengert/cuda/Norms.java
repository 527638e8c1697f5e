package wengert.cuda;

import wengert.cuda.driver.Address;
import wengert.cuda.driver.Context;
import wengert.cuda.driver.Launch;
import wengert.cuda.memory.Allocator;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.NormForm;
import wengert.tensor.spi.NormKernels;
import wengert.tensor.spi.View;

// N batch, C channels, L positions, G groups, S sets of M values.
/// Normalisations and their gradients: sums over parts, sums of those, results. How things are split depends
/// on shapes alone, and so do the bits. See `norms.cu`.
final class Norms implements NormKernels {
    private static final String FILE = "norms";
    /// Fewest positions of a channel that are summed as a run.
    private static final int RUN = 32;
    /// Numbers that a warp goes through: a part of a long run, or over the batch several short ones.
    private static final int WORK = 512;
    /// Most parts of a run, and warps below which there may be more.
    private static final int MOST_PARTS = 128;
    private static final int WARPS = 8192;
    /// Rows of a column that a block goes through, and the most blocks for a column.
    private static final int ROWS = 128;
    private static final int MOST_ROWS = 1024;
    /// Columns of a block.
    private static final int COLUMNS = 32;
    /// Numbers kept for each set.
    private static final int CONSTANTS = 8;

    private final Context context;
    private final Device device;
    private final Allocator allocator;
    private final Copies copies;

    Norms(Context context, Device device, Allocator allocator, Copies copies) {
        this.context = context;
        this.device = device;
        this.allocator = allocator;
        this.copies = copies;
    }

    @Override
    public void normalise(NormForm form, View x, View gamma, View beta, View y, View mean, View var) {
        if (x.shape().elements() == 0) {
            copies.fill(mean, 0);
            copies.fill(var, 0);
            return;
        }
        try (Operands o = new Operands(device, allocator, copies)) {
            Call call = new Call(form, x, o);
            call.in(x, null, null, gamma, beta, null, null, null, null);
            View m = o.out(mean);
            View v = o.out(var);
            Sums sums = call.overBatch() ? call.ofChannels("moments", 2) : call.runs("moments_runs",
                    call.values, 2);
            Launch launch = call.launch("moments_finish").address(sums.partial).i32(sums.entries)
                    .f64(call.eps);
            Views.address(launch, m);
            Views.address(launch, v).run(call.sets, threads(sums.entries));
            call.results("forward", o.out(y), null);
            o.give();
        }
    }

    @Override
    public void normaliseGradient(NormForm form, View x, View gamma, View beta, View dy, View mean, View var,
            View dx, View dgamma, View dbeta) {
        if (x.shape().elements() == 0) {
            copies.fill(dgamma, 0);
            copies.fill(dbeta, 0);
            return;
        }
        try (Operands o = new Operands(device, allocator, copies)) {
            Call call = new Call(form, x, o);
            call.in(x, dy, null, gamma, beta, null, null, mean, var);
            Sums ofChannels = call.ofChannels("gradient", 2);
            boolean weighted = call.overBatch() || call.l >= RUN;
            Sums ofSets = weighted ? ofChannels : call.runs("gradient_rows", call.values, 2);
            View toGamma = o.out(dgamma);
            View toBeta = o.out(dbeta);
            int count = weighted ? ofChannels.entries * call.runsOfSet() : ofSets.entries;
            Launch launch = call.launch("gradient_finish").address(ofSets.partial).i32(count)
                    .i32(weighted ? 1 : 0).address(ofChannels.partial).ints(call.parts(ofChannels))
                    .f64(call.eps);
            Views.address(launch, toGamma);
            Views.address(launch, toBeta).run(call.sets + call.c, threads(count));
            call.results("gradient", o.out(dx), null);
            o.give();
        }
    }

    @Override
    public void normaliseSecondGradient(NormForm form, View x, View gamma, View beta, View dy, View mean,
            View var, View a, View b, View c, View dx, View dgamma, View ddy) {
        if (x.shape().elements() == 0) {
            copies.fill(dgamma, 0);
            return;
        }
        try (Operands o = new Operands(device, allocator, copies)) {
            Call call = new Call(form, x, o);
            call.in(x, dy, a, gamma, beta, b, c, mean, var);
            boolean both = call.overBatch() || call.l >= RUN;
            Sums sums = both ? call.ofChannels("second", 5) : call.runs("second_rows", call.values, 7);
            int count = both ? sums.entries * call.runsOfSet() : sums.entries;
            call.launch(both ? "second_runs_finish" : "second_rows_finish").address(sums.partial).i32(count)
                    .f64(call.eps).run(call.sets, threads(count));
            Sums ofChannels = both ? sums : call.columns("gamma_columns", 1);
            Launch launch = call.launch(both ? "gamma_runs_finish" : "gamma_columns_finish")
                    .address(ofChannels.partial).ints(call.parts(ofChannels));
            View toGamma = o.out(dgamma);
            Views.address(launch, toGamma).run(call.c, threads(ofChannels.entries));
            call.results("second", o.out(dx), o.out(ddy));
            o.give();
        }
    }

    /// Threads of a block that adds up some numbers.
    private static int threads(int numbers) {
        return numbers <= 64 ? 32 : Grid.THREADS;
    }

    /// What the first step left.
    ///
    /// @param partial sums of parts
    /// @param entries parts of a channel, or where it is summed run by run, of a run
    private record Sums(Address partial, int entries) {
    }

    /// One normalisation on its way.
    private final class Call {
        private final NormForm form;
        private final Operands o;
        private final DType dtype;
        private final int n;
        private final int c;
        private final int l;
        private final int sets;
        private final int values;
        private final double eps;
        private final long[] operands = new long[10];
        private final Address constants;

        Call(NormForm form, View x, Operands o) {
            this.form = form;
            this.o = o;
            dtype = x.dtype();
            n = x.shape().size(0);
            c = x.shape().size(1);
            l = x.shape().length() / n / c;
            sets = form.sets(x.shape());
            values = x.shape().length() / sets;
            // an eps too small for f32 is not none
            boolean lost = dtype == DType.F32 && form.eps() > 0 && (float) form.eps() == 0;
            eps = lost ? Float.MIN_VALUE : form.eps();
            constants = o.room((long) sets * CONSTANTS * dtype.bytes());
        }

        /// `struct Operands`: x, dy, a, gamma, beta, b, c, mean, var, the constants of sets.
        void in(View... views) {
            for (int i = 0; i < views.length; i++) {
                operands[i] = views[i] == null ? 0 : Views.address(o.in(views[i]));
            }
            operands[9] = constants.value();
        }

        boolean overBatch() {
            return form.overBatch();
        }

        private int channelsOfSet() {
            return overBatch() ? 0 : c / form.groups();
        }

        /// What a set has of what [#ofChannels] sums.
        int runsOfSet() {
            return overBatch() ? 1 : channelsOfSet();
        }

        Launch launch(String kernel) {
            return context.kernel(FILE, "norm_" + kernel + "_" + dtype).launch().longs(operands)
                    .ints(n, c, l, sets, values, channelsOfSet());
        }

        /// The first step, of channels: over the batch all of a channel's parts are together; by groups those
        /// of a run, where L is long enough, or else those of a column.
        Sums ofChannels(String what, int terms) {
            return l < RUN ? columns(what + "_columns", terms) : runs(what + "_runs", l, terms);
        }

        /// Sums over runs, all of x one after the other.
        Sums runs(String kernel, int length, int terms) {
            int all = (int) ((long) n * c * l / length);
            int per = overBatch() ? Math.clamp(WORK / length, 1, n) : 0;
            int most = Math.max(MOST_PARTS, WARPS / all);
            int parts = length <= 2 * WORK ? 1 : Math.min(most, (length + WORK - 1) / WORK);
            int chunk = (length + parts - 1) / parts;
            chunk = (chunk + 127) / 128 * 128;
            parts = (length + chunk - 1) / chunk;
            int ofChannel = overBatch() ? (n + per - 1) / per : 1;
            int warps = Math.multiplyExact(overBatch() ? c * ofChannel : all, parts);
            Address partial = o.room((long) warps * terms * Double.BYTES);
            launch(kernel).ints(warps, length, per, parts, chunk).f64(eps).f64(form.slope()).address(partial)
                    .run((warps + 7) / 8, Grid.THREADS);
            return new Sums(partial, ofChannel * parts);
        }

        /// Sums over columns of [N, C·L].
        Sums columns(String kernel, int terms) {
            int rows = Math.max(ROWS, (n + MOST_ROWS - 1) / MOST_ROWS);
            int parts = (n + rows - 1) / rows;
            int columns = c * l;
            Address partial = o.room((long) columns * parts * terms * Double.BYTES);
            launch(kernel).i32(rows).f64(eps).f64(form.slope()).address(partial)
                    .run((columns + COLUMNS - 1) / COLUMNS, parts, 1, Grid.THREADS);
            return new Sums(partial, l * parts);
        }

        /// `struct Parts` of channels.
        int[] parts(Sums sums) {
            boolean byRuns = !overBatch() && l >= RUN;
            return new int[] {sums.entries, byRuns ? n : 1, byRuns ? c * sums.entries : 0};
        }

        /// The last step.
        ///
        /// @param second null where there is one result
        void results(String kernel, View first, View second) {
            int elements = Math.multiplyExact(n * c, l);
            Launch launch = launch(kernel).f64(form.slope());
            Views.address(launch, first);
            if (second == null) {
                launch.nowhere();
            } else {
                Views.address(launch, second);
            }
            boolean packs = l % 4 == 0 || l == 1 && !overBatch();
            launch.i32(elements).run(Grid.blocks(context, elements, packs ? 16 / dtype.bytes() : 1),
                    Grid.THREADS);
        }
    }
}
