package wengert.gan.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import wengert.gan.data.Fit.Mode;
import wengert.tensor.io.ByteImages;

class FitTest {
    private static ByteImages image(int channels, int height, int width, int... samples) {
        byte[] bytes = new byte[channels * height * width];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) samples[i];
        return new ByteImages(1, channels, height, width, bytes, new int[0]);
    }

    private static int[] fitted(Mode mode, int channels, int size, ByteImages image) {
        return new Fit(channels, size, mode).all(image, "here").image(0).samples();
    }

    private static ByteImages random(int channels, int height, int width) {
        return image(channels, height, width,
                new Random(7).ints(0, 256).limit(channels * height * width).toArray());
    }

    @Test
    void shrinkingAveragesAreas() {
        assertArrayEquals(new int[] {10, 55, 90, 250}, fitted(Mode.RESIZE, 1, 2, image(1, 4, 4,
                0, 10, 40, 60,
                10, 20, 50, 70,
                100, 100, 255, 255,
                80, 80, 245, 245)));
        // Of three rows and columns each output covers one and a half: weights 2/3 and 1/3.
        // (4·90 + 2·36 + 2·63 + 1·9) / 9 = 63, and so on around.
        assertArrayEquals(new int[] {63, 9, 15, 1},
                fitted(Mode.RESIZE, 1, 2, image(1, 3, 3, 90, 36, 0, 63, 9, 0, 0, 0, 0)));
        // Halves are rounded upwards.
        assertArrayEquals(new int[] {128}, fitted(Mode.RESIZE, 1, 1, image(1, 2, 2, 127, 128, 128, 127)));
    }

    @Test
    void enlargingIsBilinearBetweenCentres() {
        assertArrayEquals(new int[] {
            0, 25, 75, 100,
            30, 55, 105, 130,
            90, 115, 165, 190,
            120, 145, 195, 220}, fitted(Mode.RESIZE, 1, 4, image(1, 2, 2, 0, 100, 120, 220)));
    }

    @Test
    void resamplingAgreesWithTheFormula() {
        for (int[] sizes
                : new int[][] {{28, 16}, {28, 32}, {7, 3}, {3, 7}, {5, 64}, {64, 5}, {1, 4}, {9, 9}}) {
            int from = sizes[0];
            int to = sizes[1];
            ByteImages image = random(1, from, from);
            int[] samples = image.image(0).samples();
            double[][] weights = new double[to][from];
            for (int i = 0; i < to; i++) {
                for (int j = 0; j < from; j++) {
                    weights[i][j] = to <= from ? area(i, j, (double) from / to) : tent(i, j, from, to);
                }
            }
            int[] y = fitted(Mode.RESIZE, 1, to, image);
            for (int i = 0; i < to * to; i++) {
                double sum = 0;
                for (int j = 0; j < from * from; j++) {
                    sum += weights[i / to][j / from] * weights[i % to][j % from] * samples[j];
                }
                assertEquals(sum, y[i], 0.5 + 1e-9, from + " to " + to + " at " + i);
            }
        }
    }

    /// Share of output i that sample j covers.
    private static double area(int i, int j, double scale) {
        return Math.max(0, Math.min((i + 1) * scale, j + 1) - Math.max(i * scale, j)) / scale;
    }

    private static double tent(int i, int j, int from, int to) {
        double centre = Math.clamp((i + 0.5) * from / to - 0.5, 0, from - 1);
        return Math.max(0, 1 - Math.abs(centre - j));
    }

    @Test
    void theRightSizeIsLeftAlone() {
        ByteImages gray = random(1, 8, 8);
        for (Mode mode : Mode.values()) {
            assertSame(gray, new Fit(1, 8, mode).all(gray, "here"));
        }
        ByteImages colour = random(3, 8, 8);
        assertSame(colour, new Fit(3, 8, Mode.RESIZE).all(colour, "here"));
        // Also where a plane has to be copied.
        int[] copied = fitted(Mode.RESIZE, 3, 8, gray);
        assertArrayEquals(gray.image(0).samples(), Arrays.copyOfRange(copied, 128, 192));
    }

    @Test
    void oneColourStaysTheSameAtEverySize() {
        int[] flat = new int[300];
        Arrays.fill(flat, 201);
        for (int size = 1; size < 40; size++) {
            int[] y = fitted(Mode.RESIZE, 1, size, image(1, 15, 20, flat));
            assertEquals(201, Arrays.stream(y).min().getAsInt());
            assertEquals(201, Arrays.stream(y).max().getAsInt());
        }
    }

    @Test
    void resizeTakesTheSquareInTheMiddle() {
        assertArrayEquals(new int[] {2, 3, 7, 8},
                fitted(Mode.RESIZE, 1, 2, image(1, 2, 5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)));
        assertArrayEquals(new int[] {3, 4, 5, 6},
                fitted(Mode.RESIZE, 1, 2, image(1, 4, 2, 1, 2, 3, 4, 5, 6, 7, 8)));
    }

    @Test
    void paddingIsCentredAndBlack() {
        assertArrayEquals(new int[] {0, 0, 0, 0, 0, 9, 8, 7, 0, 6, 5, 4, 0, 0, 0, 0},
                shifted(fitted(Mode.PAD, 1, 4, image(1, 2, 3, 9, 8, 7, 6, 5, 4))));
        ByteImages padded = new Fit(1, 32, Mode.AUTO).all(random(1, 28, 28), "here");
        assertArrayEquals(random(1, 28, 28).padded(2).pixels(), padded.pixels());
        assertEquals(-1, padded.batch(0).toDoubleArray()[0]);
    }

    /// An odd remainder goes to the right: rows as they come are `9 8 7 0`, this turns them by one.
    private static int[] shifted(int[] rows) {
        int[] y = new int[rows.length];
        for (int i = 0; i < y.length; i++) y[i] = rows[i / 4 * 4 + (i + 3) % 4];
        return y;
    }

    @Test
    void autoPadsWhatIsALittleSmaller() {
        Fit auto = new Fit(1, 32, Mode.AUTO);
        assertEquals(Mode.PAD, auto.decided(28, 28, "").mode());
        assertEquals(Mode.PAD, auto.decided(24, 32, "").mode());
        assertEquals(Mode.RESIZE, auto.decided(23, 32, "").mode());
        assertEquals(Mode.RESIZE, auto.decided(32, 33, "").mode());
        assertEquals(Mode.RESIZE, auto.mixed().mode());
        assertEquals(Mode.PAD, new Fit(1, 32, Mode.PAD).mixed().mode());
    }

    @Test
    void paddingDoesNotShrink() {
        Refused.data(() -> new Fit(1, 16, Mode.PAD).all(random(1, 28, 20), "my.idx"),
                "at most 16x16", "came 28x20", "my.idx", "data.fit=resize");
    }

    @Test
    void colourBecomesGrayByLumaAndGrayColourByRepetition() {
        int[] gray = fitted(Mode.RESIZE, 1, 2,
                image(3, 2, 2, 255, 0, 0, 129, 0, 255, 0, 129, 0, 0, 255, 129));
        assertArrayEquals(new int[] {76, 150, 29, 129}, gray);
        for (int v = 0; v < 256; v++) {
            assertArrayEquals(new int[] {v}, fitted(Mode.RESIZE, 1, 1, image(3, 1, 1, v, v, v)));
        }
        assertArrayEquals(new int[] {5, 6, 7, 8, 5, 6, 7, 8, 5, 6, 7, 8},
                fitted(Mode.PAD, 3, 2, image(1, 2, 2, 5, 6, 7, 8)));
    }

    @Test
    void memoryIsBoundedByNumber() {
        Refused.data(() -> new Fit(3, 1024, Mode.RESIZE).room(60000, "photos"), "at most",
                "came 188743680000 bytes for 60000 images [3,1024,1024]", "photos", "smaller model.size");
        var none = new ByteImages(0, 1, 28, 28, new byte[0], new int[0]);
        Refused.data(() -> new Fit(1, 32, Mode.AUTO).all(none, "x"), "at least one image",
                "came 0 images [1,28,28]");
    }
}
