package wengert.benchmarks;

/// Adds up what work costs: floating-point operations, and bytes if every operand is moved once.
final class Cost {
    private static final int F32 = 4;
    private double flops;
    private double bytes;

    /// One of the three products of a convolution with w `[K, C, R, R]` from H×H to P×P pixels: forward, data
    /// gradient or weight gradient, which cost the same: 2·N·K·P²·C·R² operations. What falls on padding
    /// counts too.
    Cost conv(double times, int n, int c, int h, int k, int r, int p) {
        flops += times * 2.0 * n * k * p * p * c * r * r;
        bytes += times * F32 * ((double) n * c * h * h + (double) n * k * p * p + (double) k * c * r * r);
        return this;
    }

    /// A product `[M, T]` by `[T, N]`.
    Cost matmul(double times, int m, int n, int t) {
        flops += times * 2.0 * m * n * t;
        bytes += times * F32 * ((double) m * t + (double) t * n + (double) m * n);
        return this;
    }

    /// A pass over arrays.
    ///
    /// @param flops  operations per element
    /// @param arrays read or written
    Cost pass(double elements, double flops, double arrays) {
        this.flops += flops * elements;
        bytes += F32 * arrays * elements;
        return this;
    }

    double flops() {
        return flops;
    }

    double bytes() {
        return bytes;
    }

    /// The convolutions of one step of [Gans], the rest being below 2 % of the operations. With G and D for
    /// one pass through all layers of a network:
    ///
    /// - D step: G forward; D forward, data and weight gradients, on fakes and on real images, without the
    ///   data gradient of the first layer, which nobody asks for;
    /// - gradient penalty: D forward on x̂ and its data gradients; from their norm back: a forward pass (of
    ///   the gradient's gradient, without the last layer) and weight gradients; through the normalisations
    ///   into the forward pass: data and weight gradients without the last layer, without the data gradient
    ///   of the first;
    /// - G step: G forward; D forward and data gradients; G's data and weight gradients without the data
    ///   gradient of its first layer.
    static Cost gan(int batch, int channels, boolean penalty, int... widths) {
        var cost = new Cost();
        int last = widths.length - 1;
        cost.conv(3, batch, widths[0], 4, 100, 4, 1);
        cost.conv(8 + (penalty ? 3 : 0), batch, widths[0], 4, 1, 4, 1);
        for (int i = 0; i <= last; i++) {
            int p = 4 << i;
            int c = i == last ? channels : widths[i + 1];
            cost.conv(4, batch, c, 2 * p, widths[i], 4, p);
            cost.conv(i == last ? penalty ? 11 : 6 : penalty ? 14 : 8, batch, c, 2 * p, widths[i], 4, p);
        }
        return cost;
    }
}
