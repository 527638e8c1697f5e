package wengert.tensor.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import wengert.tensor.Tensor;
import wengert.tensor.ops.HasValue;
import wengert.tensor.ops.Op;
import wengert.tensor.ops.Saved;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.View;

/// A kind of value that notes which operators were applied and, after each, runs its gradient rule on itself,
/// down to a given order. A rule sees only what the operator declares to keep, and only some gradients are
/// wanted each time. Every operator must write all of its outputs.
final class Traced implements TensorOps<Traced> {
    private final Tensor value;
    private final Set<Class<?>> applied;
    private final int orders;

    Traced(Tensor value, Set<Class<?>> applied, int orders) {
        this.value = value;
        this.applied = applied;
        this.orders = orders;
    }

    private Traced same(Tensor t) {
        return new Traced(t, applied, orders);
    }

    private Traced below(Tensor t) {
        return new Traced(t, applied, orders - 1);
    }

    Tensor value() {
        return value;
    }

    @Override
    public View view() {
        return value.view();
    }

    @Override
    public Traced self() {
        return this;
    }

    @Override
    public Traced apply(Op op) {
        return applyAll(op, List.of(this)).get(0);
    }

    @Override
    public Traced apply(Op op, Traced second) {
        return applyAll(op, List.of(this, second)).get(0);
    }

    @Override
    public Traced apply(Op op, Traced second, Traced third) {
        return applyAll(op, List.of(this, second, third)).get(0);
    }

    @Override
    public List<Traced> applyAll(Op op, List<Traced> inputs) {
        List<Tensor> in = inputs.stream().map(Traced::value).toList();
        List<Tensor> out = in.get(0).applyAll(op, in);
        applied.add(op.getClass());
        writesAll(op, in, out);
        if (orders > 0) {
            goBack(op, in, out);
        }
        return out.stream().map(this::same).toList();
    }

    /// Runs the kernels again on outputs that hold something else: a buffer from the pool does.
    private static void writesAll(Op op, List<Tensor> in, List<Tensor> out) {
        View[] from = in.stream().map(Tensor::view).toArray(View[]::new);
        if (from.length == 1 && op.alias(from[0]) != null) {
            return;
        }
        List<Tensor> again = new ArrayList<>();
        for (Tensor y : out) {
            again.add(Tensor.full(y.dtype() == DType.BOOL ? 1 : y.dtype().isFloating() ? Double.NaN : 77,
                    y.dtype(), y.device(), y.shape()));
        }
        op.forward(in.get(0).device().backend(), from, again.stream().map(Tensor::view).toArray(View[]::new));
        for (int j = 0; j < out.size(); j++) {
            if (!out.get(j).sameBits(again.get(j))) {
                throw new AssertionError(op + " on " + in + ": output " + j + " depends on what was in its "
                        + "buffer: " + again.get(j) + ", expected " + out.get(j));
            }
        }
    }

    /// Runs the rule with all gradients wanted, and with each of them alone.
    private void goBack(Op op, List<Tensor> in, List<Tensor> out) {
        List<Traced> dys = new ArrayList<>();
        boolean any = false;
        for (int j = 0; j < out.size(); j++) {
            Tensor y = out.get(j);
            boolean flows = op.differentiable(j) && y.dtype().isFloating();
            dys.add(flows ? below(Tensor.full(1, y.dtype(), y.device(), y.shape())) : null);
            any |= flows;
        }
        for (int only = -1; any && only < (in.size() == 1 ? 0 : in.size()); only++) {
            boolean[] needs = new boolean[in.size()];
            boolean wanted = false;
            for (int i = 0; i < needs.length; i++) {
                needs[i] = (only < 0 || only == i) && in.get(i).dtype().isFloating();
                wanted |= needs[i];
            }
            if (wanted) {
                check(op, in, op.gradients(new Kept(op, in, out, needs), dys), needs);
            }
        }
    }

    private static void check(Op op, List<Tensor> in, List<Traced> dxs, boolean[] needs) {
        for (int i = 0; i < in.size(); i++) {
            Traced dx = dxs.get(i);
            if (dx == null) {
                continue;
            }
            if (!needs[i]) {
                throw new AssertionError(op + " computed the gradient of input " + i
                        + ", which nobody wanted");
            }
            if (dx.dtype() != in.get(i).dtype() || !in.get(i).shape().broadcastsTo(dx.shape())) {
                throw new AssertionError(op + ": gradient of input " + i + " is " + dx.dtype() + " "
                        + dx.shape() + " for " + in.get(i).dtype() + " " + in.get(i).shape());
            }
        }
    }

    /// At the lowest order rules may run kernels that have no gradient of their own.
    @Override
    public boolean records() {
        return orders > 0;
    }

    @Override
    public Traced lift(HasValue x) {
        return x instanceof Traced t ? t : same(Tensor.over(x.view()));
    }

    @Override
    public Traced filled(Shape shape, DType dtype, double number) {
        return same(Tensor.full(number, dtype, device(), shape));
    }

    private final class Kept implements Saved<Traced> {
        private final Op op;
        private final List<Tensor> in;
        private final List<Tensor> out;
        private final boolean[] needs;

        Kept(Op op, List<Tensor> in, List<Tensor> out, boolean[] needs) {
            this.op = op;
            this.in = in;
            this.out = out;
            this.needs = needs;
        }

        @Override
        public Traced input(int i) {
            if (!op.savesInput(i, needs)) {
                throw new AssertionError(op + " looks at input " + i + ", which it does not declare to keep");
            }
            return below(in.get(i));
        }

        @Override
        public Traced output(int j) {
            if (!op.savesOutput(j)) {
                throw new AssertionError(op + " looks at output " + j
                        + ", which it does not declare to keep");
            }
            return below(out.get(j));
        }

        @Override
        public boolean needs(int i) {
            return needs[i];
        }

        @Override
        public Shape shape(int i) {
            return in.get(i).shape();
        }

        @Override
        public DType dtype(int i) {
            return in.get(i).dtype();
        }

        @Override
        public int inputs() {
            return in.size();
        }
    }
}
