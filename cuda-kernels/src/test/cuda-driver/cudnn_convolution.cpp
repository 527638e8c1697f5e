// The cuDNN of the software driver: convolutions in plain loops, row by row.
//
// Letters: N batch, C channels of a group, K outputs, H W image, P Q output, R S filter, G groups. Along a
// row, tap s meets pixel q * stride + shift of the image; [from, to) are the q for which it lies inside.
#include <vector>
#include "cudnn.h"

namespace {
struct Geometry {
    Tensor x, w, y;
    Convolution c;
    Long channels, outputs; // of a group

    explicit Geometry(const Problem& p)
        : x(p.x), w(p.w), y(p.y), c(p.c), channels(p.w.dims[1]), outputs(p.w.dims[0] / p.c.groups) {}

    static Long place(const Tensor& t, Long a, Long b, Long c) {
        return a * t.strides[0] + b * t.strides[1] + c * t.strides[2];
    }
    Long image(Long n, Long ic, Long h) const { return place(x, n, ic, h); }
    Long output(Long n, Long k, Long p) const { return place(y, n, k, p); }
    Long filter(Long k, Long ic, Long r) const { return place(w, k, ic, tap(r, 0)); }
    // Mode 0 is the mathematical convolution, which turns the filter round.
    Long tap(Long t, int axis) const { return c.mode == 0 ? w.dims[axis + 2] - 1 - t : t; }
    Long row(Long p, Long r) const { // of the image, or -1
        Long h = p * c.stride[0] - c.pad[0] + r * c.dilation[0];
        return h < x.dims[2] ? h : -1;
    }
    Long outputRow(Long h, Long r) const { // that tap r of this row feeds, or -1
        Long p = h + c.pad[0] - r * c.dilation[0];
        return p >= 0 && p % c.stride[0] == 0 && p / c.stride[0] < y.dims[2] ? p / c.stride[0] : -1;
    }
    struct Range {
        Long from, to, shift;
    };
    Range range(Long s) const {
        Long shift = s * c.dilation[1] - c.pad[1], step = c.stride[1], last = x.dims[3] - 1 - shift;
        return {shift < 0 ? (-shift + step - 1) / step : 0,
                last < 0 ? 0 : std::min<Long>(y.dims[3], last / step + 1), shift};
    }
};

// beta = 0 does not read the target
template <class T> void blend(T& target, T alpha, T value, T beta) {
    target = alpha * value + (beta == 0 ? 0 : beta * target);
}

template <class T> void convolve(const Geometry& g, T alpha, const T* x, const T* w, T beta, T* y) {
    std::vector<T> sums(g.y.dims[3]);
    for (Long n = 0; n < g.y.dims[0]; n++) {
        for (Long k = 0; k < g.y.dims[1]; k++) {
            for (Long p = 0; p < g.y.dims[2]; p++) {
                std::fill(sums.begin(), sums.end(), T(0));
                for (Long c = 0; c < g.channels; c++) {
                    for (Long r = 0; r < g.w.dims[2]; r++) {
                        Long h = g.row(p, r);
                        if (h < 0) {
                            continue;
                        }
                        const T* in = x + g.image(n, k / g.outputs * g.channels + c, h);
                        const T* taps = w + g.filter(k, c, r);
                        for (Long s = 0; s < g.w.dims[3]; s++) {
                            auto [from, to, shift] = g.range(s);
                            T weight = taps[g.tap(s, 1) * g.w.strides[3]];
                            for (Long q = from; q < to; q++) {
                                sums[q] += weight * in[(q * g.c.stride[1] + shift) * g.x.strides[3]];
                            }
                        }
                    }
                }
                for (Long q = 0; q < g.y.dims[3]; q++) {
                    blend(y[g.output(n, k, p) + q * g.y.strides[3]], alpha, sums[q], beta);
                }
            }
        }
    }
}

template <class T> void convolveBackData(const Geometry& g, T alpha, const T* w, const T* dy, T beta, T* dx) {
    std::vector<T> sums(g.x.dims[3]);
    for (Long n = 0; n < g.x.dims[0]; n++) {
        for (Long ic = 0; ic < g.x.dims[1]; ic++) {
            for (Long h = 0; h < g.x.dims[2]; h++) {
                std::fill(sums.begin(), sums.end(), T(0));
                Long first = ic / g.channels * g.outputs;
                for (Long k = first; k < first + g.outputs; k++) {
                    for (Long r = 0; r < g.w.dims[2]; r++) {
                        Long p = g.outputRow(h, r);
                        if (p < 0) {
                            continue;
                        }
                        const T* in = dy + g.output(n, k, p);
                        const T* taps = w + g.filter(k, ic % g.channels, r);
                        for (Long s = 0; s < g.w.dims[3]; s++) {
                            auto [from, to, shift] = g.range(s);
                            T weight = taps[g.tap(s, 1) * g.w.strides[3]];
                            for (Long q = from; q < to; q++) {
                                sums[q * g.c.stride[1] + shift] += weight * in[q * g.y.strides[3]];
                            }
                        }
                    }
                }
                for (Long i = 0; i < g.x.dims[3]; i++) {
                    blend(dx[g.image(n, ic, h) + i * g.x.strides[3]], alpha, sums[i], beta);
                }
            }
        }
    }
}

template <class T>
double tapGradient(const Geometry& g, Long k, Long c, Long r, Long s, const T* x, const T* dy) {
    auto [from, to, shift] = g.range(s);
    double sum = 0;
    for (Long n = 0; n < g.y.dims[0]; n++) {
        for (Long p = 0; p < g.y.dims[2]; p++) {
            Long h = g.row(p, r);
            if (h < 0) {
                continue;
            }
            const T* in = x + g.image(n, k / g.outputs * g.channels + c, h);
            const T* out = dy + g.output(n, k, p);
            for (Long q = from; q < to; q++) {
                sum += (double)in[(q * g.c.stride[1] + shift) * g.x.strides[3]] * out[q * g.y.strides[3]];
            }
        }
    }
    return sum;
}
template <class T>
void convolveBackFilter(const Geometry& g, T alpha, const T* x, const T* dy, T beta, T* dw) {
    for (Long k = 0; k < g.w.dims[0]; k++) {
        for (Long c = 0; c < g.channels; c++) {
            for (Long r = 0; r < g.w.dims[2]; r++) {
                for (Long s = 0; s < g.w.dims[3]; s++) {
                    blend(dw[g.filter(k, c, r) + g.tap(s, 1) * g.w.strides[3]], alpha,
                            (T)tapGradient(g, k, c, r, s, x, dy), beta);
                }
            }
        }
    }
}

// Checks, poisons the workspace (nobody may rely on what it holds) and puts the body on the stream.
template <class F>
Status start(Handle* h, const char* call, Direction direction, const Problem& p, int algorithm, void* work,
        size_t bytes, F body) {
    if (Status s = checkProblem(call, p)) {
        return s;
    }
    if (Status s = checkAlgorithm(call, direction, algorithm, p)) {
        return s;
    }
    size_t needed = workspaceBytes(direction, algorithm, p);
    if (bytes < needed || (needed && !work)) {
        return bad(call, "workspace of " + std::to_string(bytes) + " bytes, needs " + std::to_string(needed));
    }
    return submit(h, call, [=] {
        if (work && bytes) {
            if (!emulation::check(work, bytes, std::string(call) + ", workspace")) {
                return;
            }
            emulation::poison(work, bytes);
        }
        body();
    });
}
template <class T> T scalar(const void* p) {
    return *(const T*)p;
}
// The body with the tensors' element type, as type of its argument.
template <class F> Status forType(int type, F body) {
    return type == DOUBLE ? body(double()) : body(float());
}
} // namespace

API cudnnConvolutionForward(Handle* h, const void* alpha, Tensor* xd, const void* x, Tensor* wd,
        const void* w, Convolution* c, int algorithm, void* work, size_t bytes, const void* beta, Tensor* yd,
        void* y) {
    ENTER(cudnnConvolutionForward, h)
    Problem p{*c, *xd, *wd, *yd};
    return forType(p.x.type, [&](auto zero) {
        using T = decltype(zero);
        T a = scalar<T>(alpha), b = scalar<T>(beta);
        return start(h, call, forward, p, algorithm, work, bytes, [=] {
            if (check(p.x, x, call, "x") && check(p.w, w, call, "w") && check(p.y, y, call, "y")) {
                convolve<T>(Geometry(p), a, (const T*)x, (const T*)w, b, (T*)y);
            }
        });
    });
}
API cudnnConvolutionBackwardData(Handle* h, const void* alpha, Tensor* wd, const void* w, Tensor* yd,
        const void* dy, Convolution* c, int algorithm, void* work, size_t bytes, const void* beta, Tensor* xd,
        void* dx) {
    ENTER(cudnnConvolutionBackwardData, h)
    Problem p{*c, *xd, *wd, *yd};
    return forType(p.x.type, [&](auto zero) {
        using T = decltype(zero);
        T a = scalar<T>(alpha), b = scalar<T>(beta);
        return start(h, call, backwardData, p, algorithm, work, bytes, [=] {
            if (check(p.w, w, call, "w") && check(p.y, dy, call, "dy") && check(p.x, dx, call, "dx")) {
                convolveBackData<T>(Geometry(p), a, (const T*)w, (const T*)dy, b, (T*)dx);
            }
        });
    });
}
API cudnnConvolutionBackwardFilter(Handle* h, const void* alpha, Tensor* xd, const void* x, Tensor* yd,
        const void* dy, Convolution* c, int algorithm, void* work, size_t bytes, const void* beta, Tensor* wd,
        void* dw) {
    ENTER(cudnnConvolutionBackwardFilter, h)
    Problem p{*c, *xd, *wd, *yd};
    return forType(p.x.type, [&](auto zero) {
        using T = decltype(zero);
        T a = scalar<T>(alpha), b = scalar<T>(beta);
        return start(h, call, backwardFilter, p, algorithm, work, bytes, [=] {
            if (check(p.x, x, call, "x") && check(p.y, dy, call, "dy") && check(p.w, dw, call, "dw")) {
                convolveBackFilter<T>(Geometry(p), a, (const T*)x, (const T*)dy, b, (T*)dw);
            }
        });
    });
}
API cudnnConvolutionBackwardBias(
        Handle* h, const void* alpha, Tensor* yd, const void* dy, const void* beta, Tensor* bd, void* db) {
    ENTER(cudnnConvolutionBackwardBias, h)
    Tensor y = *yd, bias = *bd;
    if (bias.type != y.type || bias.dims[1] != y.dims[1] || bias.dims[0] * bias.dims[2] * bias.dims[3] != 1) {
        return bad(call, "bias " + bias.shape() + " for output " + y.shape());
    }
    return forType(y.type, [&](auto zero) {
        using T = decltype(zero);
        T a = scalar<T>(alpha), b = scalar<T>(beta);
        return submit(h, call, [=] {
            if (!check(y, dy, call, "dy") || !check(bias, db, call, "db")) {
                return;
            }
            for (Long k = 0; k < y.dims[1]; k++) {
                double sum = 0;
                for (Long n = 0; n < y.dims[0]; n++) {
                    for (Long i = 0; i < y.dims[2]; i++) {
                        for (Long j = 0; j < y.dims[3]; j++) {
                            sum += ((const T*)dy)[Geometry::place(y, n, k, i) + j * y.strides[3]];
                        }
                    }
                }
                blend(((T*)db)[k * bias.strides[1]], a, (T)sum, b);
            }
        });
    });
}
