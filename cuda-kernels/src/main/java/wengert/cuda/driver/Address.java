package wengert.cuda.driver;

import jcuda.driver.CUdeviceptr;

/// A place in the card's memory, as a pointer for JCuda and as the number that a kernel receives.
public final class Address extends CUdeviceptr {
    /// Nowhere yet: an allocation sets it.
    public Address() {
    }

    private Address(Address base, long bytes) {
        super(base, bytes);
    }

    /// The place some bytes further on.
    public Address plus(long bytes) {
        return bytes == 0 ? this : new Address(this, bytes);
    }

    /// The number.
    public long value() {
        return getNativePointer() + getByteOffset();
    }
}
