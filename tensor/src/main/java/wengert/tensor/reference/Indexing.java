package wengert.tensor.reference;

import wengert.tensor.spi.DType;
import wengert.tensor.spi.IndexException;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Storage;
import wengert.tensor.spi.View;

/// gather y[i] = x[i with index[i] in the axis]; scatterAdd y[i with index[i] in the axis] += x[i].
final class Indexing {
    private Indexing() {
    }

    static void gather(View x, int axis, View index, View y) {
        check("gather", index, axis, x.shape());
        Cells from = Cells.of(x);
        Cells to = Cells.of(y);
        Cells chosen = Cells.of(index);
        boolean floating = x.dtype().isFloating();
        int size = index.shape().size(axis);
        for (Walk i = new Walk(lines(index, axis), x, index, y); i.next();) {
            for (int j = 0; j < size; j++) {
                long k = chosen.getLong(i.at(1) + j * index.stride(axis));
                int source = i.at(0) + (int) k * x.stride(axis);
                int target = i.at(2) + j * y.stride(axis);
                if (floating) {
                    to.set(target, from.get(source));
                } else {
                    to.setLong(target, from.getLong(source));
                }
            }
        }
    }

    static void scatterAdd(View x, int axis, View index, View y) {
        check("scatterAdd", index, axis, y.shape());
        boolean floating = y.dtype().isFloating();
        View sums = wide(y); // so that many small addends are rounded once, at the end
        Elementwise.copy(y, sums);
        Cells from = Cells.of(x);
        Cells to = Cells.of(sums);
        Cells chosen = Cells.of(index);
        int size = index.shape().size(axis);
        for (Walk i = new Walk(lines(index, axis), x, index, sums); i.next();) {
            for (int j = 0; j < size; j++) {
                long k = chosen.getLong(i.at(1) + j * index.stride(axis));
                int source = i.at(0) + j * x.stride(axis);
                int target = i.at(2) + (int) k * sums.stride(axis);
                if (floating) {
                    to.set(target, to.get(target) + from.get(source));
                } else {
                    to.setLong(target, to.getLong(target) + from.getLong(source));
                }
            }
        }
        Elementwise.copy(sums, y);
    }

    /// The first index of every line along the axis.
    private static Shape lines(View index, int axis) {
        return index.shape().with(axis, Math.min(index.shape().size(axis), 1));
    }

    private static View wide(View y) {
        int length = y.shape().length();
        Storage storage = y.dtype().isFloating()
                ? new Storage(y.storage().device(), DType.F64, length, new double[length])
                : new Storage(y.storage().device(), DType.I64, length, new long[length]);
        return View.of(storage, y.shape());
    }

    /// Refuses an index outside of the axis before anything is written.
    static void check(String op, View index, int axis, Shape shape) {
        Cells chosen = Cells.of(index);
        int size = shape.size(axis);
        for (Walk i = new Walk(index.shape(), index); i.next();) {
            long k = chosen.getLong(i.at(0));
            if (k < 0 || k >= size) {
                throw new IndexException(op, k, i.index(), axis, shape);
            }
        }
    }
}
