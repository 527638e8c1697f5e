package wengert.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.Storage;
import wengert.tensor.spi.View;

/// The same numbers under the same strides, for the reference backend and on the card.
///
/// @param host of [Device#REFERENCE]
/// @param card of the CUDA backend
record Pair(View host, View card) {

    /// How the elements of a random operand stand.
    enum Layout {
        CONTIGUOUS, PERMUTED, EVERY_SECOND, BACKWARDS, INSIDE_WIDER_ROWS, REPEATED
    }

    /// Floats in [−1, 1], integers in [−9, 9].
    static Pair random(CudaBackend card, DType dtype, Shape shape, Layout layout, Random random) {
        int rank = shape.rank();
        int[] sizes = shape.toArray();
        int[] order = new int[rank];
        for (int i = 0; i < rank; i++) {
            order[i] = rank - 1 - i;
        }
        return switch (layout) {
            case CONTIGUOUS -> of(card, dtype, shape, v -> v, random);
            case PERMUTED -> {
                int[] reversed = new int[rank];
                for (int i = 0; i < rank; i++) {
                    reversed[i] = sizes[order[i]];
                }
                yield of(card, dtype, Shape.of(reversed), v -> v.permute(order), random);
            }
            case EVERY_SECOND -> of(card, dtype, twice(sizes), v -> {
                View every = v;
                for (int i = 0; i < rank; i++) {
                    every = every.slice(i, sizes[i] == 0 ? 0 : 1, 2, sizes[i]);
                }
                return every;
            }, random);
            case BACKWARDS -> of(card, dtype, shape, v -> rank == 1 ? v.flip(0) : v.flip(rank - 1, 0),
                    random);
            case INSIDE_WIDER_ROWS -> of(card, dtype, shape.with(rank - 1, sizes[rank - 1] + 3),
                    v -> v.slice(rank - 1, 2, 1, sizes[rank - 1]), random);
            case REPEATED -> of(card, dtype, shape.with(0, 1), v -> v.expand(shape), random);
        };
    }

    private static Shape twice(int[] sizes) {
        return Shape.of(Arrays.stream(sizes).map(n -> 2 * n).toArray());
    }

    private static Pair of(CudaBackend card, DType dtype, Shape base, UnaryOperator<View> layout,
            Random random) {
        View host = View.of(Device.REFERENCE.backend().allocate(dtype, base.length()), base);
        Storage s = host.storage();
        for (int i = 0; i < base.length(); i++) {
            switch (dtype) {
                case BOOL -> s.bool()[i] = (byte) random.nextInt(2);
                case I32 -> s.i32()[i] = random.nextInt(-9, 10);
                case I64 -> s.i64()[i] = random.nextInt(-9, 10);
                case F32 -> s.f32()[i] = 2 * random.nextFloat() - 1;
                case F64 -> s.f64()[i] = 2 * random.nextDouble() - 1;
            }
        }
        View there = View.of(card.allocate(dtype, base.length()), base);
        card.copy(host, there);
        return new Pair(layout.apply(host), layout.apply(there));
    }

    /// These numbers, row-major.
    static Pair given(CudaBackend card, DType dtype, Shape shape, double... numbers) {
        View host = View.of(Device.REFERENCE.backend().allocate(dtype, shape.length()), shape);
        Storage s = host.storage();
        for (int i = 0; i < numbers.length; i++) {
            switch (dtype) {
                case BOOL -> s.bool()[i] = (byte) (numbers[i] != 0 ? 1 : 0);
                case I32 -> s.i32()[i] = (int) numbers[i];
                case I64 -> s.i64()[i] = (long) numbers[i];
                case F32 -> s.f32()[i] = (float) numbers[i];
                case F64 -> s.f64()[i] = numbers[i];
            }
        }
        View there = View.of(card.allocate(dtype, shape.length()), shape);
        card.copy(host, there);
        return new Pair(host, there);
    }

    /// For a result: NaN, or −1, everywhere.
    static Pair result(CudaBackend card, DType dtype, Shape shape) {
        View there = View.of(card.allocate(dtype, shape.length()), shape);
        card.fill(there, dtype.isFloating() ? Double.NaN : -1);
        return new Pair(View.of(Device.REFERENCE.backend().allocate(dtype, shape.length()), shape), there);
    }

    /// All that stands in the buffers, whatever these views show of it.
    Pair whole() {
        return new Pair(whole(host), whole(card));
    }

    private static View whole(View v) {
        return View.of(v.storage(), Shape.of(v.storage().length()));
    }

    /// Both hold the same, floats up to the rounding of sums.
    ///
    /// @param terms of absolute value up to 1 in each sum
    void assertSame(CudaBackend backend, int terms, String what) {
        DType dtype = host.dtype();
        View got = View.of(Device.REFERENCE.backend().allocate(dtype, host.shape().length()), host.shape());
        backend.copy(card, got);
        if (!dtype.isFloating()) {
            switch (dtype) {
                case BOOL -> assertArrayEquals(host.storage().bool(), got.storage().bool(), what);
                case I32 -> assertArrayEquals(host.storage().i32(), got.storage().i32(), what);
                default -> assertArrayEquals(host.storage().i64(), got.storage().i64(), what);
            }
            return;
        }
        boolean f32 = dtype == DType.F32;
        double bound = (f32 ? 0x1p-24 : 0x1p-53) * (terms + 2);
        assertEquals(host.shape(), got.shape());
        for (int i = 0; i < host.shape().length(); i++) {
            double wanted = f32 ? host.storage().f32()[i] : host.storage().f64()[i];
            double came = f32 ? got.storage().f32()[i] : got.storage().f64()[i];
            if (!(Math.abs(wanted - came) <= bound) && Double.compare(wanted, came) != 0) {
                fail(what + ": element " + i + " of " + host + ": expected " + wanted + ", got " + came
                        + ", more than " + bound + " apart");
            }
        }
    }
}
