// CUDA C++ for g++: force-included (-include) when a .cu file is preprocessed for the emulator.
// The tokens __global__, __device__, __constant__ and __shared__ are NOT macros here: they survive
// preprocessing and kernel-to-cpp.sh rewrites them, because no macro can turn
// "extern __shared__ float s[];" into a pointer to the block's dynamic shared memory.
#pragma once

#include <math.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <type_traits>
#include <utility>

#define __host__
#define __launch_bounds__(...)
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ // must stay empty: libstdc++ writes __attribute__((__noinline__))
#define __align__(n) __attribute__((aligned(n)))
#define __grid_constant__

// ---- vector types -------------------------------------------------------------------------
#define DEVICE_VECTOR(T, N, A2, A4) \
    struct N##1 { \
        T x; \
    }; \
    struct alignas(A2) N##2 { \
        T x, y; \
    }; \
    struct N##3 { \
        T x, y, z; \
    }; \
    struct alignas(A4) N##4 { \
        T x, y, z, w; \
    }; \
    static inline N##1 make_##N##1(T x) { \
        return {x}; \
    } \
    static inline N##2 make_##N##2(T x, T y) { \
        return {x, y}; \
    } \
    static inline N##3 make_##N##3(T x, T y, T z) { \
        return {x, y, z}; \
    } \
    static inline N##4 make_##N##4(T x, T y, T z, T w) { \
        return {x, y, z, w}; \
    }
DEVICE_VECTOR(float, float, 8, 16)
DEVICE_VECTOR(double, double, 16, 16)
DEVICE_VECTOR(int, int, 8, 16)
DEVICE_VECTOR(unsigned, uint, 8, 16)
DEVICE_VECTOR(short, short, 4, 8)
DEVICE_VECTOR(unsigned short, ushort, 4, 8)
DEVICE_VECTOR(signed char, char, 2, 4)
DEVICE_VECTOR(unsigned char, uchar, 2, 4)
DEVICE_VECTOR(long long, longlong, 16, 16)
DEVICE_VECTOR(unsigned long long, ulonglong, 16, 16)

struct dim3 {
    unsigned x, y, z;
    constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {
    }
};

// ---- the running thread -------------------------------------------------------------------
// Plain globals: one kernel runs at a time, and every fiber switch rewrites threadIdx.
#define DRIVER_API __attribute__((visibility("default")))
extern DRIVER_API uint3 threadIdx, blockIdx;
extern DRIVER_API dim3 blockDim, gridDim;
static const int warpSize = 32;

namespace device {
struct Place {
    const char* file;
    int line;
};
DRIVER_API void* dynamicShared();
DRIVER_API int barrier(Place, int predicate, int kind); // kind 0 plain, 1 count, 2 and, 3 or
DRIVER_API void yield();
// All lanes named in mask meet; returns the values they brought, indexed by lane (valid until the next meeting).
DRIVER_API const uint64_t* meet(Place, unsigned mask, uint64_t value, unsigned* present);
DRIVER_API unsigned lane();
DRIVER_API unsigned activeLanes();
[[noreturn]] DRIVER_API void fail(int code, const char* text, Place);

template <class T>
uint64_t toBits(T v) {
    static_assert(sizeof(T) <= 8);
    uint64_t b = 0;
    memcpy(&b, &v, sizeof v);
    return b;
}
template <class T>
T fromBits(uint64_t b) {
    T v;
    memcpy(&v, &b, sizeof v);
    return v;
}

template <class T>
T shuffle(Place p, unsigned mask, T value, int source) {
    unsigned present = 0;
    const uint64_t* values = meet(p, mask, toBits(value), &present);
    // A lane that is not there delivers an undefined value on a GPU; here it is always a NaN pattern.
    return (present >> source & 1) ? fromBits<T>(values[source]) : fromBits<T>(0x7FFF7FFF7FFF7FFFull);
}
template <class T>
T shuffleDown(Place p, unsigned m, T v, unsigned d, int w) {
    int l = lane(), end = (l & ~(w - 1)) + w;
    return shuffle(p, m, v, l + (int)d < end ? l + (int)d : l);
}
template <class T>
T shuffleUp(Place p, unsigned m, T v, unsigned d, int w) {
    int l = lane(), begin = l & ~(w - 1);
    return shuffle(p, m, v, l - (int)d >= begin ? l - (int)d : l);
}
template <class T>
T shuffleXor(Place p, unsigned m, T v, int x, int w) {
    int l = lane(), t = l ^ x, end = (l & ~(w - 1)) + w;
    return shuffle(p, m, v, t < end ? t : l);
}
template <class T>
T shuffleIndex(Place p, unsigned m, T v, int i, int w) {
    int l = lane();
    return shuffle(p, m, v, (l & ~(w - 1)) + (i & (w - 1)));
}
static inline unsigned ballot(Place p, unsigned mask, bool predicate) {
    unsigned present = 0, result = 0;
    const uint64_t* v = meet(p, mask, predicate, &present);
    for (int i = 0; i < 32; i++) {
        if ((present >> i & 1) && v[i]) {
            result |= 1u << i;
        }
    }
    return result;
}
template <class T, class F>
T reduceLanes(Place p, unsigned mask, T value, F join) {
    unsigned present = 0;
    const uint64_t* v = meet(p, mask, toBits(value), &present);
    bool first = true;
    T r{};
    for (int i = 0; i < 32; i++) {
        if (present >> i & 1) {
            T x = fromBits<T>(v[i]);
            r = first ? x : join(r, x);
            first = false;
        }
    }
    return r;
}
} // namespace device

#define DEVICE_HERE \
    device::Place { \
        __FILE__, __LINE__ \
    }
#define __syncthreads() ((void)device::barrier(DEVICE_HERE, 0, 0))
#define __syncthreads_count(p) device::barrier(DEVICE_HERE, (p) != 0, 1)
#define __syncthreads_and(p) device::barrier(DEVICE_HERE, (p) != 0, 2)
#define __syncthreads_or(p) device::barrier(DEVICE_HERE, (p) != 0, 3)

// Mask and width are optional exactly as in CUDA, hence the overloads below the macros.
namespace device {
static inline void syncwarp(Place p, unsigned mask = 0xffffffffu) {
    unsigned present;
    meet(p, mask, 0, &present);
}
#define DEVICE_WITH_WIDTH(name, fn, D) \
    template <class T> \
    T name(Place p, unsigned m, T v, D d, int w = 32) { \
        return fn<T>(p, m, v, d, w); \
    }
DEVICE_WITH_WIDTH(down, shuffleDown, unsigned)
DEVICE_WITH_WIDTH(up, shuffleUp, unsigned)
DEVICE_WITH_WIDTH(exchange, shuffleXor, int)
DEVICE_WITH_WIDTH(index, shuffleIndex, int)
} // namespace device
#define __syncwarp(...) device::syncwarp(DEVICE_HERE __VA_OPT__(, ) __VA_ARGS__)
#define __shfl_down_sync(...) device::down(DEVICE_HERE, __VA_ARGS__)
#define __shfl_up_sync(...) device::up(DEVICE_HERE, __VA_ARGS__)
#define __shfl_xor_sync(...) device::exchange(DEVICE_HERE, __VA_ARGS__)
#define __shfl_sync(...) device::index(DEVICE_HERE, __VA_ARGS__)
#define __ballot_sync(m, p) device::ballot(DEVICE_HERE, m, (p) != 0)
#define __any_sync(m, p) (device::ballot(DEVICE_HERE, m, (p) != 0) != 0)
#define __all_sync(m, p) (device::ballot(DEVICE_HERE, m, (p) == 0) == 0)
#define __reduce_add_sync(m, v) device::reduceLanes(DEVICE_HERE, m, v, [](auto a, auto b) { return a + b; })
#define __reduce_max_sync(m, v) \
    device::reduceLanes(DEVICE_HERE, m, v, [](auto a, auto b) { return a > b ? a : b; })
#define __reduce_min_sync(m, v) \
    device::reduceLanes(DEVICE_HERE, m, v, [](auto a, auto b) { return a < b ? a : b; })
#define __activemask() device::activeLanes()
#undef assert
#define assert(c) ((c) ? (void)0 : device::fail(710, "assertion failed: " #c, DEVICE_HERE))
#define __trap() device::fail(719, "__trap()", DEVICE_HERE)
static inline void __threadfence() {
}
static inline void __threadfence_block() {
}
static inline void __threadfence_system() {
}

// ---- atomics: fibers switch only at barriers, so a plain read-modify-write is atomic ----------
template <class T>
static inline T atomicAdd(T* p, std::type_identity_t<T> v) {
    T old = *p;
    *p = old + v;
    return old;
}
template <class T>
static inline T atomicSub(T* p, std::type_identity_t<T> v) {
    T old = *p;
    *p = old - v;
    return old;
}
template <class T>
static inline T atomicMax(T* p, std::type_identity_t<T> v) {
    T old = *p;
    if (v > old) {
        *p = v;
    }
    return old;
}
template <class T>
static inline T atomicMin(T* p, std::type_identity_t<T> v) {
    T old = *p;
    if (v < old) {
        *p = v;
    }
    return old;
}
template <class T>
static inline T atomicAnd(T* p, std::type_identity_t<T> v) {
    T old = *p;
    *p = old & v;
    return old;
}
template <class T>
static inline T atomicOr(T* p, std::type_identity_t<T> v) {
    T old = *p;
    *p = old | v;
    return old;
}
template <class T>
static inline T atomicXor(T* p, std::type_identity_t<T> v) {
    T old = *p;
    *p = old ^ v;
    return old;
}
template <class T>
static inline T atomicExch(T* p, std::type_identity_t<T> v) {
    T old = *p;
    *p = v;
    return old;
}
template <class T>
static inline T atomicCAS(T* p, std::type_identity_t<T> compare, std::type_identity_t<T> v) {
    T old = *p;
    if (old == compare) {
        *p = v;
    } else {
        device::yield(); // a spin lock would otherwise spin for ever
    }
    return old;
}
static inline unsigned atomicInc(unsigned* p, unsigned limit) {
    unsigned old = *p;
    *p = old >= limit ? 0 : old + 1;
    return old;
}

// ---- loads, integer and float intrinsics -----------------------------------------------------
template <class T>
static inline T __ldg(const T* p) {
    return *p;
}
template <class T>
static inline T __ldcs(const T* p) {
    return *p;
}
template <class T>
static inline T __ldcg(const T* p) {
    return *p;
}
template <class T>
static inline void __stcs(T* p, std::type_identity_t<T> v) {
    *p = v;
}
template <class T>
static inline void __stcg(T* p, std::type_identity_t<T> v) {
    *p = v;
}
static inline unsigned __umulhi(unsigned a, unsigned b) {
    return (unsigned)(((uint64_t)a * b) >> 32);
}
static inline int __mulhi(int a, int b) {
    return (int)(((int64_t)a * b) >> 32);
}
static inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
    return (unsigned long long)(((unsigned __int128)a * b) >> 64);
}
static inline int __popc(unsigned v) {
    return __builtin_popcount(v);
}
static inline int __popcll(unsigned long long v) {
    return __builtin_popcountll(v);
}
static inline int __clz(int v) {
    return v ? __builtin_clz((unsigned)v) : 32;
}
static inline int __clzll(long long v) {
    return v ? __builtin_clzll((unsigned long long)v) : 64;
}
static inline int __ffs(int v) {
    return __builtin_ffs(v);
}
static inline unsigned __brev(unsigned v) {
    unsigned r = 0;
    for (int i = 0; i < 32; i++) {
        r |= (v >> i & 1u) << (31 - i);
    }
    return r;
}
static inline float __int_as_float(int v) {
    float r;
    memcpy(&r, &v, 4);
    return r;
}
static inline float __uint_as_float(unsigned v) {
    float r;
    memcpy(&r, &v, 4);
    return r;
}
static inline int __float_as_int(float v) {
    int r;
    memcpy(&r, &v, 4);
    return r;
}
static inline unsigned __float_as_uint(float v) {
    unsigned r;
    memcpy(&r, &v, 4);
    return r;
}
static inline long long __double_as_longlong(double v) {
    long long r;
    memcpy(&r, &v, 8);
    return r;
}
static inline double __longlong_as_double(long long v) {
    double r;
    memcpy(&r, &v, 8);
    return r;
}
static inline int __float2int_rn(float v) {
    return (int)rintf(v);
}
static inline int __float2int_rz(float v) {
    return (int)v;
}
static inline int __float2int_rd(float v) {
    return (int)floorf(v);
}
static inline int __float2int_ru(float v) {
    return (int)ceilf(v);
}
static inline float __int2float_rn(int v) {
    return (float)v;
}
static inline float __uint2float_rn(unsigned v) {
    return (float)v;
}
static inline float __fmaf_rn(float a, float b, float c) {
    return __builtin_fmaf(a, b, c);
}
static inline double __fma_rn(double a, double b, double c) {
    return __builtin_fma(a, b, c);
}
static inline float __fadd_rn(float a, float b) {
    return a + b;
}
static inline float __fsub_rn(float a, float b) {
    return a - b;
}
static inline float __fmul_rn(float a, float b) {
    return a * b;
}
static inline float __fdiv_rn(float a, float b) {
    return a / b;
}
static inline float __fdividef(float a, float b) {
    return a / b;
}
static inline float __fsqrt_rn(float a) {
    return sqrtf(a);
}
static inline float __frcp_rn(float a) {
    return 1.0f / a;
}
static inline double __dadd_rn(double a, double b) {
    return a + b;
}
static inline double __dmul_rn(double a, double b) {
    return a * b;
}
static inline float rsqrtf(float a) {
    return 1.0f / sqrtf(a);
}
static inline double rsqrt(double a) {
    return 1.0 / sqrt(a);
}
static inline float __frsqrt_rn(float a) {
    return 1.0f / sqrtf(a);
}
static inline float __saturatef(float a) {
    return a > 0 ? (a < 1 ? a : 1.0f) : 0.0f;
}
static inline float sinpif(float a) {
    return (float)sin(M_PI * (double)a);
}
static inline float cospif(float a) {
    return (float)cos(M_PI * (double)a);
}
static inline void sincospif(float a, float* s, float* c) {
    *s = sinpif(a);
    *c = cospif(a);
}
static inline long long clock64() {
    return (long long)__builtin_ia32_rdtsc();
}
// glibc already declares functions of these names, therefore macros.
#define __expf(x) expf(x)
#define __exp10f(x) exp10f(x)
#define __logf(x) logf(x)
#define __log2f(x) log2f(x)
#define __log10f(x) log10f(x)
#define __powf(x, y) powf(x, y)
#define __sinf(x) sinf(x)
#define __cosf(x) cosf(x)
#define __tanf(x) tanf(x)
#define __sincosf(x, s, c) sincosf(x, s, c)
#define DEVICE_MINMAX(T) \
    static inline T min(T a, T b) { \
        return b < a ? b : a; \
    } \
    static inline T max(T a, T b) { \
        return a < b ? b : a; \
    }
DEVICE_MINMAX(int)
DEVICE_MINMAX(unsigned)
DEVICE_MINMAX(long)
DEVICE_MINMAX(unsigned long)
DEVICE_MINMAX(long long)
DEVICE_MINMAX(unsigned long long)
// For floats CUDA's min and max are fminf and fmaxf: a NaN loses.
static inline float min(float a, float b) {
    return fminf(a, b);
}
static inline float max(float a, float b) {
    return fmaxf(a, b);
}
static inline double min(double a, double b) {
    return fmin(a, b);
}
static inline double max(double a, double b) {
    return fmax(a, b);
}

// ---- registry: name -> thunk, by the kernel's own signature -----------------------------------
namespace device {
struct Parameter {
    size_t size, alignment;
    bool pointer;
};
struct Kernel {
    const char* name;
    const char* file;
    int count;
    const Parameter* parameters;
    void (*invoke)(void* const* arguments);
    char *sharedBegin, *sharedEnd; // the translation unit's static shared memory
};
struct Variable {
    const char* name;
    void* address;
    size_t size;
};
DRIVER_API void addKernel(const Kernel*);
DRIVER_API void addVariable(Variable);

template <class... A>
struct Signature {
    static inline const Parameter list[sizeof...(A) + 1] = {
            {sizeof(A), alignof(A), std::is_pointer_v<A>}..., {0, 0, false}};
    template <void (*F)(A...), size_t... I>
    static void call(void* const* a, std::index_sequence<I...>) {
        F(*static_cast<std::remove_reference_t<A>*>(a[I])...);
    }
    template <void (*F)(A...)>
    static void invoke(void* const* a) {
        call<F>(a, std::index_sequence_for<A...>());
    }
};
template <auto F>
struct Adapter;
template <class... A, void (*F)(A...)>
struct Adapter<F> {
    static Kernel make(const char* name, const char* file, char* begin, char* end) {
        return {name, file, (int)sizeof...(A), Signature<A...>::list, &Signature<A...>::template invoke<F>,
                begin, end};
    }
};
} // namespace device
