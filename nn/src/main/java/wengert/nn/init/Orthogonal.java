package wengert.nn.init;

/// Orthonormal vectors from random ones.
final class Orthogonal {
    private Orthogonal() {
    }

    /// A matrix whose shorter side is orthonormal: modified Gram–Schmidt, each vector projected twice, which
    /// is as accurate as Householder's method and keeps the diagonal of R positive.
    ///
    /// @param a row-major [rows, columns]; overwritten
    /// @return row-major [rows, columns]
    static double[] rows(double[] a, int rows, int columns) {
        if (rows > columns) {
            return transposed(rows(transposed(a, rows, columns), columns, rows), columns, rows);
        }
        for (int i = 0; i < rows; i++) {
            for (int pass = 0; pass < 2; pass++) {
                for (int j = 0; j < i; j++) {
                    double dot = dot(a, i * columns, j * columns, columns);
                    for (int k = 0; k < columns; k++) {
                        a[i * columns + k] -= dot * a[j * columns + k];
                    }
                }
            }
            double norm = Math.sqrt(dot(a, i * columns, i * columns, columns));
            for (int k = 0; k < columns; k++) {
                a[i * columns + k] /= norm;
            }
        }
        return a;
    }

    private static double dot(double[] a, int x, int y, int n) {
        double sum = 0;
        for (int k = 0; k < n; k++) {
            sum += a[x + k] * a[y + k];
        }
        return sum;
    }

    private static double[] transposed(double[] a, int rows, int columns) {
        double[] t = new double[a.length];
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < columns; k++) {
                t[k * rows + i] = a[i * columns + k];
            }
        }
        return t;
    }
}
