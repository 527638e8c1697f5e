// What blocks.cpp and faults.cpp share: the kernel or library function that runs, and the way out of it.
#pragma once
#include "driver.h"
#include "fibers.h"

namespace driver {
extern const Launch* running; // null: a library function
extern std::string& guardedName; // of the library function
extern std::vector<Fiber*>& fibers;
extern CUresult failure; // of what runs
extern char* const dynamicEnd; // of dynamic shared memory; an inaccessible page follows
std::string where(); // kernel, block, thread
[[noreturn]] void abandon(CUresult, const std::string& message);

// While one lives, a fault of this thread ends what runs, and nothing else.
struct FaultGuard {
    FaultGuard();
    ~FaultGuard();
};
} // namespace driver
