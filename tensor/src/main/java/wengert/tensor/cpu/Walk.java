package wengert.tensor.cpu;

import wengert.tensor.spi.View;

/// The elements of a view in row-major order, with neighbouring axes merged where one stride serves both. A
/// contiguous view is a single run of step 1; a bias `[1,C,1,1]` expanded to `[N,C,H,W]` is N·C runs of step
/// 0. [#load] turns any stretch of the walk into contiguous numbers, which is all an elementwise kernel ever
/// sees: so its results cannot depend on strides.
final class Walk {
    /// Runs shorter than this are not worth a call each.
    private static final int SHORT = 16;

    private final int[] sizes;
    private final int[] steps;
    private final int offset;
    private final int length;

    private Walk(int[] sizes, int[] steps, int offset, int length) {
        this.sizes = sizes;
        this.steps = steps;
        this.offset = offset;
        this.length = length;
    }

    static Walk of(View v) {
        if (v.isContiguous()) {
            int n = v.shape().length();
            return new Walk(new int[] {n}, new int[] {1}, v.offset(), n);
        }
        return of(v.shape().toArray(), v.strides(), v.offset());
    }

    /// @param sizes axis sizes, outermost first
    /// @param steps stride of each axis in elements
    /// @param offset position of the first element
    static Walk of(int[] sizes, int[] steps, int offset) {
        int[] size = new int[Math.max(1, sizes.length)];
        int[] step = new int[size.length];
        int n = 0;
        long length = 1;
        for (int a = 0; a < sizes.length; a++) {
            length *= sizes[a];
            if (sizes[a] == 1) {
                continue;
            }
            if (n > 0 && step[n - 1] == (long) steps[a] * sizes[a]) {
                size[n - 1] *= sizes[a];
                step[n - 1] = steps[a];
            } else {
                size[n] = sizes[a];
                step[n++] = steps[a];
            }
        }
        if (n == 0) {
            size[0] = 1;
            step[0] = 1;
            n = 1;
        }
        return new Walk(java.util.Arrays.copyOf(size, n), java.util.Arrays.copyOf(step, n), offset,
                (int) length);
    }

    /// Number of elements.
    int length() {
        return length;
    }

    /// Position of the first element.
    int offset() {
        return offset;
    }

    /// Merged axes.
    int rank() {
        return sizes.length;
    }

    int size(int axis) {
        return sizes[axis];
    }

    int step(int axis) {
        return steps[axis];
    }

    /// True if element i stands at `offset + i`.
    boolean contiguous() {
        return sizes.length == 1 && (steps[0] == 1 || length <= 1);
    }

    /// True if elements `from` to `from + count` stand one behind the other.
    boolean adjacent(int from, int count) {
        int last = sizes.length - 1;
        return steps[last] == 1 && from % sizes[last] + count <= sizes[last] || count == 1;
    }

    /// Position of element `i`, for `0 ≤ i < length`.
    int position(int i) {
        int at = offset;
        int rest = i;
        for (int a = sizes.length - 1; a >= 0; a--) {
            at += rest % sizes[a] * steps[a];
            rest /= sizes[a];
        }
        return at;
    }

    /// Positions of elements `from` to `from + count`.
    void positions(int from, int count, int[] to) {
        for (int i = 0; i < count; i++) {
            to[i] = position(from + i);
        }
    }

    /// Copies elements `from` to `from + count` of the walk over `array` to `to[at…]`.
    void load(Object array, int from, int count, Object to, int at) {
        move(array, offset, from, count, to, at, true);
    }

    /// The same for this walk moved by `shift` elements.
    void load(Object array, int shift, int from, int count, Object to, int at) {
        move(array, offset + shift, from, count, to, at, true);
    }

    /// The reverse of [#load].
    void store(Object block, int at, int count, Object array, int from) {
        move(array, offset, from, count, block, at, false);
    }

    private void move(Object array, int base, int from, int count, Object block, int at, boolean load) {
        if (count == 0) {
            return;
        }
        int last = sizes.length - 1;
        int run = sizes[last];
        int step = steps[last];
        int inRun = from % run;
        int[] index = new int[last];
        int rest = from / run;
        int start = base;
        for (int a = last - 1; a >= 0; a--) {
            index[a] = rest % sizes[a];
            start += index[a] * steps[a];
            rest /= sizes[a];
        }
        int left = count;
        while (true) {
            int n = Math.min(run - inRun, left);
            int runs = last > 0 && inRun == 0 && run < SHORT
                    ? Math.min(sizes[last - 1] - index[last - 1], left / run) : 1;
            if (runs > 1 && array instanceof float[] a) {
                // short runs: all of one axis at once
                if (load) {
                    Runs.copy(a, start, steps[last - 1], step, (float[]) block, at, run, 1, runs, run);
                } else {
                    Runs.copy((float[]) block, at, run, 1, a, start, steps[last - 1], step, runs, run);
                }
                n = runs * run;
                start += (runs - 1) * steps[last - 1];
                index[last - 1] += runs - 1;
            } else if (load) {
                Runs.copy(array, start + inRun * step, step, block, at, 1, n);
            } else {
                Runs.copy(block, at, 1, array, start + inRun * step, step, n);
            }
            left -= n;
            if (left == 0) {
                return;
            }
            at += n;
            inRun = 0;
            for (int a = last - 1; a >= 0; a--) {
                start += steps[a];
                if (++index[a] < sizes[a]) {
                    break;
                }
                start -= sizes[a] * steps[a];
                index[a] = 0;
            }
        }
    }
}
