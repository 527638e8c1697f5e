// The cuDNN of the software driver: what its files share. NCHW in 32 and 64 bits, two dimensions.
#pragma once
#include <algorithm>
#include <string>
#include "interface.h"

typedef int Status;
typedef long long Long;
enum : Status {
    SUCCESS = 0,
    NOT_INITIALIZED = 1001,
    BAD_PARAM = 2000,
    NOT_SUPPORTED = 3000,
    EXECUTION_FAILED = 5000
};
enum { FLOAT = 0, DOUBLE = 1 };

struct Handle {
    void* stream = nullptr;
    bool alive = true;
};

// A tensor or a filter: [N, C, H, W] or [K, C, R, S], any strides.
struct Tensor {
    int type = -1, dims[4] = {}, strides[4] = {};

    void pack(int newType, const int* newDims) {
        type = newType;
        std::copy(newDims, newDims + 4, dims);
        for (int i = 3, stride = 1; i >= 0; stride *= dims[i--]) {
            strides[i] = stride;
        }
    }
    size_t bytes() const {
        Long last = 0;
        for (int i = 0; i < 4; i++) {
            last += Long(dims[i] - 1) * strides[i];
        }
        return dims[0] ? (last + 1) * (type == DOUBLE ? 8 : 4) : 0;
    }
    std::string shape() const {
        std::string s;
        for (int i = 0; i < 4; i++) {
            s += (i ? "x" : "") + std::to_string(dims[i]);
        }
        return s;
    }
};

struct Convolution {
    int pad[2], stride[2], dilation[2], mode = 1, compute = 0, groups = 1, math = 0;
};

// One convolution: y = x * w in any of its three directions.
struct Problem {
    Convolution c;
    Tensor x, w, y;
};
enum Direction { forward, backwardData, backwardFilter };
Status checkProblem(const char* name, const Problem& p);
Status checkAlgorithm(const char* name, Direction direction, int algorithm, const Problem& p);
size_t workspaceBytes(Direction direction, int algorithm, const Problem& p);

inline Status bad(const char* name, const std::string& what, Status status = BAD_PARAM) {
    emulation::report(std::string(name) + ": " + what);
    return status;
}
inline Status submit(Handle* h, const char* name, std::function<void()> body) {
    return emulation::submit(h->stream, name, std::move(body)) ? SUCCESS : EXECUTION_FAILED;
}
inline bool check(const Tensor& t, const void* p, const char* name, const char* what) {
    return emulation::check(p, t.bytes(), std::string(name) + ", " + what + " " + t.shape());
}

#define API extern "C" EMULATION_API Status
#define ENTER(name, handle) \
    static const char* const call = #name; \
    if (int fault = emulation::enter(call)) { \
        return fault; \
    } \
    if (!(handle) || !(handle)->alive) { \
        return bad(call, "no handle, or a destroyed one", NOT_INITIALIZED); \
    }
// Calls without a handle.
#define COUNT(name) \
    static const char* const call = #name; \
    if (int fault = emulation::enter(call)) { \
        return fault; \
    }
