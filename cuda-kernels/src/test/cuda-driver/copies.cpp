// Allocation, pinned host memory, copies and fills.
#include <sys/mman.h>
#include <cstdlib>
#include <cstring>
#include "driver.h"

namespace driver {
static auto& pinned = *new std::map<uintptr_t, size_t>;

bool isPinned(uintptr_t address, size_t bytes) {
    auto it = pinned.upper_bound(address);
    return it != pinned.begin() && (--it, address + bytes <= it->first + it->second);
}

static CUresult allocatePinned(void** result, size_t bytes) {
    if (CUresult e = refuseInCapture("allocation of pinned memory")) {
        return e;
    }
    if (!result || !bytes) {
        return INVALID_VALUE;
    }
    void* p = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
    if (!p) {
        return OUT_OF_MEMORY;
    }
    poison(p, bytes);
    pinned[(uintptr_t)p] = bytes;
    hold("pinned allocations", 1);
    *result = p;
    return SUCCESS;
}

// Pinned memory is read and written when the copy runs. Pageable memory is CUDA's special case: on its way in
// it is staged at the call, on its way out the call waits. So only pinned memory can show that a synchronise
// is missing, just as on a card.
static CUresult copy(const char* name, Stream* s, void* to, const void* from, size_t bytes,
        Direction direction, bool waits) {
    if (!bytes) {
        return SUCCESS;
    }
    std::string who = name;
    if (CUresult e = waits ? refuseInCapture(name) : SUCCESS) {
        return e;
    }
    auto checkDevice = [=](bool running) -> CUresult {
        if (direction != toDevice) {
            if (CUresult e = checkRange(from, bytes, who + ", source", running)) {
                return e;
            }
        }
        return direction == toHost ? SUCCESS : checkRange(to, bytes, who + ", target", running);
    };
    if (CUresult e = checkDevice(false)) {
        return e;
    }
    bool pageable = false;
    if (direction != within) {
        uintptr_t host = (uintptr_t)(direction == toDevice ? from : to);
        if (!host || isDevice(host)) {
            return report(INVALID_VALUE, who + ": the host's side is " + describeAddress(host));
        }
        pageable = !isPinned(host, 1);
        if (!pageable && !isPinned(host, bytes)) {
            return report(INVALID_VALUE, who + ": runs past the end of pinned memory");
        }
    }
    std::shared_ptr<std::vector<char>> staged;
    if (direction == toDevice && pageable && !waits && (settings.lazy || s->capture)) {
        staged = std::make_shared<std::vector<char>>((const char*)from, (const char*)from + bytes);
    }
    CUresult e = enqueue(s, who, [=]() -> CUresult {
        if (CUresult e = checkDevice(true)) { // again: the memory may have been freed between
            return e;
        }
        memmove(to, staged ? staged->data() : from, bytes);
        noteCopy(direction, bytes);
        return SUCCESS;
    });
    bool waitsNow = !s->capture && direction != within && (waits || (direction == toHost && pageable));
    return e || !waitsNow ? e : runStream(s);
}

template <class T> static CUresult fill(const char* name, Stream* s, CUdeviceptr to, T value, size_t n) {
    if (to % sizeof(T)) {
        return report(INVALID_VALUE, std::string(name) + ": misaligned address");
    }
    if (CUresult e = checkRange((void*)to, n * sizeof(T), name, false)) {
        return e;
    }
    return enqueue(s, name, [=]() -> CUresult {
        if (CUresult e = checkRange((void*)to, n * sizeof(T), name)) {
            return e;
        }
        std::fill_n((T*)to, n, value);
        return SUCCESS;
    });
}
} // namespace driver

using namespace driver;

// ---- allocation ----
API cuMemAlloc_v2(CUdeviceptr* p, size_t bytes) {
    ENTER(cuMemAlloc)
    if (CUresult e = refuseInCapture(self)) {
        return e;
    }
    return allocate(bytes, current(), p, false);
}
API cuMemFree_v2(CUdeviceptr p) {
    ENTER(cuMemFree)
    if (CUresult e = refuseInCapture(self)) {
        return e;
    }
    // Drivers wait for pending work before they free, but do not promise it.
    if (CUresult e = settings.freeWaits ? runEverything(current()) : SUCCESS) {
        return e;
    }
    CUresult e = release(p);
    if (e == ILLEGAL_ADDRESS) {
        current()->sticky = e;
    }
    return e;
}
API cuMemGetInfo_v2(size_t* free, size_t* total) {
    ENTER(cuMemGetInfo)
    *total = settings.memory;
    *free = settings.memory - std::min(memoryInUse(), settings.memory);
    return SUCCESS;
}
// Stream-ordered: a kernel may use the memory if the allocation ran before it, on its stream or by an event.
API cuMemAllocAsync(CUdeviceptr* p, size_t bytes, void* h) {
    ENTER(cuMemAllocAsync)
    STREAM(s, h)
    if (CUresult e = allocate(bytes, s->context, p, true)) {
        return e;
    }
    return enqueue(s, self, [address = *p]() -> CUresult {
        Allocation* a = find(address);
        if (a && a->state == Allocation::pending) {
            a->state = Allocation::live;
        }
        return SUCCESS;
    });
}
API cuMemFreeAsync(CUdeviceptr p, void* h) {
    ENTER(cuMemFreeAsync)
    STREAM(s, h)
    Allocation* a = find(p);
    if (!a || a->base != p || a->state == Allocation::freed) {
        return release(p); // says what is wrong
    }
    return enqueue(s, self, [p] { return release(p); });
}

// ---- pinned memory ----
API cuMemAllocHost_v2(void** p, size_t bytes) {
    ENTER(cuMemAllocHost)
    return allocatePinned(p, bytes);
}
API cuMemHostAlloc(void** p, size_t bytes, unsigned) {
    ENTER(cuMemHostAlloc)
    return allocatePinned(p, bytes);
}
API cuMemFreeHost(void* p) {
    ENTER(cuMemFreeHost)
    if (CUresult e = refuseInCapture(self)) {
        return e;
    }
    if (!pinned.count((uintptr_t)p)) {
        return report(INVALID_VALUE, "cuMemFreeHost: not pinned memory, or freed already");
    }
    if (CUresult e = runEverything(current())) { // pending copies still use it
        return e;
    }
    pinned.erase((uintptr_t)p);
    hold("pinned allocations", -1);
    free(p);
    return SUCCESS;
}
API cuMemHostGetDevicePointer_v2(CUdeviceptr* device, void* p, unsigned) {
    ENTER(cuMemHostGetDevicePointer)
    if (!isPinned((uintptr_t)p, 1)) {
        return report(INVALID_VALUE, "cuMemHostGetDevicePointer: not pinned memory");
    }
    *device = (CUdeviceptr)p;
    return SUCCESS;
}

// ---- copies ----
#define COPY(Name, direction, To, From, blocks) \
    API cuMemcpy##Name##_v2(To to, From from, size_t n) { \
        ENTER(cuMemcpy##Name) \
        return copy(self, current()->legacy, (void*)to, (const void*)from, n, direction, blocks); \
    } \
    API cuMemcpy##Name##Async_v2(To to, From from, size_t n, void* h) { \
        ENTER(cuMemcpy##Name##Async) \
        STREAM(s, h) \
        return copy(self, s, (void*)to, (const void*)from, n, direction, false); \
    }
COPY(HtoD, toDevice, CUdeviceptr, const void*, true)
COPY(DtoH, toHost, void*, CUdeviceptr, true)
COPY(DtoD, within, CUdeviceptr, CUdeviceptr, false)

// ---- fills ----
#define FILL(bits, T) \
    API cuMemsetD##bits##_v2(CUdeviceptr to, T value, size_t n) { \
        ENTER(cuMemsetD##bits) \
        return fill(self, current()->legacy, to, value, n); \
    } \
    API cuMemsetD##bits##Async(CUdeviceptr to, T value, size_t n, void* h) { \
        ENTER(cuMemsetD##bits##Async) \
        STREAM(s, h) \
        return fill(self, s, to, value, n); \
    }
FILL(8, unsigned char)
FILL(16, unsigned short)
FILL(32, unsigned)
