package wengert.tensor.reference;

import wengert.tensor.spi.DType;
import wengert.tensor.spi.NormForm;
import wengert.tensor.spi.NormKernels;
import wengert.tensor.spi.View;

// N batch, C channels, L positions, G groups, S sets of M values.
/// Normalisations, one set after the other, by the equations of [NormKernels]. A set's elements are listed by
/// their places in the row-major [N, C, L], and by their channels.
final class Norms {
    private final NormForm form;
    private final int n;
    private final int c;
    private final int l;
    private final int sets;
    private final boolean single;
    private final double[] x;
    private final double[] gamma;
    private final double[] beta;

    private Norms(NormForm form, View x, View gamma, View beta) {
        this.form = form;
        n = x.shape().size(0);
        c = x.shape().size(1);
        int positions = 1;
        for (int a = 2; a < x.shape().rank(); a++) {
            positions *= x.shape().size(a);
        }
        l = positions;
        sets = form.sets(x.shape());
        single = x.dtype() == DType.F32;
        this.x = values(x);
        this.gamma = values(gamma);
        this.beta = values(beta);
    }

    static void forward(NormForm form, View x, View gamma, View beta, View y, View mean, View var) {
        var k = new Norms(form, x, gamma, beta);
        double[] out = new double[k.x.length];
        double[] means = new double[k.sets];
        double[] vars = new double[k.sets];
        for (int s = 0; s < k.sets; s++) {
            int[] at = k.set(s);
            double[] v = new double[at.length];
            for (int i = 0; i < v.length; i++) {
                v[i] = k.x[at[i]];
            }
            double m = mean(v);
            for (int i = 0; i < v.length; i++) {
                v[i] = (v[i] - m) * (v[i] - m);
            }
            means[s] = m;
            vars[s] = mean(v);
        }
        store(means, mean);
        store(vars, var);
        double[] roundedMean = values(mean);
        double[] roundedVar = values(var);
        for (int s = 0; s < k.sets; s++) {
            double sigma = Math.sqrt(roundedVar[s] + form.eps());
            for (int i : k.set(s)) {
                int ch = i / k.l % k.c;
                double z = k.rounded(k.gamma[ch] * ((k.x[i] - roundedMean[s]) / sigma) + k.beta[ch]);
                out[i] = z <= 0 && form.slope() == 0 ? 0 : z > 0 ? z : form.slope() * z;
            }
        }
        store(out, y);
    }

    static void gradient(NormForm form, View x, View gamma, View beta, View dy, View mean, View var, View dx,
            View dgamma, View dbeta) {
        var k = new Norms(form, x, gamma, beta);
        double[] hat = k.standardised(mean, var);
        double[] d = k.rectified(hat, values(dy));
        double[] vars = values(var);
        double[] out = new double[d.length];
        for (int s = 0; s < k.sets; s++) {
            int[] at = k.set(s);
            double[] e = new double[at.length];
            double[] products = new double[at.length];
            for (int i = 0; i < at.length; i++) {
                e[i] = k.gamma[at[i] / k.l % k.c] * d[at[i]];
                products[i] = e[i] * hat[at[i]];
            }
            double meanE = mean(e);
            double meanProduct = mean(products);
            for (int i = 0; i < at.length; i++) {
                out[at[i]] = (e[i] - meanE - hat[at[i]] * meanProduct) / Math.sqrt(vars[s] + form.eps());
            }
        }
        store(out, dx);
        store(k.perChannel(d, hat), dgamma);
        store(k.perChannel(d, null), dbeta);
    }

    static void secondGradient(NormForm form, View x, View gamma, View beta, View dy, View mean, View var,
            View ddx, View ddgamma, View ddbeta, View dx, View dgamma, View ddy) {
        var k = new Norms(form, x, gamma, beta);
        double[] hat = k.standardised(mean, var);
        double[] d = k.rectified(hat, values(dy));
        double[] a = values(ddx);
        double[] b = values(ddgamma);
        double[] c = values(ddbeta);
        double[] vars = values(var);
        double[] t = new double[d.length];
        double[] ofX = new double[d.length];
        double[] ofDy = new double[d.length];
        for (int set = 0; set < k.sets; set++) {
            int[] at = k.set(set);
            int m = at.length;
            double s = 1 / Math.sqrt(vars[set] + form.eps());
            double[] e = new double[m];
            double[] terms = new double[m];
            for (int i = 0; i < m; i++) {
                e[i] = k.gamma[at[i] / k.l % k.c] * d[at[i]];
            }
            double meanE = mean(e);
            for (int i = 0; i < m; i++) {
                terms[i] = a[at[i]];
            }
            double meanA = mean(terms);
            for (int i = 0; i < m; i++) {
                terms[i] = a[at[i]] * hat[at[i]];
            }
            double p = mean(terms);
            for (int i = 0; i < m; i++) {
                terms[i] = e[i] * hat[at[i]];
            }
            double q = mean(terms);
            for (int i = 0; i < m; i++) {
                terms[i] = a[at[i]] * (e[i] - meanE - hat[at[i]] * q);
            }
            double r = mean(terms);
            double[] g = new double[m];
            for (int i = 0; i < m; i++) {
                g[i] = b[at[i] / k.l % k.c] * d[at[i]] - s * (a[at[i]] * q + e[i] * p);
                terms[i] = g[i] * hat[at[i]];
            }
            double meanG = mean(g);
            double meanProduct = mean(terms);
            for (int i = 0; i < m; i++) {
                int j = at[i];
                int ch = j / k.l % k.c;
                t[j] = s * (a[j] - meanA - hat[j] * p);
                ofX[j] = s * (g[i] - meanG - hat[j] * meanProduct) - r * s * s * hat[j];
                ofDy[j] = k.gamma[ch] * t[j] + b[ch] * hat[j] + c[ch];
            }
        }
        store(ofX, dx);
        store(k.perChannel(d, t), dgamma);
        store(k.rectified(hat, ofDy), ddy);
    }

    /// Where the elements of a set stand.
    private int[] set(int s) {
        int m = form.overBatch() ? n * l : c / form.groups() * l;
        int[] at = new int[m];
        for (int i = 0; i < m; i++) {
            at[i] = form.overBatch() ? (i / l * c + s) * l + i % l : s * m + i;
        }
        return at;
    }

    /// x̂.
    private double[] standardised(View mean, View var) {
        double[] means = values(mean);
        double[] vars = values(var);
        double[] hat = new double[x.length];
        for (int s = 0; s < sets; s++) {
            double sigma = Math.sqrt(vars[s] + form.eps());
            for (int i : set(s)) {
                hat[i] = (x[i] - means[s]) / sigma;
            }
        }
        return hat;
    }

    /// φ(v).
    private double[] rectified(double[] hat, double[] v) {
        double[] d = new double[v.length];
        for (int i = 0; i < v.length; i++) {
            double z = gamma[i / l % c] * hat[i] + beta[i / l % c];
            d[i] = z > 0 ? v[i] : form.slope() == 0 ? 0 : rounded(form.slope() * rounded(v[i]));
        }
        return d;
    }

    /// As it would be stored between two operators.
    private double rounded(double v) {
        return single ? (float) v : v;
    }

    /// For every channel the sum of v, or of v · w.
    private double[] perChannel(double[] v, double[] w) {
        double[] sums = new double[c];
        for (int ch = 0; ch < c; ch++) {
            double[] terms = new double[n * l];
            for (int i = 0; i < terms.length; i++) {
                int at = (i / l * c + ch) * l + i % l;
                terms[i] = w == null ? v[at] : v[at] * w[at];
            }
            sums[ch] = Reductions.sum(terms, 0, terms.length);
        }
        return sums;
    }

    private static double mean(double[] values) {
        return values.length == 0 ? 0 : Reductions.sum(values, 0, values.length) / values.length;
    }

    private static double[] values(View v) {
        Cells from = Cells.of(v);
        double[] values = new double[v.shape().length()];
        Walk i = new Walk(v.shape(), v);
        for (int k = 0; i.next(); k++) {
            values[k] = from.get(i.at(0));
        }
        return values;
    }

    private static void store(double[] values, View v) {
        Cells to = Cells.of(v);
        Walk i = new Walk(v.shape(), v);
        for (int k = 0; i.next(); k++) {
            to.set(i.at(0), values[k]);
        }
    }
}
