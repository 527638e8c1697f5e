// The cuBLAS of the software driver: matrix products in plain loops, on the driver's streams.
#include <algorithm>
#include <cstdint>
#include <vector>
#include "interface.h"

typedef int Status;
typedef long long Long;
enum : Status {
    SUCCESS = 0,
    NOT_INITIALIZED = 1,
    INVALID_VALUE = 7,
    EXECUTION_FAILED = 13,
    NOT_SUPPORTED = 15
};
enum { FLOAT = 0, DOUBLE = 1 };

struct Handle {
    void* stream = nullptr;
    int pointerMode = 0, mathMode = 0, atomicsMode = 0;
    void* workspace = nullptr;
    size_t workspaceBytes = 0;
    bool alive = true;
};

#define API extern "C" EMULATION_API Status
#define ENTER(name, handle) \
    if (int fault = emulation::enter(#name)) { \
        return fault; \
    } \
    if (!(handle) || !(handle)->alive) { \
        emulation::report(#name ": no handle, or a destroyed one"); \
        return NOT_INITIALIZED; \
    }

// ---- handles: a destroyed one is kept, so that using it is an error and no crash ----
API cublasCreate_v2(Handle** h) {
    if (int fault = emulation::enter("cublasCreate")) {
        return fault;
    }
    *h = new Handle;
    emulation::hold("cuBLAS handles", 1);
    return SUCCESS;
}
API cublasDestroy_v2(Handle* h) {
    ENTER(cublasDestroy, h)
    h->alive = false;
    emulation::hold("cuBLAS handles", -1);
    return SUCCESS;
}
API cublasSetStream_v2(Handle* h, void* stream) {
    ENTER(cublasSetStream, h)
    h->stream = stream;
    h->workspace = nullptr; // as the real one does
    return SUCCESS;
}
API cublasGetStream_v2(Handle* h, void** stream) {
    ENTER(cublasGetStream, h)
    *stream = h->stream;
    return SUCCESS;
}
API cublasSetWorkspace_v2(Handle* h, void* workspace, size_t bytes) {
    ENTER(cublasSetWorkspace, h)
    if ((uintptr_t)workspace % 256) {
        emulation::report("cublasSetWorkspace: the address is no multiple of 256");
        return INVALID_VALUE;
    }
    h->workspace = workspace;
    h->workspaceBytes = bytes;
    return SUCCESS;
}
#define MODE(Name, field) \
    API cublasSet##Name(Handle* h, int mode) { \
        ENTER(cublasSet##Name, h) \
        h->field = mode; \
        return SUCCESS; \
    } \
    API cublasGet##Name(Handle* h, int* mode) { \
        ENTER(cublasGet##Name, h) \
        *mode = h->field; \
        return SUCCESS; \
    }
MODE(PointerMode_v2, pointerMode)
MODE(MathMode, mathMode)
MODE(AtomicsMode, atomicsMode)

API cublasGetVersion_v2(Handle*, int* version) {
    *version = 120600;
    return SUCCESS;
}
API cublasGetProperty(int type, int* value) {
    *value = type == 0 ? 12 : type == 1 ? 6 : 0;
    return SUCCESS;
}
extern "C" EMULATION_API const char* cublasGetStatusName(Status status) {
    switch (status) {
        case SUCCESS: return "CUBLAS_STATUS_SUCCESS";
        case NOT_INITIALIZED: return "CUBLAS_STATUS_NOT_INITIALIZED";
        case 3: return "CUBLAS_STATUS_ALLOC_FAILED";
        case INVALID_VALUE: return "CUBLAS_STATUS_INVALID_VALUE";
        case EXECUTION_FAILED: return "CUBLAS_STATUS_EXECUTION_FAILED";
        case 14: return "CUBLAS_STATUS_INTERNAL_ERROR";
        case NOT_SUPPORTED: return "CUBLAS_STATUS_NOT_SUPPORTED";
        default: return "unknown cuBLAS status";
    }
}
extern "C" EMULATION_API const char* cublasGetStatusString(Status status) {
    return cublasGetStatusName(status);
}

// ---- products. Column-major C = alpha op(A) op(B) + beta C, for each of a batch ----
struct Problem {
    int opA, opB;
    Long m, n, k, lda, ldb, ldc, strideA, strideB, strideC, batch;

    Long rowsA() const { return opA ? k : m; }
    Long columnsA() const { return opA ? m : k; }
    Long rowsB() const { return opB ? n : k; }
    Long columnsB() const { return opB ? k : n; }
};
static Long span(Long rows, Long columns, Long ld) {
    return rows && columns ? ld * (columns - 1) + rows : 0;
}

// Alpha or beta: read at the call, or when the product runs if the handle says that it is on the device.
template <class T> struct Scalar {
    const T* onDevice;
    T value;
    Scalar(const Handle* h, const void* p)
        : onDevice(h->pointerMode ? (const T*)p : nullptr), value(onDevice ? T(0) : *(const T*)p) {}
    T get() const { return onDevice ? *onDevice : value; }
};

// beta = 0 does not read C, as with the real one
template <class T> static void product(const Problem& p, T alpha, const T* a, const T* b, T beta, T* c) {
    std::vector<T> packed(p.m * p.k), column(p.m);
    for (Long l = 0; l < p.k; l++) {
        for (Long r = 0; r < p.m; r++) {
            packed[l * p.m + r] = p.opA ? a[r * p.lda + l] : a[l * p.lda + r];
        }
    }
    for (Long j = 0; j < p.n; j++) {
        std::fill(column.begin(), column.end(), T(0));
        for (Long l = 0; l < p.k; l++) {
            T factor = p.opB ? b[l * p.ldb + j] : b[j * p.ldb + l];
            const T* __restrict__ from = &packed[l * p.m];
            T* __restrict__ to = column.data();
            for (Long r = 0; r < p.m; r++) {
                to[r] += from[r] * factor;
            }
        }
        T* out = c + j * p.ldc;
        for (Long r = 0; r < p.m; r++) {
            out[r] = alpha * column[r] + (beta == T(0) ? T(0) : beta * out[r]);
        }
    }
}

static Status invalid(const char* name, const char* what) {
    emulation::report(std::string(name) + ": " + what);
    return INVALID_VALUE;
}

template <class T>
static Status gemm(Handle* h, const char* name, const Problem& p, const void* alpha, const void* a,
        const void* b, const void* beta, void* c) {
    if (p.m < 0 || p.n < 0 || p.k < 0 || p.batch < 0) {
        return invalid(name, "negative size");
    }
    if (p.lda < std::max<Long>(1, p.rowsA()) || p.ldb < std::max<Long>(1, p.rowsB()) ||
            p.ldc < std::max<Long>(1, p.m)) {
        return invalid(name, "leading dimension too small");
    }
    if (!p.m || !p.n || !p.batch) {
        return SUCCESS;
    }
    Scalar<T> alphaOf(h, alpha), betaOf(h, beta);
    void* workspace = h->workspace;
    size_t workspaceBytes = h->workspaceBytes;
    bool accepted = emulation::submit(h->stream, name, [=] {
        // Nobody may rely on what the workspace holds.
        emulation::poison(workspace, workspaceBytes);
        std::string who = name;
        auto whole = [&](Long one, Long stride) { return (one + (p.batch - 1) * stride) * sizeof(T); };
        Long oneA = span(p.rowsA(), p.columnsA(), p.lda), oneB = span(p.rowsB(), p.columnsB(), p.ldb);
        if ((p.k && (!emulation::check(a, whole(oneA, p.strideA), who + ", A") ||
                            !emulation::check(b, whole(oneB, p.strideB), who + ", B"))) ||
                !emulation::check(c, whole(span(p.m, p.n, p.ldc), p.strideC), who + ", C")) {
            return;
        }
        for (Long i = 0; i < p.batch; i++) {
            product<T>(p, alphaOf.get(), (const T*)a + i * p.strideA, (const T*)b + i * p.strideB,
                    betaOf.get(), (T*)c + i * p.strideC);
        }
    });
    return accepted ? SUCCESS : EXECUTION_FAILED;
}

#define GEMM(L, T) \
    API cublas##L##gemm_v2(Handle* h, int opA, int opB, int m, int n, int k, const T* alpha, const T* a, \
            int lda, const T* b, int ldb, const T* beta, T* c, int ldc) { \
        ENTER(cublas##L##gemm, h) \
        return gemm<T>(h, "cublas" #L "gemm", {opA, opB, m, n, k, lda, ldb, ldc, 0, 0, 0, 1}, alpha, a, b, \
                beta, c); \
    } \
    API cublas##L##gemmStridedBatched(Handle* h, int opA, int opB, int m, int n, int k, const T* alpha, \
            const T* a, int lda, Long strideA, const T* b, int ldb, Long strideB, const T* beta, T* c, \
            int ldc, Long strideC, int batch) { \
        ENTER(cublas##L##gemmStridedBatched, h) \
        return gemm<T>(h, "cublas" #L "gemmStridedBatched", \
                {opA, opB, m, n, k, lda, ldb, ldc, strideA, strideB, strideC, batch}, alpha, a, b, beta, c); \
    }
GEMM(S, float)
GEMM(D, double)

static Status gemmOfTypes(Handle* h, const char* name, const Problem& p, const void* alpha, const void* a,
        int typeA, const void* b, int typeB, const void* beta, void* c, int typeC, int compute) {
    bool doubles = compute == 70 || compute == 71, floats = compute >= 68 && compute <= 77 && !doubles;
    if (doubles && typeA == DOUBLE && typeB == DOUBLE && typeC == DOUBLE) {
        return gemm<double>(h, name, p, alpha, a, b, beta, c);
    }
    if (floats && typeA == FLOAT && typeB == FLOAT && typeC == FLOAT) {
        return gemm<float>(h, name, p, alpha, a, b, beta, c);
    }
    return emulation::notEmulated(name, NOT_SUPPORTED);
}
API cublasGemmEx(Handle* h, int opA, int opB, int m, int n, int k, const void* alpha, const void* a,
        int typeA, int lda, const void* b, int typeB, int ldb, const void* beta, void* c, int typeC, int ldc,
        int compute, int) {
    ENTER(cublasGemmEx, h)
    return gemmOfTypes(h, "cublasGemmEx", {opA, opB, m, n, k, lda, ldb, ldc, 0, 0, 0, 1}, alpha, a, typeA, b,
            typeB, beta, c, typeC, compute);
}
API cublasGemmStridedBatchedEx(Handle* h, int opA, int opB, int m, int n, int k, const void* alpha,
        const void* a, int typeA, int lda, Long strideA, const void* b, int typeB, int ldb, Long strideB,
        const void* beta, void* c, int typeC, int ldc, Long strideC, int batch, int compute, int) {
    ENTER(cublasGemmStridedBatchedEx, h)
    return gemmOfTypes(h, "cublasGemmStridedBatchedEx",
            {opA, opB, m, n, k, lda, ldb, ldc, strideA, strideB, strideC, batch}, alpha, a, typeA, b, typeB,
            beta, c, typeC, compute);
}
