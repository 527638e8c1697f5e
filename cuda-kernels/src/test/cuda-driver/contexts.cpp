// Initialisation, the device, contexts, error names.
#include <cstring>
#include "driver.h"

namespace driver {
static bool initialised;
static Handles<Context> contexts{"contexts"};
static thread_local std::vector<Context*> stack; // per OS thread, as in the driver
static Context* primary;

Context* current() {
    return stack.empty() ? nullptr : contexts.get(stack.back());
}

Call::Call(CallSite& site, bool needsContext) {
    error = injectedFault(site);
    if (error) {
        return;
    }
    if (!initialised && strcmp(site.name, "cuInit")) {
        error = NOT_INITIALIZED;
    } else if (needsContext) {
        Context* c = current();
        error = !c ? report(INVALID_CONTEXT,
                             std::string(site.name) + ": no context is current on this thread")
                   : c->sticky;
    }
}
} // namespace driver

using namespace driver;
API cuInit(unsigned flags) {
    ENTER_WITHOUT_CONTEXT(cuInit);
    if (flags) {
        return INVALID_VALUE;
    }
    initialised = true;
    return SUCCESS;
}
API cuDriverGetVersion(int* v) {
    *v = settings.driver;
    return SUCCESS;
}
API cuDeviceGetCount(int* n) {
    ENTER_WITHOUT_CONTEXT(cuDeviceGetCount);
    *n = 1;
    return SUCCESS;
}
API cuDeviceGet(int* d, int ordinal) {
    ENTER_WITHOUT_CONTEXT(cuDeviceGet);
    if (ordinal) {
        return INVALID_DEVICE;
    }
    *d = 0;
    return SUCCESS;
}
API cuDeviceGetName(char* name, int size, int) {
    ENTER_WITHOUT_CONTEXT(cuDeviceGetName);
    snprintf(name, size, "Emulated CUDA device");
    return SUCCESS;
}
API cuDeviceGetUuid(void* uuid, int) {
    ENTER_WITHOUT_CONTEXT(cuDeviceGetUuid);
    memcpy(uuid, "EMULATED-CUDA-00", 16);
    return SUCCESS;
}
API cuDeviceTotalMem_v2(size_t* bytes, int) {
    ENTER_WITHOUT_CONTEXT(cuDeviceTotalMem);
    *bytes = settings.memory;
    return SUCCESS;
}
API cuDeviceComputeCapability(int* major, int* minor, int) {
    ENTER_WITHOUT_CONTEXT(cuDeviceComputeCapability);
    *major = settings.compute / 10;
    *minor = settings.compute % 10;
    return SUCCESS;
}
API cuDeviceGetPCIBusId(char* id, int size, int) {
    ENTER_WITHOUT_CONTEXT(cuDeviceGetPCIBusId);
    snprintf(id, size, "0000:00:1e.0");
    return SUCCESS;
}
API cuDeviceGetByPCIBusId(int* d, const char*) {
    ENTER_WITHOUT_CONTEXT(cuDeviceGetByPCIBusId);
    *d = 0;
    return SUCCESS;
}
API cuDeviceGetAttribute(int* value, int attribute, int) {
    ENTER_WITHOUT_CONTEXT(cuDeviceGetAttribute);
    static const std::map<int, int> table = {{1, 1024}, {2, 1024}, {3, 1024}, {4, 64}, {5, INT_MAX},
            {6, 65535}, {7, 65535}, {8, 49152}, {9, 65536}, {10, 32}, {11, INT_MAX}, {12, 65536},
            {13, 1000000}, {14, 512}, {15, 1}, {19, 1}, {30, 512}, {31, 1}, {33, 0}, {34, 30}, {36, 1000000},
            {37, 256}, {38, 4 << 20}, {39, 1024}, {40, 2}, {41, 1}, {51, 32}, {78, 1}, {79, 1}, {80, 1},
            {81, 65536}, {82, 65536}, {87, 32}, {90, 1}, {91, 1}, {97, 65536}, {99, 1}, {106, 16}, {115, 1}};
    if (attribute <= 0) {
        return INVALID_VALUE;
    }
    if (attribute == 16) {
        *value = settings.multiprocessors;
    } else if (attribute == 75) {
        *value = settings.compute / 10;
    } else if (attribute == 76) {
        *value = settings.compute % 10;
    } else {
        auto it = table.find(attribute);
        *value = it == table.end() ? 0 : it->second;
    }
    return SUCCESS;
}
API cuDeviceCanAccessPeer(int* can, int, int) {
    ENTER_WITHOUT_CONTEXT(cuDeviceCanAccessPeer);
    *can = 0;
    return SUCCESS;
}

// ---- contexts ----
API cuDevicePrimaryCtxRetain(void** c, int device) {
    ENTER_WITHOUT_CONTEXT(cuDevicePrimaryCtxRetain);
    if (device) {
        return INVALID_DEVICE;
    }
    if (!primary) {
        primary = contexts.add(newContext(0));
        primary->primary = true;
    }
    primary->retained++;
    *c = primary;
    return SUCCESS;
}
static CUresult endPrimary() {
    endContext(primary);
    contexts.remove(primary);
    primary = nullptr;
    return SUCCESS;
}
API cuDevicePrimaryCtxRelease_v2(int) {
    ENTER_WITHOUT_CONTEXT(cuDevicePrimaryCtxRelease);
    if (!primary) {
        return INVALID_CONTEXT;
    }
    return --primary->retained ? SUCCESS : endPrimary();
}
API cuDevicePrimaryCtxReset_v2(int) {
    ENTER_WITHOUT_CONTEXT(cuDevicePrimaryCtxReset);
    return primary ? endPrimary() : SUCCESS;
}
API cuDevicePrimaryCtxGetState(int, unsigned* flags, int* active) {
    ENTER_WITHOUT_CONTEXT(cuDevicePrimaryCtxGetState);
    *flags = 0;
    *active = primary != nullptr;
    return SUCCESS;
}
API cuDevicePrimaryCtxSetFlags_v2(int, unsigned) {
    ENTER_WITHOUT_CONTEXT(cuDevicePrimaryCtxSetFlags);
    return SUCCESS;
}
API cuCtxCreate_v2(void** c, unsigned flags, int device) {
    ENTER_WITHOUT_CONTEXT(cuCtxCreate);
    if (device) {
        return INVALID_DEVICE;
    }
    Context* fresh = contexts.add(newContext(flags));
    stack.push_back(fresh);
    *c = fresh;
    return SUCCESS;
}
API cuCtxDestroy_v2(void* c) {
    ENTER_WITHOUT_CONTEXT(cuCtxDestroy);
    Context* context = contexts.get(c);
    if (!context || context->primary) {
        return INVALID_CONTEXT;
    }
    endContext(context);
    contexts.remove(context);
    if (!stack.empty() && stack.back() == context) {
        stack.pop_back();
    }
    return SUCCESS;
}
API cuCtxPushCurrent_v2(void* c) {
    ENTER_WITHOUT_CONTEXT(cuCtxPushCurrent);
    if (!contexts.get(c)) {
        return INVALID_CONTEXT;
    }
    stack.push_back((Context*)c);
    return SUCCESS;
}
API cuCtxPopCurrent_v2(void** c) {
    ENTER_WITHOUT_CONTEXT(cuCtxPopCurrent);
    if (stack.empty()) {
        return INVALID_CONTEXT;
    }
    if (c) {
        *c = stack.back();
    }
    stack.pop_back();
    return SUCCESS;
}
API cuCtxSetCurrent(void* c) {
    ENTER_WITHOUT_CONTEXT(cuCtxSetCurrent);
    if (c && !contexts.get(c)) {
        return report(INVALID_CONTEXT, "cuCtxSetCurrent: unknown or destroyed context");
    }
    if (!stack.empty()) {
        stack.pop_back();
    }
    if (c) {
        stack.push_back((Context*)c);
    }
    return SUCCESS;
}
API cuCtxGetCurrent(void** c) {
    ENTER_WITHOUT_CONTEXT(cuCtxGetCurrent);
    *c = current();
    return SUCCESS;
}
API cuCtxGetDevice(int* d) {
    ENTER(cuCtxGetDevice);
    *d = 0;
    return SUCCESS;
}
API cuCtxGetFlags(unsigned* f) {
    ENTER(cuCtxGetFlags);
    *f = current()->flags;
    return SUCCESS;
}
API cuCtxGetId(void* c, unsigned long long* id) {
    ENTER(cuCtxGetId);
    Context* x = c ? contexts.get(c) : current();
    if (!x) {
        return INVALID_CONTEXT;
    }
    *id = x->id;
    return SUCCESS;
}
API cuCtxGetApiVersion(void*, unsigned* v) {
    ENTER_WITHOUT_CONTEXT(cuCtxGetApiVersion);
    *v = 3020;
    return SUCCESS;
}
API cuCtxGetStreamPriorityRange(int* least, int* greatest) {
    ENTER(cuCtxGetStreamPriorityRange);
    if (least) {
        *least = 0;
    }
    if (greatest) {
        *greatest = -5;
    }
    return SUCCESS;
}
API cuCtxSetLimit(int, size_t) {
    ENTER(cuCtxSetLimit);
    return SUCCESS;
}
API cuCtxGetLimit(size_t* v, int) {
    ENTER(cuCtxGetLimit);
    *v = 1024;
    return SUCCESS;
}
API cuCtxSetCacheConfig(int) {
    ENTER(cuCtxSetCacheConfig);
    return SUCCESS;
}
API cuCtxGetCacheConfig(int* v) {
    ENTER(cuCtxGetCacheConfig);
    *v = 0;
    return SUCCESS;
}
API cuCtxSetSharedMemConfig(int) {
    ENTER(cuCtxSetSharedMemConfig);
    return SUCCESS;
}
API cuCtxGetSharedMemConfig(int* v) {
    ENTER(cuCtxGetSharedMemConfig);
    *v = 1;
    return SUCCESS;
}
API cuProfilerStart() {
    ENTER(cuProfilerStart);
    return SUCCESS;
}
API cuProfilerStop() {
    ENTER(cuProfilerStop);
    return SUCCESS;
}
API cuPointerGetAttribute(void* out, int attribute, CUdeviceptr p) {
    ENTER(cuPointerGetAttribute);
    Allocation* a = find(p);
    bool device = a && a->state == Allocation::live;
    if (!device && !isPinned(p, 1)) {
        return INVALID_VALUE;
    }
    switch (attribute) {
        case 1:
            *(void**)out = device ? a->owner : current();
            return SUCCESS;
        case 2:
            *(int*)out = device ? 2 : 1;
            return SUCCESS;
        case 3:
        case 4:
            *(CUdeviceptr*)out = p;
            return SUCCESS;
        case 8:
            *(unsigned*)out = 0;
            return SUCCESS;
        case 9:
            *(int*)out = 0;
            return SUCCESS;
        default:
            return NOT_SUPPORTED;
    }
}

// ---- error names ----
static const struct {
    CUresult code;
    const char *name, *words;
} errors[] = {{0, "CUDA_SUCCESS", "no error"}, {1, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
        {2, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
        {3, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
        {101, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
        {200, "CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
        {201, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
        {209, "CUDA_ERROR_NO_BINARY_FOR_GPU", "no kernel image is available for execution on the device"},
        {218, "CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed"},
        {222, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION",
                "the provided PTX was compiled with an unsupported toolchain."},
        {400, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
        {500, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
        {600, "CUDA_ERROR_NOT_READY", "device not ready"},
        {700, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"},
        {701, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", "too many resources requested for launch"},
        {710, "CUDA_ERROR_ASSERT", "device-side assert triggered"},
        {712, "CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED",
                "part or all of the requested memory range is already mapped"},
        {713, "CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED",
                "pointer does not correspond to a registered memory region"},
        {719, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
        {801, "CUDA_ERROR_NOT_SUPPORTED", "operation not supported"},
        {900, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", "operation not permitted when stream is capturing"},
        {901, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED",
                "operation failed due to a previous error during capture"},
        {904, "CUDA_ERROR_STREAM_CAPTURE_UNJOINED", "capturing stream has unjoined work"},
        {906, "CUDA_ERROR_STREAM_CAPTURE_IMPLICIT",
                "operation would make the legacy stream depend on a capturing blocking stream"}};
API cuGetErrorName(CUresult code, const char** s) {
    for (auto& e : errors) {
        if (e.code == code) {
            *s = e.name;
            return SUCCESS;
        }
    }
    *s = nullptr;
    return INVALID_VALUE;
}
API cuGetErrorString(CUresult code, const char** s) {
    for (auto& e : errors) {
        if (e.code == code) {
            *s = e.words;
            return SUCCESS;
        }
    }
    *s = nullptr;
    return INVALID_VALUE;
}
