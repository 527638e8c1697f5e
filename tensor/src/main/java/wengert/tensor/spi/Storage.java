package wengert.tensor.spi;

/// A flat buffer on a device, shared by all views of it. Counts its modifications, so that a value saved for
/// a backward pass can tell that it is no longer what was saved, and knows when it has been released.
public final class Storage {
    private final Device device;
    private final DType dtype;
    private final int length;
    private Object data;
    private int version;
    private String modifiedBy = "";
    private String label = "";
    private Object released;
    private Object owner;
    private int holders;
    private String kind = "";
    private Object holder = "";

    /// @param device where the data lives
    /// @param dtype  kind of number
    /// @param length number of elements
    /// @param data   what the backend keeps the numbers in; on the CPU an array of exactly `length` elements
    ///               (`byte[]`, `int[]`, `long[]`, `float[]` or `double[]`)
    public Storage(Device device, DType dtype, int length, Object data) {
        this.device = device;
        this.dtype = dtype;
        this.length = length;
        this.data = data;
    }

    /// Where the numbers live.
    public Device device() {
        return device;
    }

    /// Kind of number.
    public DType dtype() {
        return dtype;
    }

    /// Number of elements.
    public int length() {
        return length;
    }

    /// The backend's own handle.
    ///
    /// @throws TensorException if the buffer has been released
    public Object data() {
        Object d = data;
        if (d == null) {
            throw new TensorException("use after release: this " + dtype + " buffer of " + length
                    + " elements " + released);
        }
        return d;
    }

    /// The elements of a [DType#F32] storage in host memory.
    public float[] f32() {
        return (float[]) data();
    }

    /// The elements of a [DType#F64] storage in host memory.
    public double[] f64() {
        return (double[]) data();
    }

    /// The elements of a [DType#I32] storage in host memory.
    public int[] i32() {
        return (int[]) data();
    }

    /// The elements of a [DType#I64] storage in host memory.
    public long[] i64() {
        return (long[]) data();
    }

    /// The elements of a [DType#BOOL] storage in host memory, 0 or 1.
    public byte[] bool() {
        return (byte[]) data();
    }

    /// How often this buffer has been modified in place.
    public int version() {
        return version;
    }

    /// Records a modification in place.
    ///
    /// @param by who modified it, as a person would say it: `Adam.step`
    public void modified(String by) {
        version++;
        modifiedBy = by;
    }

    /// Who modified this buffer last; empty if nobody did.
    public String modifiedBy() {
        return modifiedBy;
    }

    /// What the buffer is called in messages, such as the name of a parameter; empty if nothing.
    public String label() {
        return label;
    }

    /// Names the buffer for messages.
    public void label(String text) {
        label = text;
    }

    /// Says what the buffer is for, for the table of who holds a device's memory.
    ///
    /// @param what such as `parameter` or `gradient`; empty if it is nothing in particular
    /// @param who  its text names the place; it is asked for only when the table is written
    public void heldAs(String what, Object who) {
        kind = what;
        holder = who;
    }

    /// What the buffer is for; empty if nobody has said.
    public String kind() {
        return kind;
    }

    /// Whose text names the place that holds the buffer.
    public Object holder() {
        return holder;
    }

    /// Who will give this buffer back; null if the garbage collector will.
    public Object owner() {
        return owner;
    }

    /// Changes who will give this buffer back.
    public void owner(Object scope) {
        owner = scope;
    }

    /// How many places hold on to the numbers: operators that saved them for the way back, gradients on their
    /// way, whoever kept them. It says nothing about other references; so it decides only over buffers that
    /// nobody else can have seen, or that somebody has allowed to go.
    public int holders() {
        return holders;
    }

    /// One place more, or with −1 one less. Not for several threads at once: what one thread may give back,
    /// others have no part in.
    ///
    /// @return how many there are then
    public int hold(int change) {
        holders += change;
        return holders;
    }

    /// True once the buffer has been given back.
    public boolean isReleased() {
        return data == null;
    }

    /// Gives the buffer back; every later use is an error that says why.
    ///
    /// @param why its text ends the sentence that begins with 'this buffer …'
    /// @return the backend's handle, for reuse
    public Object release(Object why) {
        Object d = data();
        released = why;
        data = null;
        owner = null;
        return d;
    }
}
