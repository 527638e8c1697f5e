package wengert.tensor.io;

import java.nio.ByteBuffer;
import java.util.Locale;
import wengert.tensor.spi.DType;

/// How numbers stand in files, and the dtype each becomes. Kinds that tensors do not have are widened to the
/// smallest dtype that holds every value exactly.
enum Encoding {
    BOOL(1, DType.BOOL),
    U8(1, DType.I32),
    I8(1, DType.I32),
    U16(2, DType.I32),
    I16(2, DType.I32),
    U32(4, DType.I64),
    I32(4, DType.I32),
    I64(8, DType.I64),
    F16(2, DType.F32),
    BF16(2, DType.F32),
    F32(4, DType.F32),
    F64(8, DType.F64);

    /// Bytes of one number in the file.
    final int bytes;
    /// What a tensor read from it has.
    final DType dtype;

    Encoding(int bytes, DType dtype) {
        this.bytes = bytes;
        this.dtype = dtype;
    }

    /// The kind of that name, or null.
    static Encoding named(String name) {
        for (Encoding e : values()) {
            if (e.name().equals(name)) {
                return e;
            }
        }
        return null;
    }

    /// The kind that holds a dtype bit for bit.
    static Encoding of(DType dtype) {
        return valueOf(dtype.name().toUpperCase(Locale.ROOT));
    }

    /// Reads `n` numbers into `array`, the kind of array that a storage of [#dtype] has. Floats that need no
    /// widening keep every bit, the payload of a NaN too.
    ///
    /// @return −1, or which of the `n` is no truth value
    int decode(ByteBuffer in, Object array, int at, int n) {
        switch (this) {
            case F32 -> in.asFloatBuffer().get((float[]) array, at, n);
            case F64 -> in.asDoubleBuffer().get((double[]) array, at, n);
            case I32 -> in.asIntBuffer().get((int[]) array, at, n);
            case I64 -> in.asLongBuffer().get((long[]) array, at, n);
            case BOOL -> {
                byte[] y = (byte[]) array;
                in.get(0, y, at, n);
                for (int i = 0; i < n; i++) {
                    if (y[at + i] >>> 1 != 0) {
                        return i;
                    }
                }
            }
            case U32 -> {
                long[] y = (long[]) array;
                for (int i = 0; i < n; i++) {
                    y[at + i] = Integer.toUnsignedLong(in.getInt(4 * i));
                }
            }
            case F16, BF16 -> {
                float[] y = (float[]) array;
                for (int i = 0; i < n; i++) {
                    short bits = in.getShort(2 * i);
                    y[at + i] = this == F16 ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << 16);
                }
            }
            case U8, I8, U16, I16 -> {
                int[] y = (int[]) array;
                for (int i = 0; i < n; i++) {
                    y[at + i] = switch (this) {
                        case U8 -> Byte.toUnsignedInt(in.get(i));
                        case I8 -> in.get(i);
                        case U16 -> Short.toUnsignedInt(in.getShort(2 * i));
                        default -> in.getShort(2 * i);
                    };
                }
            }
        }
        return -1;
    }
}
