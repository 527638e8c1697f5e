package wengert.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import wengert.tensor.spi.DType;

class TileTest {
    private static final int CARD = 132;

    private static Tile of(DType dtype, int channels, int pixels, long terms, long layers) {
        return Tile.of(dtype, channels, pixels, terms, channels * terms * pixels, layers, true, CARD);
    }

    @Test
    void theLargestTileThatFillsTheCard() {
        assertEquals(Tile.LARGE, of(DType.F32, 128, 32_768, 1024, 1));
        assertEquals(Tile.BROAD, of(DType.F32, 256, 4096, 2048, 1));
        assertEquals(Tile.BROAD, of(DType.F32, 64, 131_072, 48, 1));
        assertEquals(Tile.MIDDLE, of(DType.F32, 512, 512, 4608, 1));
        assertEquals(Tile.LARGE, of(DType.F32, 512, 512, 4608, 16));
    }

    @Test
    void doublesHaveNoLargeTiles() {
        assertEquals(Tile.MIDDLE, of(DType.F64, 128, 32_768, 1024, 1));
    }

    @Test
    void fewChannelsHaveFlatTiles() {
        assertEquals(Tile.WIDE, of(DType.F32, 32, 32_768, 512, 1));
        assertEquals(Tile.THIN, of(DType.F32, 3, 131_072, 256, 4));
        assertEquals(Tile.WIDE, Tile.of(DType.F32, 3, 1024, 1024, 1 << 20, 1, false, CARD));
    }

    @Test
    void whatTilesAreNotForIsPlain() {
        assertEquals(Tile.PLAIN, of(DType.F32, 1, 32_768, 9, 64));
        assertEquals(Tile.PLAIN, of(DType.F32, 8, 16, 27, 1));
        assertEquals(Tile.PLAIN, of(DType.F32, 64, 32_768, 512, 70_000));
    }
}
