package wengert.tensor.cpu;

/// Input planes prepared for windows. A window that moves in steps of (stepH, stepW) reads, for one of its
/// taps, every stepH-th row and stepW-th column. So a plane, with its border of zeros, is split into
/// stepH·stepW smaller ones by the remainders of row and column; then every tap of every window is a
/// contiguous stretch of one of them, and nobody asks about borders again.
///
/// Number (i, j) of part (a, b) is `x[(first + i)·stepH + a − padH, j·stepW + b − padW]`, or 0 outside of x.
final class Planes {
    private static final F32Kernels KERNELS = F32Kernels.BEST;

    private final int height;
    private final int width;
    private final int stepH;
    private final int stepW;
    private final int padH;
    private final int padW;
    /// Rows and columns of a part.
    private final int rows;
    private final int columns;
    /// Where a part stands among those that are used, or −1, by a·stepW + b.
    private final int[] slots;
    private final int used;

    /// @param rows    rows of a part that a tile needs
    /// @param columns columns of a part
    /// @param slots   which parts are used: −1 for no, numbers from 0 for yes
    Planes(int height, int width, int stepH, int stepW, int padH, int padW, int rows, int columns,
            int[] slots) {
        this.height = height;
        this.width = width;
        this.stepH = stepH;
        this.stepW = stepW;
        this.padH = padH;
        this.padW = padW;
        this.rows = rows;
        this.columns = columns;
        this.slots = slots;
        int n = 0;
        for (int s : slots) {
            n = Math.max(n, s + 1);
        }
        this.used = n;
    }

    /// Numbers that one prepared plane takes.
    int size() {
        return used * rows * columns;
    }

    /// Columns of a part: the distance of its rows.
    int columns() {
        return columns;
    }

    /// Where tap offset (down, right), counted in numbers of x, begins within a prepared plane.
    int tap(int down, int right) {
        int slot = slots[down % stepH * stepW + right % stepW];
        return (slot * rows + down / stepH) * columns + right / stepW;
    }

    /// Prepares one plane.
    ///
    /// @param xo    where the plane begins in x
    /// @param first first row of the parts
    void prepare(float[] x, int xo, int first, float[] to, int at) {
        for (int a = 0; a < stepH; a++) {
            for (int b = 0; b < stepW; b++) {
                int slot = slots[a * stepW + b];
                if (slot < 0) {
                    continue;
                }
                // columns of the part that lie inside of x
                int from = Math.max(0, (padW - b + stepW - 1) / stepW);
                int to1 = Math.min(columns, Math.floorDiv(width - 1 + padW - b, stepW) + 1);
                for (int i = 0; i < rows; i++) {
                    int h = (first + i) * stepH + a - padH;
                    int row = at + (slot * rows + i) * columns;
                    if (h < 0 || h >= height || from >= to1) {
                        zero(to, row, row + columns);
                        continue;
                    }
                    zero(to, row, row + from);
                    int start = xo + h * width + from * stepW + b - padW;
                    if (stepW == 1) {
                        KERNELS.copy(x, start, to, row + from, to1 - from);
                    } else if (stepW == 2) {
                        KERNELS.everyOther(x, start, to, row + from, to1 - from);
                    } else {
                        for (int j = from; j < to1; j++) {
                            to[row + j] = x[start + (j - from) * stepW];
                        }
                    }
                    zero(to, row + to1, row + columns);
                }
            }
        }
    }

    /// Borders are a few numbers wide: a loop is faster than a call.
    private static void zero(float[] x, int from, int to) {
        for (int i = from; i < to; i++) {
            x[i] = 0f;
        }
    }
}
