package wengert.gan.conform;

import wengert.tensor.Tensor;
import wengert.tensor.spi.Shape;

/// How far one case is off in one setting: the worst of its quantities, each relative to its own tolerance.
public final class Outcome {
    private final String group;
    private final String id;
    private final Setting setting;
    private double error;
    private double share;
    private String worst = "";

    /// @param group   row of the table: the operator's name
    /// @param id      the case
    /// @param setting dtype and device
    Outcome(String group, String id, Setting setting) {
        this.group = group;
        this.id = id;
        this.setting = setting;
    }

    /// Compares a tensor: `max|got − want| / max(1, max|want|)`.
    ///
    /// @param got null for a gradient that is structurally zero
    void compare(String quantity, Tensor got, Tensor want, double tolerance) {
        Shape shape = want.shape();
        if (got != null && !got.shape().equals(shape)) {
            fail(quantity + ": shape " + got.shape() + ", expected " + shape);
            return;
        }
        double[] expected = want.toDoubleArray();
        double[] actual = got == null ? new double[expected.length] : got.toDoubleArray();
        double difference = 0;
        double scale = 1;
        int at = 0;
        for (int i = 0; i < expected.length; i++) {
            double d = Math.abs(actual[i] - expected[i]);
            if (!(d <= difference)) {
                difference = Double.isNaN(d) ? Double.POSITIVE_INFINITY : d;
                at = i;
            }
            scale = Math.max(scale, Math.abs(expected[i]));
        }
        String detail = expected.length == 0 ? quantity
                : quantity + " element " + at + " of " + shape + ": got " + actual[at] + ", expected "
                + expected[at];
        note(detail, difference / scale, tolerance);
    }

    /// Compares a number, alike.
    void compare(String quantity, double got, double want, double tolerance) {
        double difference = Math.abs(got - want);
        note(quantity + ": got " + got + ", expected " + want,
                Double.isNaN(difference) ? Double.POSITIVE_INFINITY
                        : difference / Math.max(1, Math.abs(want)), tolerance);
    }

    /// Records that a case could not be compared at all.
    void fail(String why) {
        note(why, Double.POSITIVE_INFINITY, 1);
    }

    private void note(String detail, double relative, double tolerance) {
        error = Math.max(error, relative);
        if (relative / tolerance >= share) {
            share = relative / tolerance;
            worst = detail;
        }
    }

    /// Row of the table: the operator's name.
    public String group() {
        return group;
    }

    /// The case.
    public String id() {
        return id;
    }

    /// Dtype and device.
    public Setting setting() {
        return setting;
    }

    /// The largest error of any quantity.
    public double error() {
        return error;
    }

    /// Whether every quantity is within its tolerance.
    public boolean passed() {
        return share <= 1;
    }

    /// Case, setting and the quantity that is furthest off.
    @Override
    public String toString() {
        return id + " (" + setting + "): " + worst + ", error " + error;
    }
}
