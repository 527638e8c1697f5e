package wengert.tensor.cpu;

/// How the pixels of a batch are cut into tiles, and a tile into strips as wide as the register tile. A tile
/// is a number of whole small images, or a band of rows of a large one. Its pixels are counted image by
/// image, row by row; a strip's columns are the next pixels in this count, so small images share a strip. A
/// *run* is what a strip holds of one row. Tiles depend on the shape alone.
final class Pixels {
    /// Pixels a tile should have; at least one row whatever its width.
    private static final int LEAST = 64;
    /// Tiles there should be, so that threads find enough of them.
    private static final int TILES = 16;

    final int images;
    final int height;
    final int width;
    /// Images per tile, or 1 and rows per tile.
    private final int tileImages;
    private final int tileRows;
    /// Whether a strip holds one pixel of as many images as it has columns, instead of neighbouring pixels.
    final boolean lanes;

    /// @param most pixels a tile should have at most
    Pixels(int images, int height, int width, int most) {
        this.images = images;
        this.height = height;
        this.width = width;
        this.lanes = false;
        int size = height * width;
        long share = (long) images * size / TILES;
        int target = (int) Math.max(LEAST, Math.min(most, share));
        if (size >= 2 * target) {
            int bands = Math.max(1, Math.min(height, size / target));
            tileRows = (height + bands - 1) / bands;
            tileImages = 1;
        } else {
            tileRows = height;
            int n = Math.max(1, target / Math.max(1, size));
            int parts = (images + n - 1) / n;
            tileImages = parts == 0 ? 1 : (images + parts - 1) / parts;
        }
    }

    private Pixels(int images, int height, int width, int lanes, int most) {
        this.images = images;
        this.height = height;
        this.width = width;
        this.lanes = true;
        tileImages = lanes;
        int bands = Math.min(height, Math.ceilDiv(height * width * lanes, most));
        tileRows = Math.ceilDiv(height, bands);
    }

    /// Tiles of `lanes` images each.
    static Pixels lanes(int images, int height, int width, int lanes, int most) {
        return new Pixels(images, height, width, lanes, most);
    }

    private int bands() {
        return (height + tileRows - 1) / tileRows;
    }

    /// Number of tiles.
    int tiles() {
        return (images + tileImages - 1) / tileImages * bands();
    }

    /// Rows of the largest tile.
    int mostRows() {
        return tileRows;
    }

    /// Images of the largest tile.
    int mostImages() {
        return tileImages;
    }

    /// One tile.
    ///
    /// @param image first image
    /// @param count images
    /// @param row   first row
    /// @param rows  rows of each image
    record Tile(int image, int count, int row, int rows, int width) {
        int pixels() {
            return count * rows * width;
        }
    }

    Tile tile(int t) {
        int image = t / bands() * tileImages;
        int row = t % bands() * tileRows;
        return new Tile(image, Math.min(tileImages, images - image), row, Math.min(tileRows, height - row),
                width);
    }

    /// Takes one run of a strip.
    interface Runs {
        /// @param column first column in the strip
        /// @param image  image, counted in the tile
        /// @param row    row, counted in the tile
        /// @param x      first column in the row
        /// @param n      pixels
        void run(int column, int image, int row, int x, int n);
    }

    /// The runs of a tile's pixels `from` to `to`.
    static void runs(Tile tile, int from, int to, Runs each) {
        int width = tile.width;
        int size = tile.rows * width;
        int pixel = from;
        int end = Math.min(to, tile.pixels());
        while (pixel < end) {
            int x = pixel % width;
            int n = Math.min(width - x, end - pixel);
            each.run(pixel - from, pixel / size, pixel % size / width, x, n);
            pixel += n;
        }
    }
}
