// Initialisation, the device, contexts, names of errors.
#include <climits>
#include <cstring>
#include "driver.h"

namespace driver {
static bool initialised;
static Handles<Context> contexts{"contexts"};
// A thread of the operating system has its own, as in a driver.
static thread_local std::vector<Context*> stack;
static Context* primary;

Context* current() {
    return stack.empty() ? nullptr : contexts.get(stack.back());
}

Call::Call(const char* name, bool needsContext) {
    error = countCall(name);
    if (error) {
        return;
    }
    if (!initialised && strcmp(name, "cuInit")) {
        error = NOT_INITIALIZED;
    } else if (needsContext) {
        Context* c = current();
        error = c ? c->sticky
                  : report(INVALID_CONTEXT, std::string(name) + ": no context is current on this thread");
    }
}

// Of a card with compute capability 7.5; by the numbers of CUdevice_attribute.
static int attribute(int number) {
    static const std::map<int, int> values = {{1, 1024}, {2, 1024}, {3, 1024}, {4, 64}, {5, INT_MAX},
            {6, 65535}, {7, 65535}, {8, 49152}, {9, 65536}, {10, 32}, {11, INT_MAX}, {12, 65536},
            {13, 1000000}, {14, 512}, {15, 1}, {19, 1}, {31, 1}, {36, 1000000}, {37, 256}, {38, 4 << 20},
            {39, 1024}, {40, 2}, {41, 1}, {78, 1}, {81, 65536}, {82, 65536}, {87, 32}, {97, 65536}, {99, 1},
            {106, 16}, {115, 1}};
    switch (number) {
        case 16: return settings.multiprocessors;
        case 75: return settings.compute / 10;
        case 76: return settings.compute % 10;
        default: return values.count(number) ? values.at(number) : 0;
    }
}
} // namespace driver

using namespace driver;
API cuInit(unsigned) {
    ENTER_WITHOUT_CONTEXT(cuInit)
    initialised = true;
    return SUCCESS;
}
API cuDriverGetVersion(int* version) {
    *version = settings.driver;
    return SUCCESS;
}
API cuDeviceGetCount(int* n) {
    ENTER_WITHOUT_CONTEXT(cuDeviceGetCount)
    *n = 1;
    return SUCCESS;
}
API cuDeviceGet(int* device, int ordinal) {
    ENTER_WITHOUT_CONTEXT(cuDeviceGet)
    *device = 0;
    return ordinal ? INVALID_DEVICE : SUCCESS;
}
API cuDeviceGetName(char* name, int size, int) {
    ENTER_WITHOUT_CONTEXT(cuDeviceGetName)
    snprintf(name, size, "Software CUDA device");
    return SUCCESS;
}
API cuDeviceTotalMem_v2(size_t* bytes, int) {
    ENTER_WITHOUT_CONTEXT(cuDeviceTotalMem)
    *bytes = settings.memory;
    return SUCCESS;
}
API cuDeviceGetAttribute(int* value, int number, int) {
    ENTER_WITHOUT_CONTEXT(cuDeviceGetAttribute)
    *value = attribute(number);
    return SUCCESS;
}

// ---- contexts ----
API cuDevicePrimaryCtxRetain(void** c, int device) {
    ENTER_WITHOUT_CONTEXT(cuDevicePrimaryCtxRetain)
    if (device) {
        return INVALID_DEVICE;
    }
    if (!primary) {
        primary = contexts.add(newContext());
        primary->primary = true;
    }
    primary->retained++;
    *c = primary;
    return SUCCESS;
}
API cuDevicePrimaryCtxRelease_v2(int) {
    ENTER_WITHOUT_CONTEXT(cuDevicePrimaryCtxRelease)
    if (!primary) {
        return INVALID_CONTEXT;
    }
    if (--primary->retained == 0) {
        endContext(primary);
        contexts.remove(primary);
        primary = nullptr;
    }
    return SUCCESS;
}
API cuCtxCreate_v2(void** c, unsigned, int device) {
    ENTER_WITHOUT_CONTEXT(cuCtxCreate)
    if (device) {
        return INVALID_DEVICE;
    }
    stack.push_back(contexts.add(newContext()));
    *c = stack.back();
    return SUCCESS;
}
API cuCtxDestroy_v2(void* c) {
    ENTER_WITHOUT_CONTEXT(cuCtxDestroy)
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
API cuCtxSetCurrent(void* c) {
    ENTER_WITHOUT_CONTEXT(cuCtxSetCurrent)
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
    ENTER_WITHOUT_CONTEXT(cuCtxGetCurrent)
    *c = current();
    return SUCCESS;
}
API cuCtxPushCurrent_v2(void* c) {
    ENTER_WITHOUT_CONTEXT(cuCtxPushCurrent)
    if (!contexts.get(c)) {
        return INVALID_CONTEXT;
    }
    stack.push_back((Context*)c);
    return SUCCESS;
}
API cuCtxPopCurrent_v2(void** c) {
    ENTER_WITHOUT_CONTEXT(cuCtxPopCurrent)
    if (stack.empty()) {
        return INVALID_CONTEXT;
    }
    if (c) {
        *c = stack.back();
    }
    stack.pop_back();
    return SUCCESS;
}
API cuCtxGetDevice(int* device) {
    ENTER(cuCtxGetDevice)
    *device = 0;
    return SUCCESS;
}

// ---- errors ----
static const struct {
    CUresult code;
    const char *name, *words;
} errors[] = {
        {SUCCESS, "CUDA_SUCCESS", "no error"},
        {INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
        {OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
        {NOT_INITIALIZED, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
        {100, "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"},
        {INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
        {INVALID_IMAGE, "CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
        {INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
        {NO_BINARY_FOR_GPU, "CUDA_ERROR_NO_BINARY_FOR_GPU",
                "no kernel image is available for execution on the device"},
        {INVALID_PTX, "CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed"},
        {UNSUPPORTED_PTX_VERSION, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION",
                "the provided PTX was compiled with an unsupported toolchain"},
        {INVALID_HANDLE, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
        {NOT_FOUND, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
        {NOT_READY, "CUDA_ERROR_NOT_READY", "device not ready"},
        {ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"},
        {LAUNCH_OUT_OF_RESOURCES, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES",
                "too many resources requested for launch"},
        {ASSERT_FAILED, "CUDA_ERROR_ASSERT", "device-side assert triggered"},
        {LAUNCH_FAILED, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
        {NOT_SUPPORTED, "CUDA_ERROR_NOT_SUPPORTED", "operation not supported"},
        {CAPTURE_UNSUPPORTED, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED",
                "operation not permitted when stream is capturing"},
        {CAPTURE_INVALIDATED, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED",
                "operation failed due to a previous error during capture"},
        {CAPTURE_UNJOINED, "CUDA_ERROR_STREAM_CAPTURE_UNJOINED", "capturing stream has unjoined work"},
        {CAPTURE_IMPLICIT, "CUDA_ERROR_STREAM_CAPTURE_IMPLICIT",
                "operation would make the legacy stream depend on a capturing blocking stream"},
};
API cuGetErrorName(CUresult code, const char** name) {
    *name = nullptr;
    for (auto& e : errors) {
        *name = e.code == code ? e.name : *name;
    }
    return *name ? SUCCESS : INVALID_VALUE;
}
API cuGetErrorString(CUresult code, const char** words) {
    *words = nullptr;
    for (auto& e : errors) {
        *words = e.code == code ? e.words : *words;
    }
    return *words ? SUCCESS : INVALID_VALUE;
}
