// Launches, attributes of functions, occupancy.
#include <sys/uio.h>
#include <unistd.h>
#include <algorithm>
#include <climits>
#include <cstring>
#include "driver.h"

namespace driver {
// Asks the kernel of the operating system, so that a bad pointer cannot end the process.
static bool isReadable(const void* p, size_t bytes) {
    char buffer[4096];
    auto copy = [&buffer](const void* from, size_t n) {
        iovec local{buffer, n}, remote{const_cast<void*>(from), n};
        return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == (ssize_t)n;
    };
    static const bool allowed = copy(buffer, 1);
    return !allowed || copy(p, std::min(bytes, sizeof buffer));
}

static CUresult checkShape(
        const Function& f, const std::string& who, dim3 grid, dim3 block, unsigned shared) {
    uint64_t threads = (uint64_t)block.x * block.y * block.z;
    std::string shape =
            text(": grid (%u,%u,%u), block (%u,%u,%u)", grid.x, grid.y, grid.z, block.x, block.y, block.z);
    if (!grid.x || !grid.y || !grid.z || !threads) {
        return report(INVALID_VALUE, who + shape + " is empty");
    }
    if (threads > 1024 || block.z > 64 || grid.y > 65535 || grid.z > 65535 || grid.x > INT_MAX) {
        return report(INVALID_VALUE, who + shape + " is too large");
    }
    if (threads > (uint64_t)f.maxThreads) {
        std::string limit =
                text(": %u threads a block, __launch_bounds__ says %d", (unsigned)threads, f.maxThreads);
        return report(LAUNCH_OUT_OF_RESOURCES, who + limit);
    }
    if ((int)shared + f.staticShared > f.maxShared) {
        std::string limit = text(": %u bytes of dynamic and %d of static shared memory, limit %d", shared,
                f.staticShared, f.maxShared);
        return report(INVALID_VALUE, who + limit);
    }
    return SUCCESS;
}

// The parameters are copied at the launch, as by a real driver: the caller may change them afterwards.
static CUresult copyParameters(Launch& l, const std::string& who, void** parameters, void** extra) {
    const Kernel* k = l.kernel;
    std::vector<size_t> offsets;
    size_t total = 0;
    for (int i = 0; i < k->count; i++) {
        size_t alignment = k->parameters[i].alignment;
        offsets.push_back((total + alignment - 1) / alignment * alignment);
        total = offsets.back() + k->parameters[i].size;
    }
    l.values.resize(total + 16);
    char* base = (char*)(((uintptr_t)l.values.data() + 15) & ~(uintptr_t)15);
    for (size_t offset : offsets) {
        l.arguments.push_back(base + offset);
    }
    if (extra) {
        size_t given = 0;
        const char* packed = nullptr;
        for (int i = 0; extra[i]; i += 2) { // CU_LAUNCH_PARAM_BUFFER_POINTER and _SIZE
            packed = extra[i] == (void*)1 ? (char*)extra[i + 1] : packed;
            given = extra[i] == (void*)2 ? *(size_t*)extra[i + 1] : given;
        }
        if (!packed || given != total) {
            return report(INVALID_VALUE,
                    who + text(": packed parameters have %zu bytes, the kernel takes %zu", given, total));
        }
        memcpy(base, packed, total);
        return SUCCESS;
    }
    if (k->count && !(parameters && isReadable(parameters, k->count * sizeof(void*)))) {
        return report(INVALID_VALUE, who + ": there is no list of parameters, or it cannot be read");
    }
    for (int i = 0; i < k->count; i++) {
        if (!isReadable(parameters[i], k->parameters[i].size)) {
            std::string which = text(": parameter %d of %d cannot be read", i, k->count);
            return report(INVALID_VALUE,
                    who + which + ": is the list shorter than the signature in " + k->file + "?");
        }
        memcpy(l.arguments[i], parameters[i], k->parameters[i].size);
    }
    return SUCCESS;
}

// A plausible multiprocessor: 1024 threads, 16 blocks, 64 KiB of shared memory.
static int activeBlocks(const Function& f, int threads, size_t dynamic) {
    if (threads <= 0 || threads > f.maxThreads) {
        return 0;
    }
    int blocks = std::min(16, 1024 / ((threads + 31) / 32 * 32));
    size_t shared = dynamic + f.staticShared;
    return shared ? std::min<int>(blocks, 65536 / shared) : blocks;
}
} // namespace driver

using namespace driver;
#define FUNCTION(variable, handle) \
    Function* variable = functions.get(handle); \
    if (!variable) { \
        return report(INVALID_HANDLE, std::string(self) + ": unknown function, or its module was unloaded"); \
    }

API cuLaunchKernel(void* h, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY,
        unsigned blockZ, unsigned shared, void* hs, void** parameters, void** extra) {
    ENTER(cuLaunchKernel)
    FUNCTION(f, h)
    STREAM(s, hs)
    std::string who = std::string("launch of ") + f->kernel->name;
    auto l = std::make_shared<Launch>(Launch{
            f->kernel, {gridX, gridY, gridZ}, {blockX, blockY, blockZ}, shared, f->staticShared > 0, {}, {}});
    if (CUresult e = checkShape(*f, who, l->grid, l->block, shared)) {
        return e;
    }
    if (CUresult e = copyParameters(*l, who, parameters, extra)) {
        return e;
    }
    return enqueue(s, who, [l] { return runLaunch(*l); });
}
API cuFuncGetAttribute(int* value, int attribute, void* h) {
    ENTER(cuFuncGetAttribute)
    FUNCTION(f, h)
    // by the numbers of CUfunction_attribute
    const int values[] = {f->maxThreads, f->staticShared, 0, 0, 32, settings.compute, settings.compute, 0,
            f->maxShared - f->staticShared, -1};
    if (attribute < 0 || attribute >= 10) {
        return INVALID_VALUE;
    }
    *value = values[attribute];
    return SUCCESS;
}
API cuFuncSetAttribute(void* h, int attribute, int value) {
    ENTER(cuFuncSetAttribute)
    FUNCTION(f, h)
    const int maxDynamicShared = 8;
    if (attribute != maxDynamicShared) {
        return SUCCESS; // hints
    }
    if (value + f->staticShared > 65536) {
        return report(INVALID_VALUE,
                text("cuFuncSetAttribute: %d bytes of shared memory, limit 65536", value + f->staticShared));
    }
    f->maxShared = value + f->staticShared;
    return SUCCESS;
}
API cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, void* h, int threads, size_t dynamic) {
    ENTER(cuOccupancyMaxActiveBlocksPerMultiprocessor)
    FUNCTION(f, h)
    *blocks = activeBlocks(*f, threads, dynamic);
    return SUCCESS;
}
API cuOccupancyMaxPotentialBlockSize(
        int* grid, int* block, void* h, size_t (*sharedOf)(int), size_t dynamic, int limit) {
    ENTER(cuOccupancyMaxPotentialBlockSize)
    FUNCTION(f, h)
    *grid = *block = 0;
    int most = 0;
    for (int t = std::min(f->maxThreads, limit > 0 ? limit : 1024) / 32 * 32; t > 0; t -= 32) {
        int blocks = activeBlocks(*f, t, sharedOf ? sharedOf(t) : dynamic);
        if (blocks * t > most) {
            most = blocks * t;
            *block = t;
            *grid = blocks * settings.multiprocessors;
        }
    }
    return SUCCESS;
}
