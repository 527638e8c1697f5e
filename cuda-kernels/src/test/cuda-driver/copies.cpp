// Allocation calls, copies and fills.
#include <cstring>
#include "driver.h"
using namespace driver;
#define STREAM(variable, handle) \
    Stream* variable = streamOf(handle); \
    if (!variable) \
    return report(INVALID_HANDLE, std::string(callSite.name) + ": unknown or destroyed stream")

// ---- allocation ----
API cuMemAlloc_v2(CUdeviceptr* p, size_t bytes) {
    ENTER(cuMemAlloc);
    if (CUresult e = refuseInCapture("cuMemAlloc")) {
        return e;
    }
    return allocate(bytes, current(), p, false);
}
API cuMemAllocPitch_v2(CUdeviceptr* p, size_t* pitch, size_t width, size_t height, unsigned) {
    ENTER(cuMemAllocPitch);
    *pitch = (width + 511) / 512 * 512;
    return allocate(*pitch * height, current(), p, false);
}
API cuMemFree_v2(CUdeviceptr p) {
    ENTER(cuMemFree);
    if (CUresult e = refuseInCapture("cuMemFree")) {
        return e;
    }
    // A driver waits for pending work before it frees. FREE_WAITS=0 does not, to find code that relies on it.
    if (settings.freeWaits) {
        if (CUresult e = runEverything(current())) {
            return e;
        }
    }
    CUresult e = release(p);
    if (e == ILLEGAL_ADDRESS) {
        current()->sticky = e;
    }
    return e;
}
API cuMemGetInfo_v2(size_t* free, size_t* total) {
    ENTER(cuMemGetInfo);
    *total = settings.memory;
    *free = settings.memory - std::min(memoryInUse(), settings.memory);
    return SUCCESS;
}
API cuMemGetAddressRange_v2(CUdeviceptr* base, size_t* size, CUdeviceptr p) {
    ENTER(cuMemGetAddressRange);
    Allocation* a = find(p);
    if (!a || a->state != Allocation::live) {
        return NOT_FOUND;
    }
    if (base) {
        *base = a->base;
    }
    if (size) {
        *size = a->size;
    }
    return SUCCESS;
}
// Stream-ordered: memory belongs to a kernel only if the allocation ran before it, on its stream or by an event.
static CUresult allocateAsync(CUdeviceptr* p, size_t bytes, Stream* s) {
    if (CUresult e = allocate(bytes, s->context, p, true)) {
        return e;
    }
    CUdeviceptr address = *p;
    return enqueue(s, "cuMemAllocAsync", [address] {
        if (Allocation* a = find(address)) {
            if (a->state == Allocation::pending) {
                a->state = Allocation::live;
            }
        }
        return SUCCESS;
    });
}
API cuMemAllocAsync(CUdeviceptr* p, size_t bytes, void* h) {
    ENTER(cuMemAllocAsync);
    STREAM(s, h);
    return allocateAsync(p, bytes, s);
}
API cuMemAllocFromPoolAsync(CUdeviceptr* p, size_t bytes, void*, void* h) {
    ENTER(cuMemAllocFromPoolAsync);
    STREAM(s, h);
    return allocateAsync(p, bytes, s);
}
API cuMemFreeAsync(CUdeviceptr p, void* h) {
    ENTER(cuMemFreeAsync);
    STREAM(s, h);
    Allocation* a = find(p);
    if (!a || a->base != p || a->state == Allocation::freed) {
        return release(p); // says what is wrong
    }
    return enqueue(s, "cuMemFreeAsync", [p] { return release(p); });
}
API cuMemPoolCreate(void** pool, const void*) {
    ENTER(cuMemPoolCreate);
    *pool = new char;
    return SUCCESS;
}
API cuMemPoolDestroy(void*) {
    ENTER(cuMemPoolDestroy);
    return SUCCESS;
}
API cuMemPoolTrimTo(void*, size_t) {
    ENTER(cuMemPoolTrimTo);
    return SUCCESS;
}
API cuDeviceGetDefaultMemPool(void** pool, int) {
    ENTER_WITHOUT_CONTEXT(cuDeviceGetDefaultMemPool);
    static char one;
    *pool = &one;
    return SUCCESS;
}
API cuDeviceGetMemPool(void** pool, int d) {
    return cuDeviceGetDefaultMemPool(pool, d);
}
API cuMemPoolSetAttribute(void*, int, void*) {
    ENTER(cuMemPoolSetAttribute);
    return SUCCESS;
}

// ---- copies ----
// Pinned memory is read and written when the copy runs. Pageable memory is CUDA's special case: on the
// way in it is staged at the call, on the way out the call waits. So only pinned memory can show a
// missing synchronise here, exactly as on a GPU.
enum Direction { toDevice, toHost, within };
static CUresult copy(const char* name, Stream* s, void* to, const void* from, size_t bytes,
        Direction direction, bool waits) {
    if (!bytes) {
        return SUCCESS;
    }
    if (CUresult e = waits ? refuseInCapture(name) : SUCCESS) {
        return e;
    }
    if (direction != toDevice) {
        if (CUresult e = checkRange(from, bytes, std::string(name) + ", source", false)) {
            return e;
        }
    }
    if (direction != toHost) {
        if (CUresult e = checkRange(to, bytes, std::string(name) + ", destination", false)) {
            return e;
        }
    }
    const void* host = direction == toDevice ? from : to;
    bool pageable = direction != within && !isPinned((uintptr_t)host, 1);
    if (direction != within && !pageable && !isPinned((uintptr_t)host, bytes)) {
        return report(INVALID_VALUE, std::string(name) + ": runs past the end of pinned memory");
    }
    if (direction != within && (!host || isDevice((uintptr_t)host))) {
        return report(
                INVALID_VALUE, std::string(name) + ": host side is " + describeAddress((uintptr_t)host));
    }
    std::shared_ptr<std::vector<char>> staged;
    if (direction == toDevice && pageable && !waits && (settings.lazy || s->capture)) {
        staged = std::make_shared<std::vector<char>>((const char*)from, (const char*)from + bytes);
        from = staged->data();
    }
    std::string who = name;
    CUresult e = enqueue(s, who, [=] {
        (void)staged;
        // Again, when it runs: the memory may have been freed between.
        if (direction != toDevice) {
            if (CUresult e = checkRange(from, bytes, who + ", source")) {
                return e;
            }
        }
        if (direction != toHost) {
            if (CUresult e = checkRange(to, bytes, who + ", destination")) {
                return e;
            }
        }
        memmove(to, from, bytes);
        addCopied(direction, bytes);
        return (CUresult)SUCCESS;
    });
    if (!e && !s->capture && direction != within && (waits || (direction == toHost && pageable))) {
        e = runStream(s);
    }
    return e;
}
#define LEGACY current()->legacy
API cuMemcpyHtoD_v2(CUdeviceptr d, const void* h, size_t n) {
    ENTER(cuMemcpyHtoD);
    return copy("cuMemcpyHtoD", LEGACY, (void*)d, h, n, toDevice, true);
}
API cuMemcpyDtoH_v2(void* h, CUdeviceptr d, size_t n) {
    ENTER(cuMemcpyDtoH);
    return copy("cuMemcpyDtoH", LEGACY, h, (void*)d, n, toHost, true);
}
API cuMemcpyDtoD_v2(CUdeviceptr d, CUdeviceptr f, size_t n) {
    ENTER(cuMemcpyDtoD);
    return copy("cuMemcpyDtoD", LEGACY, (void*)d, (void*)f, n, within, false);
}
API cuMemcpyHtoDAsync_v2(CUdeviceptr d, const void* h, size_t n, void* hs) {
    ENTER(cuMemcpyHtoDAsync);
    STREAM(s, hs);
    return copy("cuMemcpyHtoDAsync", s, (void*)d, h, n, toDevice, false);
}
API cuMemcpyDtoHAsync_v2(void* h, CUdeviceptr d, size_t n, void* hs) {
    ENTER(cuMemcpyDtoHAsync);
    STREAM(s, hs);
    return copy("cuMemcpyDtoHAsync", s, h, (void*)d, n, toHost, false);
}
API cuMemcpyDtoDAsync_v2(CUdeviceptr d, CUdeviceptr f, size_t n, void* hs) {
    ENTER(cuMemcpyDtoDAsync);
    STREAM(s, hs);
    return copy("cuMemcpyDtoDAsync", s, (void*)d, (void*)f, n, within, false);
}
static Direction guess(CUdeviceptr to, CUdeviceptr from) {
    return !isDevice(from) ? toDevice : !isDevice(to) ? toHost : within;
}
API cuMemcpy(CUdeviceptr d, CUdeviceptr f, size_t n) {
    ENTER(cuMemcpy);
    Direction k = guess(d, f);
    return copy("cuMemcpy", LEGACY, (void*)d, (void*)f, n, k, k != within);
}
API cuMemcpyAsync(CUdeviceptr d, CUdeviceptr f, size_t n, void* hs) {
    ENTER(cuMemcpyAsync);
    STREAM(s, hs);
    return copy("cuMemcpyAsync", s, (void*)d, (void*)f, n, guess(d, f), false);
}

struct Memcpy2D {
    size_t srcX, srcY;
    int srcType;
    const void* srcHost;
    CUdeviceptr srcDevice;
    void* srcArray;
    size_t srcPitch;
    size_t dstX, dstY;
    int dstType;
    void* dstHost;
    CUdeviceptr dstDevice;
    void* dstArray;
    size_t dstPitch;
    size_t width, height;
};
static CUresult copy2D(const char* name, Stream* s, const Memcpy2D* c, bool waits) {
    auto device = [](int type) { return type == 2 || type == 4; };
    if (c->srcType == 3 || c->dstType == 3) {
        return NOT_SUPPORTED; // arrays
    }
    size_t sourcePitch = c->srcPitch ? c->srcPitch : c->width,
           targetPitch = c->dstPitch ? c->dstPitch : c->width;
    const char* from = (const char*)(device(c->srcType) ? (const void*)c->srcDevice : c->srcHost) +
                       c->srcY * sourcePitch + c->srcX;
    char* to =
            (char*)(device(c->dstType) ? (void*)c->dstDevice : c->dstHost) + c->dstY * targetPitch + c->dstX;
    Direction k = !device(c->srcType) ? toDevice : !device(c->dstType) ? toHost : within;
    for (size_t y = 0; y < c->height; y++) {
        if (CUresult e = copy(name, s, to + y * targetPitch, from + y * sourcePitch, c->width, k, waits)) {
            return e;
        }
    }
    return SUCCESS;
}
API cuMemcpy2D_v2(const Memcpy2D* c) {
    ENTER(cuMemcpy2D);
    return copy2D("cuMemcpy2D", LEGACY, c, true);
}
API cuMemcpy2DUnaligned_v2(const Memcpy2D* c) {
    ENTER(cuMemcpy2DUnaligned);
    return copy2D("cuMemcpy2DUnaligned", LEGACY, c, true);
}
API cuMemcpy2DAsync_v2(const Memcpy2D* c, void* hs) {
    ENTER(cuMemcpy2DAsync);
    STREAM(s, hs);
    return copy2D("cuMemcpy2DAsync", s, c, false);
}

// ---- fills ----
template <class T>
static CUresult fill(
        const char* name, Stream* s, CUdeviceptr d, T value, size_t n, size_t pitch, size_t rows) {
    if (!n || !rows) {
        return SUCCESS;
    }
    if (d % sizeof(T)) {
        return report(INVALID_VALUE, std::string(name) + ": misaligned address");
    }
    size_t bytes = pitch * (rows - 1) + n * sizeof(T);
    std::string who = name;
    if (CUresult e = checkRange((void*)d, bytes, who, false)) {
        return e;
    }
    return enqueue(s, who, [=] {
        if (CUresult e = checkRange((void*)d, bytes, who)) {
            return e;
        }
        for (size_t y = 0; y < rows; y++) {
            T* p = (T*)(d + y * pitch);
            for (size_t i = 0; i < n; i++) {
                p[i] = value;
            }
        }
        return (CUresult)SUCCESS;
    });
}
#define FILLS(BITS, T) \
    API cuMemsetD##BITS##_v2(CUdeviceptr d, T v, size_t n) { \
        ENTER(cuMemsetD##BITS); \
        return fill<T>("cuMemsetD" #BITS, LEGACY, d, v, n, 0, 1); \
    } \
    API cuMemsetD##BITS##Async(CUdeviceptr d, T v, size_t n, void* h) { \
        ENTER(cuMemsetD##BITS##Async); \
        STREAM(s, h); \
        return fill<T>("cuMemsetD" #BITS "Async", s, d, v, n, 0, 1); \
    } \
    API cuMemsetD2D##BITS##_v2(CUdeviceptr d, size_t pitch, T v, size_t w, size_t rows) { \
        ENTER(cuMemsetD2D##BITS); \
        return fill<T>("cuMemsetD2D" #BITS, LEGACY, d, v, w, pitch, rows); \
    } \
    API cuMemsetD2D##BITS##Async(CUdeviceptr d, size_t pitch, T v, size_t w, size_t rows, void* h) { \
        ENTER(cuMemsetD2D##BITS##Async); \
        STREAM(s, h); \
        return fill<T>("cuMemsetD2D" #BITS "Async", s, d, v, w, pitch, rows); \
    }
FILLS(8, unsigned char)
FILLS(16, unsigned short)
FILLS(32, unsigned)
