package wengert.tensor.reference;

import wengert.tensor.spi.View;

// N batch, C channels, M = N·(spatial sizes) values per channel.
/// Batch normalisation, one channel after the other.
final class Norms {
    private Norms() {
    }

    /// `mean = Σ x / M`, `var = Σ (x − mean)² / M`, `y = gamma · (x − mean) / √(var + eps) + beta`.
    static void batchNorm(View x, View gamma, View beta, double eps, View y, View mean, View var) {
        Cells cGamma = Cells.of(gamma);
        Cells cBeta = Cells.of(beta);
        Cells cMean = Cells.of(mean);
        Cells cVar = Cells.of(var);
        for (int c = 0; c < x.shape().size(1); c++) {
            double[] v = channel(x, c);
            double m = mean(v);
            double[] squares = new double[v.length];
            for (int i = 0; i < v.length; i++) {
                squares[i] = (v[i] - m) * (v[i] - m);
            }
            double variance = mean(squares);
            double g = cGamma.get(cGamma.at(c));
            double b = cBeta.get(cBeta.at(c));
            for (int i = 0; i < v.length; i++) {
                v[i] = g * (v[i] - m) / Math.sqrt(variance + eps) + b;
            }
            store(v, y, c);
            cMean.set(cMean.at(c), m);
            cVar.set(cVar.at(c), variance);
        }
    }

    /// With `x̂ = (x − mean)/√(var + eps)`: `dbeta = Σ dy`, `dgamma = Σ dy·x̂`,
    /// `dx = gamma/√(var + eps) · (dy − dbeta/M − x̂·dgamma/M)`.
    static void batchNormGradient(View x, View gamma, View dy, View mean, View var, double eps, View dx,
            View dgamma, View dbeta) {
        Cells cGamma = Cells.of(gamma);
        Cells cMean = Cells.of(mean);
        Cells cVar = Cells.of(var);
        Cells cDgamma = Cells.of(dgamma);
        Cells cDbeta = Cells.of(dbeta);
        for (int c = 0; c < x.shape().size(1); c++) {
            double[] hat = channel(x, c);
            double[] d = channel(dy, c);
            double m = cMean.get(cMean.at(c));
            double sigma = Math.sqrt(cVar.get(cVar.at(c)) + eps);
            double[] products = new double[d.length];
            for (int i = 0; i < d.length; i++) {
                hat[i] = (hat[i] - m) / sigma;
                products[i] = d[i] * hat[i];
            }
            double meanD = mean(d);
            double meanProduct = mean(products);
            double scale = cGamma.get(cGamma.at(c)) / sigma;
            cDbeta.set(cDbeta.at(c), Reductions.sum(d, 0, d.length));
            cDgamma.set(cDgamma.at(c), Reductions.sum(products, 0, d.length));
            for (int i = 0; i < d.length; i++) {
                d[i] = scale * (d[i] - meanD - hat[i] * meanProduct);
            }
            store(d, dx, c);
        }
    }

    private static double mean(double[] values) {
        return Reductions.sum(values, 0, values.length) / values.length;
    }

    /// The values of channel c of [N, C, *] in row-major order.
    private static double[] channel(View x, int c) {
        View of = x.slice(1, c, 1, 1);
        Cells from = Cells.of(x);
        double[] values = new double[of.shape().length()];
        Walk i = new Walk(of.shape(), of);
        for (int n = 0; i.next(); n++) {
            values[n] = from.get(i.at(0));
        }
        return values;
    }

    private static void store(double[] values, View y, int c) {
        View of = y.slice(1, c, 1, 1);
        Cells to = Cells.of(y);
        Walk i = new Walk(of.shape(), of);
        for (int n = 0; i.next(); n++) {
            to.set(i.at(0), values[n]);
        }
    }
}
