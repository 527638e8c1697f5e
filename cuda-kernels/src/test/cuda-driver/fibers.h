// Fibers: a stack each and a switch by hand, as a system call for each switch would cost too much. For x86-64
// only, as JCuda's natives are.
#pragma once
#include <sys/mman.h>
#include <cstdint>

// Keeps the registers that a call must keep, then goes on where the other stack stopped.
extern "C" void switchStack(void** save, void* load);

namespace driver {
struct Fiber {
    static const size_t guard = 4096;
    void* stackPointer = nullptr;
    char* stack;
    size_t size;
    uintptr_t top;

    Fiber(size_t bytes, unsigned index) : size(bytes + guard) {
        stack = (char*)mmap(nullptr, size, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
        mprotect(stack, guard, PROT_NONE);
        // Without the offset all stacks would compete for the same lines of the cache.
        top = (uintptr_t)stack + size - index % 32 * 128;
    }
    void prepare(void (*entry)()) {
        uintptr_t* p = (uintptr_t*)top;
        *--p = 0; // where a return address would be: the alignment that the ABI wants
        *--p = (uintptr_t)entry;
        for (int i = 0; i < 6; i++) { // the registers that the first switch takes from here
            *--p = 0;
        }
        stackPointer = p;
    }
    bool owns(uintptr_t address) const { return address - (uintptr_t)stack < size; }
};
} // namespace driver
