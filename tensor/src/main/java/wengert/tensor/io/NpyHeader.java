package wengert.tensor.io;

import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import wengert.tensor.spi.Shape;

/// What the header of an npy file says: a Python dict with the keys descr, fortran_order and shape.
///
/// @param order       of the bytes of a number
/// @param columnMajor true if the first axis runs fastest
record NpyHeader(Encoding encoding, ByteOrder order, boolean columnMajor, Shape shape) {
    private static final Set<String> KEYS = Set.of("descr", "fortran_order", "shape");
    private static final String TYPES =
            "a type among b1 i1 i2 i4 i8 u1 u2 u4 f2 f4 f8, after < or > (or | where it is one byte)";

    /// @param offset where `bytes` begin in the file
    static NpyHeader parse(byte[] bytes, int version, int offset, Reading reading) {
        Charset charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
        Object value = new PythonLiteral(new String(bytes, charset), offset, charset, reading).parse();
        if (!(value instanceof Map<?, ?> map) || !map.keySet().equals(KEYS)) {
            throw reading.wrong(offset, "a dict with the keys descr, fortran_order and shape", value,
                    "the file is damaged");
        }
        if (!(map.get("fortran_order") instanceof Boolean columnMajor)) {
            throw reading.wrong(offset, "True or False for fortran_order", map.get("fortran_order"),
                    "the file is damaged");
        }
        Shape shape = Values.shape(map.get("shape"), "the header of", reading);
        if (!(map.get("descr") instanceof String type)) {
            throw reading.wrong(offset, "a plain type for descr", map.get("descr"),
                    "save the fields of a structured array one by one");
        }
        Encoding encoding = type.length() == 3 ? encoding(type.substring(1)) : null;
        ByteOrder order = encoding == null ? null : switch (type.charAt(0)) {
            case '<' -> ByteOrder.LITTLE_ENDIAN;
            case '>' -> ByteOrder.BIG_ENDIAN;
            case '|' -> encoding.bytes == 1 ? ByteOrder.LITTLE_ENDIAN : null;
            default -> null;
        };
        if (order == null) {
            throw reading.wrong(offset, TYPES, "'" + type + "'", type.endsWith("O")
                    ? "Python objects are never unpickled; save numbers"
                    : "convert the array before saving it");
        }
        return new NpyHeader(encoding, order, columnMajor, shape);
    }

    private static Encoding encoding(String type) {
        return switch (type) {
            case "b1" -> Encoding.BOOL;
            case "i1" -> Encoding.I8;
            case "i2" -> Encoding.I16;
            case "i4" -> Encoding.I32;
            case "i8" -> Encoding.I64;
            case "u1" -> Encoding.U8;
            case "u2" -> Encoding.U16;
            case "u4" -> Encoding.U32;
            case "f2" -> Encoding.F16;
            case "f4" -> Encoding.F32;
            case "f8" -> Encoding.F64;
            default -> null;
        };
    }

    @Override
    public String toString() {
        return encoding + " " + shape;
    }
}
