package wengert.tensor.reference;

import wengert.tensor.spi.View;

/// y[…,m,n] = Σ_k a[…,m,k] · b[…,k,n]. M rows, N columns, K terms.
final class Products {
    private Products() {
    }

    static void matmul(View a, View b, View y) {
        Cells left = Cells.of(a);
        Cells right = Cells.of(b);
        Cells to = Cells.of(y);
        boolean floating = y.dtype().isFloating();
        int terms = a.shape().size(-1);
        int stepA = a.stride(-1);
        int stepB = b.stride(-2);
        if (terms == 0) {
            Elementwise.fill(y, 0);
            return;
        }
        // the index walks […,m,n]: a stays at k = 0 and is repeated along n, b along m
        View rows = a.slice(-1, 0, 1, 1).expand(y.shape());
        View columns = b.slice(-2, 0, 1, 1).expand(y.shape());
        for (Walk i = new Walk(y.shape(), rows, columns, y); i.next();) {
            double sum = 0;
            long exact = 0;
            for (int k = 0; k < terms; k++) {
                int atA = i.at(0) + k * stepA;
                int atB = i.at(1) + k * stepB;
                if (floating) {
                    sum += left.get(atA) * right.get(atB);
                } else {
                    exact += left.getLong(atA) * right.getLong(atB);
                }
            }
            if (floating) {
                to.set(i.at(2), sum);
            } else {
                to.setLong(i.at(2), exact);
            }
        }
    }
}
