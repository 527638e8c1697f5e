package wengert.tensor.cpu;

import java.util.Arrays;

/// Input planes prepared for windows. A window that moves in steps of (stepH, stepW) reads, for one of its
/// taps, every stepH-th row and stepW-th column. So a plane, with its border of zeros, is split into
/// stepH·stepW smaller ones by the remainders of row and column; then every tap of every window is a
/// contiguous stretch of one of them, and nobody asks about borders again.
///
/// Number (i, j) of part (a, b) is `x[(first + i)·stepH + a − padH, j·stepW + b − padW]`, or 0 outside of x.
final class Planes {
    private static final F32Windows WINDOWS = F32Windows.BEST;

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

    /// Zeros for the borders of `count` planes; what lies between is written by [#prepare], over and over.
    void clear(float[] to, int count) {
        Arrays.fill(to, 0, count * size(), 0f);
    }

    /// Prepares one plane, but for its border: place it where [#clear] was, always with the same first row.
    ///
    /// @param xo    where the plane begins in x
    /// @param first first row of the parts
    void prepare(float[] x, int xo, int first, float[] to, int at) {
        for (int a = 0; a < stepH; a++) {
            // rows of the parts that lie inside of x
            int top = Math.max(0, Math.ceilDiv(padH - a, stepH) - first);
            int n = Math.min(rows, Math.floorDiv(height - 1 + padH - a, stepH) + 1 - first) - top;
            if (n <= 0) {
                continue;
            }
            int start = xo + ((first + top) * stepH + a - padH) * width;
            int row = at + top * columns;
            if (stepW == 2 && padW >= 0 && slots[2 * a] >= 0 && slots[2 * a + 1] >= 0) {
                both(x, start, to, row, a, n);
                continue;
            }
            if (stepW == 4 && padW >= 0 && width % 4 == 0 && used == stepH * stepW) {
                quarters(x, start, to, row, a, n);
                continue;
            }
            for (int b = 0; b < stepW; b++) {
                int slot = slots[a * stepW + b];
                if (slot >= 0) {
                    int from = Math.max(0, Math.ceilDiv(padW - b, stepW));
                    int end = Math.min(columns, Math.floorDiv(width - 1 + padW - b, stepW) + 1);
                    column(x, start + from * stepW + b - padW, to, row + slot * rows * columns + from, n,
                            end - from);
                }
            }
        }
    }

    /// n rows of the two parts (a, 0) and (a, 1): numbers of even columns of x go to one, of odd ones to the
    /// other.
    private void both(float[] x, int start, float[] to, int row, int a, int n) {
        int evenPart = padW & 1;
        int evenFrom = (padW - evenPart) / 2;
        int oddFrom = (padW + evenPart) / 2;
        int even = row + slots[2 * a + evenPart] * rows * columns + evenFrom;
        int odd = row + slots[2 * a + 1 - evenPart] * rows * columns + oddFrom;
        int evens = Math.max(0, Math.min((width + 1) / 2, columns - evenFrom));
        int odds = Math.max(0, Math.min(width / 2, columns - oddFrom));
        int pairs = Math.min(evens, odds);
        WINDOWS.split(x, start, stepH * width, to, even, odd, columns, n, pairs);
        column(x, start + 2 * pairs, to, even + pairs, n, evens - pairs);
        column(x, start + 2 * pairs + 1, to, odd + pairs, n, odds - pairs);
    }

    /// n rows of the four parts (a, …).
    private void quarters(float[] x, int start, float[] to, int row, int a, int n) {
        int[] at = new int[4];
        int quarter = width / 4;
        for (int v = 0; v < 4; v++) {
            int first = (v + padW) / 4;
            at[v] = row + slots[4 * a + (v + padW) % 4] * rows * columns + first;
            quarter = Math.min(quarter, columns - first);
        }
        WINDOWS.quarters(x, start, stepH * width, to, at, columns, n, quarter);
    }

    /// n rows of one part.
    private void column(float[] x, int start, float[] to, int at, int n, int count) {
        if (count <= 0) {
            return;
        }
        if (stepW == 1) {
            WINDOWS.block(x, start, stepH * width, to, at, columns, n, count);
            return;
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < count; j++) {
                to[at + i * columns + j] = x[start + i * stepH * width + j * stepW];
            }
        }
    }
}
