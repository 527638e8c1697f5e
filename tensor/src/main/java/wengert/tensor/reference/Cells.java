package wengert.tensor.reference;

import wengert.tensor.spi.View;

/// The numbers under a view, whatever their dtype, read and written by position in the buffer: as double, or
/// exactly as long for integers and bool. Writing rounds once; a double written into an integer loses its
/// fraction and stops at the ends of the range, a long written into i32 keeps its low 32 bits, anything but 0
/// written into a bool is true.
abstract sealed class Cells {
    private final int offset;
    private final int[] strides;

    private Cells(View view) {
        offset = view.offset();
        strides = view.strides();
    }

    static Cells of(View view) {
        return switch (view.dtype()) {
            case BOOL -> new Bools(view);
            case I32 -> new Ints(view);
            case I64 -> new Longs(view);
            case F32 -> new Floats(view);
            case F64 -> new Doubles(view);
        };
    }

    abstract double get(int at);

    abstract long getLong(int at);

    abstract void set(int at, double value);

    abstract void setLong(int at, long value);

    /// Position of an element of a view of rank 1.
    int at(int i) {
        return offset + i * strides[0];
    }

    /// Position of an element of a view of rank 4.
    int at(int i, int j, int k, int l) {
        return offset + i * strides[0] + j * strides[1] + k * strides[2] + l * strides[3];
    }

    private static final class Bools extends Cells {
        private final byte[] data;

        Bools(View view) {
            super(view);
            data = view.storage().bool();
        }

        @Override
        double get(int at) {
            return data[at];
        }

        @Override
        long getLong(int at) {
            return data[at];
        }

        @Override
        void set(int at, double value) {
            data[at] = (byte) (value != 0 ? 1 : 0);
        }

        @Override
        void setLong(int at, long value) {
            data[at] = (byte) (value != 0 ? 1 : 0);
        }
    }

    private static final class Ints extends Cells {
        private final int[] data;

        Ints(View view) {
            super(view);
            data = view.storage().i32();
        }

        @Override
        double get(int at) {
            return data[at];
        }

        @Override
        long getLong(int at) {
            return data[at];
        }

        @Override
        void set(int at, double value) {
            data[at] = (int) value;
        }

        @Override
        void setLong(int at, long value) {
            data[at] = (int) value;
        }
    }

    private static final class Longs extends Cells {
        private final long[] data;

        Longs(View view) {
            super(view);
            data = view.storage().i64();
        }

        @Override
        double get(int at) {
            return data[at];
        }

        @Override
        long getLong(int at) {
            return data[at];
        }

        @Override
        void set(int at, double value) {
            data[at] = (long) value;
        }

        @Override
        void setLong(int at, long value) {
            data[at] = value;
        }
    }

    private static final class Floats extends Cells {
        private final float[] data;

        Floats(View view) {
            super(view);
            data = view.storage().f32();
        }

        @Override
        double get(int at) {
            return data[at];
        }

        @Override
        long getLong(int at) {
            return (long) data[at];
        }

        @Override
        void set(int at, double value) {
            data[at] = (float) value;
        }

        @Override
        void setLong(int at, long value) {
            data[at] = value;
        }
    }

    private static final class Doubles extends Cells {
        private final double[] data;

        Doubles(View view) {
            super(view);
            data = view.storage().f64();
        }

        @Override
        double get(int at) {
            return data[at];
        }

        @Override
        long getLong(int at) {
            return (long) data[at];
        }

        @Override
        void set(int at, double value) {
            data[at] = value;
        }

        @Override
        void setLong(int at, long value) {
            data[at] = value;
        }
    }
}
