// The cuDNN of the software driver: which algorithms there are for a convolution, what they need, and the
// three ways to ask. The answers are plausible, and differ between algorithms, so that a mistake shows.
#include <vector>
#include "cudnn.h"

static const int algorithmCount[] = {8, 6, 7};

static int outputSize(const Problem& p, int axis) {
    int reach = p.x.dims[axis + 2] + 2 * p.c.pad[axis] - ((p.w.dims[axis + 2] - 1) * p.c.dilation[axis] + 1);
    return reach < 0 ? -1 : reach / p.c.stride[axis] + 1;
}
Status checkProblem(const char* name, const Problem& p) {
    if (p.x.type != p.w.type || p.x.type != p.y.type) {
        return bad(name, "image, filter and output have different data types", NOT_SUPPORTED);
    }
    if (p.x.type == DOUBLE ? p.c.compute != DOUBLE : p.c.compute != FLOAT) {
        return bad(name, "the descriptor's data type for sums is another than the tensors'", NOT_SUPPORTED);
    }
    bool channels = p.x.dims[1] == p.w.dims[1] * p.c.groups && p.w.dims[0] % p.c.groups == 0;
    bool outputs = p.y.dims[0] == p.x.dims[0] && p.y.dims[1] == p.w.dims[0];
    if (!channels || !outputs || p.y.dims[2] != outputSize(p, 0) || p.y.dims[3] != outputSize(p, 1)) {
        std::string inputs = "image " + p.x.shape() + " and filter " + p.w.shape();
        return bad(name, inputs + " do not give output " + p.y.shape());
    }
    return SUCCESS;
}

static bool isSupported(Direction direction, int algorithm, const Problem& p) {
    bool simple = p.c.stride[0] == 1 && p.c.stride[1] == 1 && p.c.dilation[0] == 1 && p.c.dilation[1] == 1;
    bool fft = simple && p.c.groups == 1;
    bool winograd = simple && p.w.dims[2] == 3 && p.w.dims[3] == 3;
    switch (direction) {
        case forward: // implicit, precomputed, product, (direct), fft, fft tiled, Winograd, non-fused
            return algorithm <= 2 || (fft && algorithm / 2 == 2) || (winograd && algorithm / 2 == 3);
        case backwardData: // 0, 1, fft, fft tiled, Winograd, Winograd non-fused
            return algorithm <= 1 || (fft && algorithm / 2 == 1) || (winograd && algorithm / 2 == 2);
        default: // 0, 1, fft, 3, (Winograd), Winograd non-fused, fft tiled
            bool plain = algorithm <= 1 || algorithm == 3;
            return plain || (fft && algorithm % 4 == 2) || (winograd && algorithm == 5);
    }
}
static bool isDeterministic(Direction direction, int algorithm) {
    return direction == forward || (algorithm != 0 && (direction == backwardData || algorithm != 3));
}
Status checkAlgorithm(const char* name, Direction direction, int algorithm, const Problem& p) {
    if (algorithm < 0 || algorithm >= algorithmCount[direction] || !isSupported(direction, algorithm, p)) {
        std::string which = "algorithm " + std::to_string(algorithm);
        return bad(name, which + " does not do this geometry", NOT_SUPPORTED);
    }
    return SUCCESS;
}
size_t workspaceBytes(Direction direction, int algorithm, const Problem& p) {
    if (algorithm == 0 && direction != backwardFilter) {
        return 0;
    }
    return 256 + (size_t)algorithm * 1024 + (p.w.bytes() + 255) / 256 * 256;
}

// cudnnConvolution…AlgoPerf_t
struct Performance {
    int algorithm, status;
    float time;
    size_t memory;
    int determinism, math, reserved[3];
};
static Status list(const char* name, Direction direction, const Problem& p, int wanted, int* returned,
        Performance* out) {
    if (Status s = checkProblem(name, p)) {
        return s;
    }
    std::vector<Performance> can, cannot;
    for (int a = 0; a < algorithmCount[direction]; a++) {
        Performance r{a, NOT_SUPPORTED, -1, 0, isDeterministic(direction, a), p.c.math, {}};
        if (isSupported(direction, a, p)) {
            r.status = SUCCESS;
            r.time = 0.1f * (a + 1);
            r.memory = workspaceBytes(direction, a, p);
        }
        (r.status ? cannot : can).push_back(r);
    }
    can.insert(can.end(), cannot.begin(), cannot.end());
    *returned = std::min(wanted, (int)can.size());
    std::copy(can.begin(), can.begin() + *returned, out);
    return SUCCESS;
}

// The arguments of each direction in cuDNN's order (A, B, C), then the problem's x, w and y among them.
#define ALGORITHMS(Name, direction, A, B, C) \
    API cudnnGetConvolution##Name##AlgorithmMaxCount(Handle* h, int* count) { \
        ENTER(cudnnGetConvolution##Name##AlgorithmMaxCount, h) \
        *count = algorithmCount[direction]; \
        return SUCCESS; \
    } \
    API cudnnGetConvolution##Name##WorkspaceSize( \
            Handle* h, Tensor* A, Tensor* B, Convolution* c, Tensor* C, int algorithm, size_t* bytes) { \
        ENTER(cudnnGetConvolution##Name##WorkspaceSize, h) \
        Problem p{*c, *x, *w, *y}; \
        Status s = checkProblem(call, p); \
        s = s ? s : checkAlgorithm(call, direction, algorithm, p); \
        *bytes = s ? 0 : workspaceBytes(direction, algorithm, p); \
        return s; \
    } \
    API cudnnGetConvolution##Name##Algorithm_v7(Handle* h, Tensor* A, Tensor* B, Convolution* c, Tensor* C, \
            int wanted, int* returned, Performance* out) { \
        *returned = 0; /* JCudnn reads it even if this fails */ \
        ENTER(cudnnGetConvolution##Name##Algorithm_v7, h) \
        return list(call, direction, {*c, *x, *w, *y}, wanted, returned, out); \
    } \
    API cudnnFindConvolution##Name##AlgorithmEx(Handle* h, Tensor* A, const void*, Tensor* B, const void*, \
            Convolution* c, Tensor* C, void* result, int wanted, int* returned, Performance* out, \
            void* work, size_t bytes) { \
        ENTER(cudnnFindConvolution##Name##AlgorithmEx, h) \
        Tensor t = *C; \
        /* The real one runs the algorithms: result and workspace hold anything afterwards. */ \
        Status s = submit(h, call, [=] { \
            if ((!bytes || emulation::check(work, bytes, call)) && check(t, result, call, "result")) { \
                emulation::poison(work, bytes); \
                emulation::poison(result, t.bytes()); \
            } \
        }); \
        return s ? s : list(call, direction, {*c, *x, *w, *y}, wanted, returned, out); \
    }
ALGORITHMS(Forward, forward, x, w, y)
ALGORITHMS(BackwardData, backwardData, w, y, x)
ALGORITHMS(BackwardFilter, backwardFilter, x, y, w)
