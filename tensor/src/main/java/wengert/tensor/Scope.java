package wengert.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import wengert.tensor.spi.DType;
import wengert.tensor.spi.Device;
import wengert.tensor.spi.OutOfMemoryException;
import wengert.tensor.spi.Shape;
import wengert.tensor.spi.ShapeException;
import wengert.tensor.spi.Storage;
import wengert.tensor.spi.TensorException;
import wengert.tensor.spi.View;

/// The life of temporaries. Whatever is made while a scope is open belongs to the innermost one and is given
/// back to the [Memory] pool when it closes; [#keep] hands a result out. With no scope open, tensors are
/// ordinary objects of the garbage collector.
///
/// ```java
/// Tensor mean;
/// try (var step = Scope.open("step")) {
///     mean = step.keep(x.mul(x).mean());
/// }
/// ```
///
/// A scope belongs to the thread that opened it. Using a tensor after its scope has closed is an error that
/// names the scope.
public final class Scope implements AutoCloseable {
    private static final ThreadLocal<Scope> CURRENT = new ThreadLocal<>();

    private final String name;
    private final Scope outer;
    private final Thread thread = Thread.currentThread();
    private final List<Storage> owned = new ArrayList<>();
    private boolean open = true;

    private Scope(String name, Scope outer) {
        this.name = name;
        this.outer = outer;
    }

    /// Opens a scope inside of the current one.
    ///
    /// @param name what it is called in messages
    public static Scope open(String name) {
        Scope scope = new Scope(name, CURRENT.get());
        CURRENT.set(scope);
        return scope;
    }

    /// Runs code with no scope open: what it makes lives as long as it is referenced. For parameters,
    /// gradients, optimiser state and everything else that outlives a step.
    public static <R> R outside(Supplier<R> code) {
        Scope current = CURRENT.get();
        if (current == null) {
            return code.get();
        }
        CURRENT.remove();
        try {
            return code.get();
        } finally {
            CURRENT.set(current);
        }
    }

    /// Hands a tensor out of this scope, and out of those opened inside it: it then belongs to the enclosing
    /// scope, or to the garbage collector if there is none.
    ///
    /// @return the same tensor
    public Tensor keep(Tensor x) {
        check();
        Storage storage = x.view().storage();
        for (Scope scope = (Scope) storage.owner(); scope != null; scope = scope.outer) {
            if (scope == this) {
                own(outer, storage);
                storage.hold(1);
            }
        }
        return x;
    }

    /// Hands out of this scope everything it owns that is held: saved for a backward pass, or on its way in
    /// one.
    public void keepHeld() {
        check();
        for (Storage storage : owned) {
            if (storage.owner() == this && storage.holders() > 0) {
                own(outer, storage);
            }
        }
    }

    /// Hands a tensor to whoever will give another one back, so that both live equally long; to the garbage
    /// collector if that is a scope of another thread, whose end nobody here knows.
    ///
    /// @return the same tensor
    public static Tensor keepWith(Tensor other, Tensor x) {
        Storage storage = x.view().storage();
        Scope owner = (Scope) other.view().storage().owner();
        if (owner != null && owner.thread != Thread.currentThread()) {
            owner = null;
        }
        if (storage.owner() != null && storage.owner() != owner) {
            own(owner, storage);
        }
        return x;
    }

    /// Gives a tensor's buffer back before its scope closes. Later use of the tensor, or of a view of it, is
    /// an error that says why. What no open scope of this thread owns stays as it is.
    ///
    /// @param why ends the sentence that begins with 'this buffer …'
    public static void release(View x, String why) {
        Storage storage = x.storage();
        if (storage.owner() instanceof Scope scope && scope.thread == Thread.currentThread()) {
            Memory.recycle(storage, why);
        }
    }

    /// The innermost open scope of this thread, or null if there is none.
    public static Scope current() {
        return CURRENT.get();
    }

    /// Whether this scope will give a tensor's buffer back.
    public boolean owns(View x) {
        return x.storage().owner() == this;
    }

    /// Name in messages.
    public String name() {
        return name;
    }

    /// Gives back everything made in this scope and not kept.
    @Override
    public void close() {
        if (!open) {
            return;
        }
        check();
        if (CURRENT.get() != this) {
            throw new TensorException("scope '" + name + "': scopes must be closed innermost first; '"
                    + (CURRENT.get() == null ? "none" : CURRENT.get().name) + "' is still open");
        }
        open = false;
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
        for (Storage storage : owned) {
            if (storage.owner() == this) {
                Memory.recycle(storage, this);
            }
        }
        owned.clear();
    }

    private void check() {
        if (Thread.currentThread() != thread) {
            throw new TensorException("scope '" + name + "' belongs to thread " + thread.getName()
                    + " and was used by " + Thread.currentThread().getName());
        }
        if (!open) {
            throw new TensorException("scope '" + name + "' is closed already");
        }
    }

    private static void own(Scope scope, Storage storage) {
        storage.owner(scope);
        if (scope == null) {
            Memory.forget(storage);
        } else {
            scope.owned.add(storage);
        }
    }

    /// What became of its buffers, for messages.
    @Override
    public String toString() {
        return open ? "belong to scope '" + name + "'" : "belonged to scope '" + name
                + "', which is closed. Call scope.keep(tensor) before the scope ends, or work inside it.";
    }

    /// A buffer of undefined content that belongs to the current scope.
    static Storage allocate(Device device, DType dtype, Shape shape) {
        int length;
        try {
            length = shape.length();
        } catch (ShapeException e) {
            throw new ShapeException("allocate: " + dtype + " " + shape + " is " + shape.elements()
                    + " elements of " + dtype.bytes() + " bytes, "
                    + String.format(Locale.ROOT, "%.1f GiB", shape.elements() * (dtype.bytes() * 0x1p-30))
                    + "; one tensor holds at most " + Shape.MOST_ELEMENTS + " elements", e);
        }
        Scope scope = CURRENT.get();
        if (device.isHost()) {
            return scope == null ? device.backend().allocate(dtype, length)
                    : scope.owning(Memory.take(device, dtype, length));
        }
        try {
            Storage storage = scope == null ? device.backend().allocate(dtype, length)
                    : scope.owning(Memory.take(device, dtype, length));
            Holders.add(storage, shape);
            return storage;
        } catch (OutOfMemoryException e) {
            throw Memory.told(e, device);
        }
    }

    private Storage owning(Storage storage) {
        own(this, storage);
        return storage;
    }

    /// What the open scopes of this thread own.
    static List<Storage> ownedHere() {
        List<Storage> all = new ArrayList<>();
        for (Scope scope = CURRENT.get(); scope != null; scope = scope.outer) {
            for (Storage storage : scope.owned) {
                if (storage.owner() == scope) {
                    all.add(storage);
                }
            }
        }
        return all;
    }
}
