package wengert.tensor.spi;

/// The kinds of number a tensor holds. Declared in the order of promotion:
/// `bool < i32 < i64 < f32 < f64`; a result takes the later of its operands' kinds.
public enum DType {
    /// Truth values, one byte each, 0 or 1.
    BOOL(1),
    /// 32-bit signed integers.
    I32(4),
    /// 64-bit signed integers.
    I64(8),
    /// IEEE 754 binary32.
    F32(4),
    /// IEEE 754 binary64.
    F64(8);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /// Size of one element in bytes.
    public int bytes() {
        return bytes;
    }

    /// A new Java array for elements of this kind, all 0: `byte[]` for truth values.
    public Object array(int length) {
        return switch (this) {
            case BOOL -> new byte[length];
            case I32 -> new int[length];
            case I64 -> new long[length];
            case F32 -> new float[length];
            case F64 -> new double[length];
        };
    }

    /// True for [#F32] and [#F64], the only kinds that carry gradients.
    public boolean isFloating() {
        return this == F32 || this == F64;
    }

    /// The kind of the result of arithmetic on `a` and `b`.
    public static DType promote(DType a, DType b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    /// The name users read: `f32`, `i64`, `bool`.
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
