package wengert.tensor.reference;

import wengert.tensor.spi.LossForm;
import wengert.tensor.spi.View;

/// Losses and their gradients, by the equations of [LossForm.Kind].
final class Losses {
    private Losses() {
    }

    static void loss(LossForm form, View x, View t, View y) {
        Cells values = Cells.of(x);
        Cells targets = Cells.of(t);
        Cells to = Cells.of(y);
        double[] all = new double[x.shape().length()];
        boolean folded = form.fold() != LossForm.Fold.NONE;
        Walk i = new Walk(x.shape(), x, t);
        Walk j = new Walk(y.shape(), y);
        for (int k = 0; i.next(); k++) {
            all[k] = loss(form, values.get(i.at(0)), targets.get(i.at(1)));
            if (!folded) {
                j.next();
                to.set(j.at(0), all[k]);
            }
        }
        if (folded) {
            to.set(y.offset(), Reductions.sum(all, 0, all.length) * form.share(all.length));
        }
    }

    static void gradient(LossForm form, View x, View t, View dy, View dx) {
        Cells values = Cells.of(x);
        Cells targets = Cells.of(t);
        Cells back = Cells.of(dy);
        Cells to = Cells.of(dx);
        double share = form.share(x.shape().elements());
        for (Walk i = new Walk(x.shape(), x, t, dy, dx); i.next();) {
            to.set(i.at(3), back.get(i.at(2)) * share
                    * slope(form, values.get(i.at(0)), targets.get(i.at(1))));
        }
    }

    private static double loss(LossForm form, double x, double t) {
        double p = form.p();
        return switch (form.kind()) {
            case BCE -> Math.fma(-t, x, Math.max(x, 0)) + Math.log1p(Math.exp(-Math.abs(x)));
            case PROBABILITY -> -t * floored(x) - (1 - t) * floored(1 - x);
            case SQUARED -> (x - t) * (x - t);
            case ABSOLUTE -> Math.abs(x - t);
            case SMOOTH -> {
                double c = Math.min(Math.max(x - t, -p), p);
                yield c * (x - t - c / 2) / p;
            }
            case HINGE -> Math.max(1 - t * x, 0);
        };
    }

    private static double slope(LossForm form, double x, double t) {
        double p = form.p();
        return switch (form.kind()) {
            case BCE -> (x < 0 ? 0 - t : 1 - t) + (x < 0 ? 1 : -1) * Functions.sigmoid(-Math.abs(x));
            case PROBABILITY -> x <= LossForm.NEARLY_NOTHING ? (1 - t) / (1 - x)
                    : 1 - x <= LossForm.NEARLY_NOTHING ? -t / x : (x - t) / (x * (1 - x));
            case SQUARED -> 2 * (x - t);
            case ABSOLUTE -> Math.signum(x - t);
            case SMOOTH -> Math.min(Math.max(x - t, -p), p) / p;
            case HINGE -> 1 - t * x > 0 ? -t : 0;
        };
    }

    private static double floored(double x) {
        return Math.max(Math.log(Math.max(x, 0)), -100);
    }
}
