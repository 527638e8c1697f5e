package wengert.tensor.cpu;

import wengert.tensor.cpu.Pixels.Tile;

/// Where the outputs of a [WinogradProduct] stand until a tile of pixels is done, and how they go to the
/// result's planes then.
interface WinogradOutput {
    /// Columns of a strip.
    int W = F32Kernels.BEST.columns();
    /// Outputs of a tile in either direction.
    int T = Winograd.TILE;

    /// The way that suits a tile of pixels.
    ///
    /// @param m      channels, from the one that begins at `at` in the tile's first image
    /// @param stride phases of the output in either direction
    static WinogradOutput of(Pixels pixels, Tile tile, int m, float[] array, int at, int channels, int height,
            int width, int stride) {
        return pixels.lanes ? new Turned(tile, m, array, at, channels, height, width, stride)
                : stride == 1 ? new Dense(tile, m, array, at, channels, height, width)
                : new Woven(tile, m, array, at, channels, height, width);
    }

    /// Distance of outputs (0, 0) and (1, 0) of a tile in the block that [#store] takes, counted in
    /// outputs.
    int down();

    /// Distance of outputs (0, 0) and (0, 1).
    int right();

    /// Where output (0, 0) of a strip stands.
    int at(int phase, int strip);

    /// All outputs of a tile of pixels, `step` apart; in each, channels W apart.
    void store(float[] block, int step);

    /// Output with one pixel of many images in a strip: all pixels of the tile in their order, transposed at
    /// last.
    record Turned(Tile tile, int m, float[] array, int to, int channels, int height, int width,
            int stride) implements WinogradOutput {
        /// Pixels of a row, with those beyond the plane.
        private int wide() {
            return tile.width() * T * stride;
        }

        @Override
        public int down() {
            return stride * wide();
        }

        @Override
        public int right() {
            return stride;
        }

        @Override
        public int at(int phase, int strip) {
            int h = strip / tile.width() * T * stride + phase / stride;
            return h * wide() + strip % tile.width() * T * stride + phase % stride;
        }

        @Override
        public void store(float[] block, int step) {
            int plane = height * width;
            int top = tile.row() * T * stride;
            int rows = Math.min(height - top, tile.rows() * T * stride);
            boolean whole = wide() == width;
            for (int k = 0; k < m; k++) {
                int start = to + k * plane;
                for (int h = 0; h < rows; h += whole ? rows : 1) {
                    F32Kernels.BEST.transpose(block, h * wide() * step + k * W, step, array,
                            start + (top + h) * width, channels * plane, whole ? rows * width : width,
                            tile.count());
                }
            }
        }
    }

    /// Output with neighbouring tiles in a strip, moved strip by strip.
    interface ByStrip extends WinogradOutput {
        Tile tile();

        /// Phases of the output.
        int phases();

        /// A strip's outputs, the first of which stands at `from`: `[phase][i][j]`, `step` apart.
        void store(int strip, float[] block, int from, int step);

        @Override
        default int down() {
            return T;
        }

        @Override
        default int right() {
            return 1;
        }

        @Override
        default int at(int phase, int strip) {
            return T * T * (phases() * strip + phase);
        }

        @Override
        default void store(float[] block, int step) {
            for (int s = 0; s * W < tile().pixels(); s++) {
                store(s, block, at(0, s) * step, step);
            }
        }
    }

    /// Output in one phase: (i, j) of tile (t, u) is pixel (2t + i, 2u + j).
    record Dense(Tile tile, int m, float[] array, int at, int channels, int height, int width)
            implements ByStrip {
        @Override
        public int phases() {
            return 1;
        }

        @Override
        public void store(int strip, float[] block, int from, int step) {
            int plane = height * width;
            Pixels.runs(tile, strip * W, strip * W + W, (column, image, row, x, n) -> {
                int v = x * T;
                int pairs = Math.min(n, (width - v) / T);
                for (int i = 0; i < T; i++) {
                    int h = (tile.row() + row) * T + i;
                    if (h < height) {
                        int even = from + T * i * step + column;
                        int to = at + image * channels * plane + h * width + v;
                        F32Windows.BEST.weave(block, even, even + step, W, array, to, plane, m, pairs);
                        if (pairs < n) {
                            F32Windows.BEST.block(block, even + pairs, W, array, to + T * pairs, plane, m, 1);
                        }
                    }
                }
            });
        }
    }

    /// Output in 2 × 2 phases: (i, j) of tile (t, u) in phase (a, b) is pixel (4t + 2i + a, 4u + 2j + b).
    record Woven(Tile tile, int m, float[] array, int at, int channels, int height, int width)
            implements ByStrip {
        @Override
        public int phases() {
            return 4;
        }

        @Override
        public void store(int strip, float[] block, int from, int step) {
            // the rows of each phase first: [phase][i][m][2W]
            float[] rows = Scratch.mine().floats(4, 16 * m * W);
            for (int r = 0; r < 8; r++) {
                F32Windows.BEST.weave(block, from + 2 * r * step, from + (2 * r + 1) * step, W, rows,
                        r * 2 * m * W, 2 * W, m, W);
            }
            int plane = height * width;
            Pixels.runs(tile, strip * W, strip * W + W, (column, image, row, x, n) -> {
                int v = x * 4;
                int pairs = Math.min(2 * n, (width - v) / 2);
                for (int r = 0; r < 4; r++) {
                    int h = (tile.row() + row) * 4 + r;
                    if (h < height) {
                        int a = r % 2;
                        int i = r / 2;
                        int even = (4 * a + i) * 2 * m * W + 2 * column;
                        int to = at + image * channels * plane + h * width + v;
                        F32Windows.BEST.weave(rows, even, even + 4 * m * W, 2 * W, array, to, plane, m,
                                pairs);
                        if (pairs < 2 * n && 2 * pairs < width - v) {
                            F32Windows.BEST.block(rows, even + pairs, 2 * W, array, to + 2 * pairs, plane, m,
                                    1);
                        }
                    }
                }
            });
        }
    }
}
