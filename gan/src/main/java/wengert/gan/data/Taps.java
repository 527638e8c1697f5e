package wengert.gan.data;

/// How a row of `from` samples becomes one of `to`: output i is `Σ weights[i][k] · x[first[i] + k] / total`,
/// in whole numbers.
///
/// Shrinking averages areas: a sample counts by the part of it that the output covers. Enlarging is bilinear
/// between the centres of the samples, and constant outside of the outermost centres. Both leave a row of the
/// same length as it is.
///
/// @param total sum of the weights of each output
record Taps(int[] first, int[][] weights, int total) {
    static Taps of(int from, int to) {
        return to > from ? bilinear(from, to) : areas(from, to);
    }

    /// In units of 1/to, sample j lies at [j · to, (j + 1) · to) and output i at [i · from, (i + 1) · from).
    private static Taps areas(int from, int to) {
        int[] first = new int[to];
        int[][] weights = new int[to][];
        for (int i = 0; i < to; i++) {
            long begin = (long) i * from;
            long end = begin + from;
            first[i] = (int) (begin / to);
            weights[i] = new int[Math.toIntExact(Math.ceilDiv(end, to) - first[i])];
            for (int k = 0; k < weights[i].length; k++) {
                long left = (long) (first[i] + k) * to;
                weights[i][k] = (int) (Math.min(end, left + to) - Math.max(begin, left));
            }
        }
        return new Taps(first, weights, from);
    }

    /// The centre of output i is at (i + 1/2) · from / to − 1/2, here in units of 1 / (2 · to).
    private static Taps bilinear(int from, int to) {
        int[] first = new int[to];
        int[][] weights = new int[to][];
        int unit = 2 * to;
        for (int i = 0; i < to; i++) {
            int centre = Math.clamp((long) (2 * i + 1) * from - to, 0, unit * (from - 1));
            int part = centre % unit;
            first[i] = centre / unit;
            weights[i] = part == 0 ? new int[] {unit} : new int[] {unit - part, part};
        }
        return new Taps(first, weights, unit);
    }
}
