package wengert.tensor.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static wengert.tensor.ops.Numbers.assertRefused;
import static wengert.tensor.ops.Numbers.assertShape;
import static wengert.tensor.ops.Numbers.assertValues;
import static wengert.tensor.ops.Numbers.count;
import static wengert.tensor.ops.Numbers.vector;
import static wengert.tensor.ops.Numbers.zeros;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import wengert.tensor.Tensor;
import wengert.tensor.spi.Shape;

class SlicingTest {
    /// Expected values are NumPy's for `arange(5)[start:stop:step]`.
    @ParameterizedTest
    @CsvSource({"0,5,1,0 1 2 3 4", "1,4,1,1 2 3", "-3,-1,1,2 3", "-99,99,1,0 1 2 3 4", "3,1,1,''", "2,2,1,''",
        "99,100,1,''", "-99,-98,1,''", "0,5,2,0 2 4", "1,99,3,1 4", "4,0,-1,4 3 2 1", "4,-99,-1,4 3 2 1 0",
        "-1,-99,-2,4 2 0", "99,0,-3,4 1", "0,-5,-1,''", "0,-2147483648,-1,0", "0,5,2147483647,0",
        "4,-99,-2147483648,4"})
    void boundsAreNumPys(int start, int stop, int step, String expected) {
        double[] values = expected.isEmpty() ? new double[0]
                : Arrays.stream(expected.split(" ")).mapToDouble(Double::parseDouble).toArray();
        assertValues(count(5).slice(0, start, stop, step), values);
        assertValues(count(3, 5).slice(-1, start, stop, step).select(0, 0), values);
    }

    @Test
    void partsShareMemoryWithTheWhole() {
        Tensor x = count(4, 6);
        for (Tensor part : List.of(x.slice(1, 4, 0, -2), x.select(0, -1), x.narrow(1, 2, 3), x.flip(0, 1),
                x.diagonal(1, 0, 1), x.unsqueeze(1),
                x.at(Slice.every(2), Slice.newAxis(), Slice.every(-1)))) {
            assertSame(x.view().storage(), part.view().storage());
        }
        x.slice(1, 4, 0, -2).fillInPlace(-1);
        assertValues(x.select(0, 0), 0, 1, -1, 3, -1, 5);
        assertEquals(1, x.view().storage().version());
    }

    @Test
    void sliceOfEverythingIsTheSameObject() {
        Tensor x = count(3);
        assertSame(x, x.slice(0, 0, 3));
        assertSame(x, x.at());
        assertSame(x, x.at(Slice.all(), Slice.ellipsis()));
    }

    @Test
    void emptyAxesSliceToEmpty() {
        Tensor x = zeros(0, 3);
        assertShape(x.slice(0, 0, 5), 0, 3);
        assertShape(x.slice(0, 5, -5, -1), 0, 3);
        assertShape(x.flip(0, 1), 0, 3);
        assertShape(x.select(1, 2), 0);
        assertShape(x.slice(1, 1, 1).flip(1), 0, 0);
    }

    @Test
    void basicIndexingFollowsNumPy() {
        Tensor x = count(2, 3, 4);
        assertValues(x.at(Slice.at(1), Slice.all(), Slice.every(-1)), 15, 14, 13, 12, 19, 18, 17, 16, 23, 22,
                21, 20);
        assertShape(x.at(Slice.ellipsis(), Slice.range(1, 3)), 2, 3, 2);
        Tensor y = x.at(Slice.all(), Slice.newAxis(), Slice.at(-1), Slice.every(2));
        assertShape(y, 2, 1, 2);
        assertValues(y, 8, 10, 20, 22);
        assertValues(x.at(Slice.every(-1), Slice.ellipsis(), Slice.at(0)), 12, 16, 20, 0, 4, 8);
        assertShape(x.at(Slice.newAxis(), Slice.ellipsis(), Slice.newAxis()), 1, 2, 3, 4, 1);
        assertValues(x.at(Slice.at(0), Slice.from(-1), Slice.to(2)), 8, 9);
        assertShape(x.at(Slice.at(0), Slice.at(0), Slice.at(0)));
        assertValues(x.at(Slice.at(-1), Slice.range(2, 0, -1)), 20, 21, 22, 23, 16, 17, 18, 19);
    }

    @Test
    void impossibleIndicesAreNamed() {
        Tensor x = count(2, 3);
        assertRefused(() -> x.select(1, 3), "select", "index 3", "axis 1", "[2,3]", "size 3");
        assertRefused(() -> x.select(1, -4), "index -4");
        assertRefused(() -> x.narrow(1, 2, 2), "narrow", "start 2", "length 2", "size 3");
        assertRefused(() -> x.narrow(0, 0, -1), "length -1");
        assertRefused(() -> x.narrow(0, Integer.MAX_VALUE, Integer.MAX_VALUE), "narrow");
        assertRefused(() -> x.slice(0, 0, 1, 0), "step must not be 0");
        assertRefused(() -> x.slice(2, 0, 1), "axis 2 does not exist", "[2,3]");
        assertRefused(() -> x.at(Slice.at(0), Slice.all(), Slice.at(0)), "3 indices for the 2 axes", "[2,3]");
        assertRefused(() -> x.at(Slice.ellipsis(), Slice.ellipsis()), "only one ellipsis");
        assertRefused(() -> x.at(Slice.at(2)), "index 2");
        assertRefused(() -> x.flip(0, -2), "named twice");
        assertRefused(() -> vector(1).select(0, 0).select(0, 0), "axis 0 does not exist");
    }

    @Test
    void splitsCoverTheAxis() {
        Tensor x = count(2, 7);
        assertEquals(List.of(Shape.of(2, 3), Shape.of(2, 3), Shape.of(2, 1)),
                x.split(3, 1).stream().map(Tensor::shape).toList());
        assertEquals(List.of(Shape.of(2, 2), Shape.of(2, 2), Shape.of(2, 2), Shape.of(2, 1)),
                x.chunk(4, -1).stream().map(Tensor::shape).toList());
        assertEquals(3, x.chunk(5, 0).size() + 1);
        assertEquals(1, zeros(0, 2).split(4, 0).size());
        assertRefused(() -> x.split(0, 1), "at least 1");
        assertRefused(() -> x.chunk(0, 1), "at least 1");
    }

    @ParameterizedTest
    @CsvSource({"-3,''", "-2,8", "-1,4 9", "0,0 5 10", "1,1 6 11", "2,2 7", "3,3", "4,''"})
    void diagonalsAreNumPys(int offset, String expected) {
        double[] values = expected.isEmpty() ? new double[0]
                : Arrays.stream(expected.split(" ")).mapToDouble(Double::parseDouble).toArray();
        Tensor d = count(3, 4).diagonal(offset, 0, 1);
        assertValues(d, values);
        Tensor back = d.apply(new Diagonal.OnDiagonal(new Diagonal(offset, 0, 1), Shape.of(3, 4)));
        assertValues(back.sum(), Arrays.stream(values).sum());
        assertValues(back.diagonal(offset, 0, 1), values);
    }

    @Test
    void diagonalOfAStackIsTheLastAxis() {
        Tensor x = count(2, 3, 4);
        assertShape(x.diagonal(1, 0, 2), 3, 2);
        assertValues(x.diagonal(1, 0, 2), 1, 14, 5, 18, 9, 22);
        assertValues(x.diagonal(-1, 2, 0), 1, 14, 5, 18, 9, 22);
        assertRefused(() -> x.diagonal(0, 1, -2), "two different axes");
    }

    @Test
    void shapesAddAndDropAxesOfSizeOne() {
        Tensor x = count(1, 3, 1);
        assertShape(x.squeeze(), 3);
        assertShape(x.squeeze(-1), 1, 3);
        assertShape(x.unsqueeze(-1), 1, 3, 1, 1);
        assertShape(vector(1).squeeze());
        assertShape(vector(1).squeeze().unsqueeze(0), 1);
        assertShape(count(2, 3, 4).flatten(1, -1), 2, 12);
        assertShape(count(2, 3, 4).flatten(), 24);
        assertShape(vector(1).squeeze().flatten(), 1);
        assertShape(zeros(0, 3, 4).flatten(1, 2), 0, 12);
        assertRefused(() -> x.squeeze(1), "squeeze", "axis 1", "size 3");
        assertRefused(() -> x.unsqueeze(4), "unsqueeze", "new axis 4", "-4 to 3");
        assertRefused(() -> x.flatten(2, 1), "flatten", "stands after");
    }

    @Test
    void placesAreWrittenThroughNegativeSteps() {
        int[] starts = {4};
        Tensor y = vector(1, 2).apply(new Place(Shape.of(5), 7, starts, new int[] {-2}));
        assertArrayEquals(new double[] {7, 7, 2, 7, 1}, y.toDoubleArray());
    }
}
