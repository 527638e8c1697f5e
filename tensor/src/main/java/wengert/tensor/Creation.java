package wengert.tensor;

import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;

/// Tensors from Java arrays.
final class Creation {
    private Creation() {
    }

    static Tensor f32(float[] values, int[] sizes) {
        Tensor t = fresh(DType.F32, values.length, sizes);
        System.arraycopy(values, 0, t.view().storage().f32(), 0, values.length);
        return t;
    }

    static Tensor f64(double[] values, int[] sizes) {
        Tensor t = fresh(DType.F64, values.length, sizes);
        System.arraycopy(values, 0, t.view().storage().f64(), 0, values.length);
        return t;
    }

    static Tensor i32(int[] values, int[] sizes) {
        Tensor t = fresh(DType.I32, values.length, sizes);
        System.arraycopy(values, 0, t.view().storage().i32(), 0, values.length);
        return t;
    }

    static Tensor i64(long[] values, int[] sizes) {
        Tensor t = fresh(DType.I64, values.length, sizes);
        System.arraycopy(values, 0, t.view().storage().i64(), 0, values.length);
        return t;
    }

    static Tensor bool(boolean[] values, int[] sizes) {
        Tensor t = fresh(DType.BOOL, values.length, sizes);
        byte[] bytes = t.view().storage().bool();
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) (values[i] ? 1 : 0);
        }
        return t;
    }

    private static Tensor fresh(DType dtype, int given, int[] sizes) {
        Shape shape = Shape.of(sizes);
        if (shape.elements() != given) {
            throw new ShapeException("tensor: shape " + shape + " needs " + shape.elements()
                    + " values, but the array has " + given);
        }
        return Tensor.empty(dtype, Device.CPU, shape);
    }
}
