// Fibers: a stack each and a hand-written switch (ucontext would cost a system call per switch).
// JCuda's natives exist for x86-64 only, so no other processor is needed.
#pragma once
#include <sys/mman.h>
#include <cstdint>
#include <vector>
#include "driver.h"

extern "C" void driverSwitch(void** save, void* load);
asm(R"(
.text
.globl driverSwitch
.hidden driverSwitch
.type driverSwitch,@function
driverSwitch:
  pushq %rbp; pushq %rbx; pushq %r12; pushq %r13; pushq %r14; pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15; popq %r14; popq %r13; popq %r12; popq %rbx; popq %rbp
  ret
)");

namespace driver {
struct Fiber {
    void* stackPointer = nullptr;
    char* stack;
    size_t size;
    uintptr_t top;
    Fiber(size_t bytes, unsigned index) : size(bytes + 4096) {
        stack = (char*)mmap(nullptr, size, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
        mprotect(stack, 4096, PROT_NONE);
        // Without the offset all stacks would compete for the same cache sets.
        top = (uintptr_t)stack + size - (index % 32) * 128;
    }
    void prepare(void (*entry)()) {
        uintptr_t* p = (uintptr_t*)top;
        *--p = 0; // where a return address would be: keeps the alignment the ABI asks for
        *--p = (uintptr_t)entry;
        for (int i = 0; i < 6; i++) {
            *--p = 0;
        }
        stackPointer = p;
    }
    bool owns(uintptr_t address) const {
        return address >= (uintptr_t)stack && address < (uintptr_t)stack + size;
    }
};
} // namespace driver
