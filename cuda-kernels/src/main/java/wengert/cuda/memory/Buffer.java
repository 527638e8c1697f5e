package wengert.cuda.memory;

import java.lang.ref.Cleaner;
import wengert.cuda.driver.Address;

/// A piece of the card's memory, for one storage. It goes back to its [Allocator] when somebody says so, or
/// when nobody holds it any more.
public final class Buffer {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Address address;
    private final Cleaner.Cleanable back;

    Buffer(Allocator allocator, Allocator.Block block) {
        address = block.address();
        back = CLEANER.register(this, () -> allocator.give(block));
    }

    /// Where it begins.
    public Address address() {
        return address;
    }

    /// Gives the memory back, once. What was queued on the compute stream before may still use it: whoever
    /// takes it next queues behind that.
    public void free() {
        back.clean();
    }
}
