package wengert.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import wengert.tensor.ops.HasValue;
import wengert.tensor.ops.Op;
import wengert.tensor.ops.TensorOps;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.View;

/// Numbers in a grid: a shape, a dtype, a window on a buffer. Operators (see [TensorOps]) compute and return
/// new tensors; nothing is recorded, so a tensor can never carry a gradient. For values with a history wrap
/// it in a `Variable` (module wengert.autograd).
///
/// ```java
/// Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
/// Tensor y = x.matmul(x.transpose(0, 1)).tanh();   // [2, 2]
/// ```
///
/// Methods ending in `InPlace` change the buffer, and every view of it.
public final class Tensor implements TensorOps<Tensor> {
    private final View view;

    private Tensor(View view) {
        this.view = view;
    }

    /// A tensor over an existing view; shares its buffer.
    public static Tensor over(View view) {
        return new Tensor(view);
    }

    /// A new tensor on the default device.
    ///
    /// @param values row-major, copied
    /// @param sizes  sizes of the axes; none for a scalar
    public static Tensor of(float[] values, int... sizes) {
        return Creation.f32(values, sizes);
    }

    /// A new f64 tensor, see [#of(float\[\], int...)].
    public static Tensor of(double[] values, int... sizes) {
        return Creation.f64(values, sizes);
    }

    /// A new i32 tensor, see [#of(float\[\], int...)].
    public static Tensor of(int[] values, int... sizes) {
        return Creation.i32(values, sizes);
    }

    /// A new i64 tensor, see [#of(float\[\], int...)].
    public static Tensor of(long[] values, int... sizes) {
        return Creation.i64(values, sizes);
    }

    /// A new bool tensor, see [#of(float\[\], int...)].
    public static Tensor of(boolean[] values, int... sizes) {
        return Creation.bool(values, sizes);
    }

    /// An f32 scalar.
    public static Tensor scalar(double value) {
        return full(value, DType.F32);
    }

    /// f32 zeros on the default device.
    public static Tensor zeros(int... sizes) {
        return full(0, DType.F32, sizes);
    }

    /// f32 ones on the default device.
    public static Tensor ones(int... sizes) {
        return full(1, DType.F32, sizes);
    }

    /// Every element one number, on the default device.
    public static Tensor full(double value, DType dtype, int... sizes) {
        return full(value, dtype, Device.CPU, Shape.of(sizes));
    }

    /// Every element one number.
    public static Tensor full(double value, DType dtype, Device device, Shape shape) {
        Tensor t = empty(dtype, device, shape);
        device.backend().fill(t.view, value);
        return t;
    }

    /// A tensor of undefined content, for code that writes every element.
    public static Tensor empty(DType dtype, Device device, Shape shape) {
        return new Tensor(View.of(Scope.allocate(device, dtype, shape), shape));
    }

    /// Whole numbers `0, 1, …, n − 1` as i64.
    public static Tensor arange(int n) {
        long[] values = new long[n];
        Arrays.setAll(values, i -> i);
        return of(values, n);
    }

    @Override
    public View view() {
        return view;
    }

    @Override
    public Tensor self() {
        return this;
    }

    @Override
    public Tensor apply(Op op) {
        return Execution.run(op, this)[0];
    }

    @Override
    public Tensor apply(Op op, Tensor second) {
        return Execution.run(op, this, second)[0];
    }

    @Override
    public Tensor apply(Op op, Tensor second, Tensor third) {
        return Execution.run(op, this, second, third)[0];
    }

    @Override
    public List<Tensor> applyAll(Op op, List<Tensor> inputs) {
        return Arrays.asList(run(op, inputs.toArray(new Tensor[0])));
    }

    /// All outputs of an operator.
    ///
    /// @param inputs all of them, in order
    public static Tensor[] run(Op op, Tensor... inputs) {
        return Execution.run(op, inputs);
    }

    @Override
    public Tensor lift(HasValue x) {
        return x instanceof Tensor t ? t : new Tensor(x.view());
    }

    /// False: a tensor has no history.
    @Override
    public boolean records() {
        return false;
    }

    @Override
    public Tensor filled(Shape shape, DType dtype, double value) {
        return full(value, dtype, device(), shape);
    }

    /// The one number of a tensor with one element.
    ///
    /// @throws ShapeException if there are more or none
    public double item() {
        if (shape().elements() != 1) {
            throw new ShapeException("item: expected one element, got shape " + shape()
                    + "; reduce it first, for example with .sum() or .mean()");
        }
        return toDoubleArray()[0];
    }

    /// The elements in row-major order, converted, as a new array.
    public float[] toFloatArray() {
        return onHost(DType.F32).view.storage().f32();
    }

    /// The elements in row-major order, converted, as a new array.
    public double[] toDoubleArray() {
        return onHost(DType.F64).view.storage().f64();
    }

    /// The elements in row-major order, converted, as a new array.
    public long[] toLongArray() {
        return onHost(DType.I64).view.storage().i64();
    }

    /// The elements in row-major order, converted, as a new array.
    public int[] toIntArray() {
        return onHost(DType.I32).view.storage().i32();
    }

    /// The elements in row-major order, as a new array: anything but 0 is true.
    public boolean[] toBooleanArray() {
        byte[] bytes = onHost(DType.BOOL).view.storage().bool();
        boolean[] values = new boolean[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            values[i] = bytes[i] != 0;
        }
        return values;
    }

    /// A fresh row-major copy in an array that no scope owns.
    private Tensor onHost(DType dtype) {
        return Scope.outside(() -> {
            Tensor host = device().isHost() ? this : to(Device.CPU);
            Tensor y = empty(dtype, host.device(), shape());
            host.device().backend().copy(host.view, y.view);
            return y;
        });
    }

    /// Changes of this buffer under the name of who makes them; the methods that end in `InPlace` are short
    /// for the common ones.
    ///
    /// @param by who, for messages about values that are no longer what was saved: `Adam.step`
    public InPlace inPlace(String by) {
        return new InPlace(this, by);
    }

    /// Overwrites every element with a number.
    public Tensor fillInPlace(double value) {
        return inPlace("fillInPlace").fill(value);
    }

    /// Overwrites every element from a tensor of the same shape; dtypes may differ.
    public Tensor copyInPlace(Tensor source) {
        return inPlace("copyInPlace").copy(source);
    }

    /// Adds a tensor of the same shape and dtype: `this ← this + other`.
    public Tensor addInPlace(Tensor other) {
        return inPlace("addInPlace").add(other);
    }

    /// Multiplies every element by a number.
    public Tensor mulInPlace(double value) {
        return inPlace("mulInPlace").mul(value);
    }

    /// True if both have the same shape, dtype and bits (0.0 and −0.0 differ, NaNs of the same bits agree).
    public boolean sameBits(Tensor other) {
        if (!shape().equals(other.shape()) || dtype() != other.dtype()) {
            return false;
        }
        return switch (dtype()) {
            // Arrays.equals would take every NaN for the same.
            case F32 -> MemorySegment.ofArray(toFloatArray())
                    .mismatch(MemorySegment.ofArray(other.toFloatArray())) < 0;
            case F64 -> MemorySegment.ofArray(toDoubleArray())
                    .mismatch(MemorySegment.ofArray(other.toDoubleArray())) < 0;
            default -> Arrays.equals(toLongArray(), other.toLongArray());
        };
    }

    /// Shape, dtype, device, and the values, summarised where there are many.
    @Override
    public String toString() {
        return Display.text(this);
    }

}
