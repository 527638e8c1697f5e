// CUDA C++ for g++: included before a .cu file.
//
// __global__, __device__, __constant__ and __shared__ are no macros here. They survive the preprocessor, and
// KernelSource.java rewrites them: no macro can turn "extern __shared__ float s[];" into a pointer.
#pragma once
#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <type_traits>
#include <utility>

#define __host__
#define __launch_bounds__(...)
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ // stays empty: libstdc++ writes __attribute__((__noinline__))
#define __align__(n) __attribute__((aligned(n)))
#define __grid_constant__

// ---- vector types ----
#define DEVICE_VECTOR(T, N, align2, align4) \
    struct N##1 { T x; }; \
    struct alignas(align2) N##2 { T x, y; }; \
    struct N##3 { T x, y, z; }; \
    struct alignas(align4) N##4 { T x, y, z, w; }; \
    static inline N##1 make_##N##1(T x) { return {x}; } \
    static inline N##2 make_##N##2(T x, T y) { return {x, y}; } \
    static inline N##3 make_##N##3(T x, T y, T z) { return {x, y, z}; } \
    static inline N##4 make_##N##4(T x, T y, T z, T w) { return {x, y, z, w}; }
DEVICE_VECTOR(float, float, 8, 16)
DEVICE_VECTOR(double, double, 16, 16)
DEVICE_VECTOR(int, int, 8, 16)
DEVICE_VECTOR(unsigned, uint, 8, 16)
DEVICE_VECTOR(signed char, char, 2, 4)
DEVICE_VECTOR(unsigned char, uchar, 2, 4)
DEVICE_VECTOR(long long, longlong, 16, 16)
DEVICE_VECTOR(unsigned long long, ulonglong, 16, 16)

struct dim3 {
    unsigned x, y, z;
    constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};

// ---- the thread that runs ----
// Plain variables: one kernel runs at a time, and every switch of threads rewrites threadIdx.
#define DRIVER_API __attribute__((visibility("default")))
extern DRIVER_API uint3 threadIdx, blockIdx;
extern DRIVER_API dim3 blockDim, gridDim;
static const int warpSize = 32;

namespace device {
struct Place {
    const char* file;
    int line;
};
#define DEVICE_HERE device::Place{__FILE__, __LINE__}
DRIVER_API void* dynamicShared();
DRIVER_API int barrier(Place, int predicate, int kind); // kind: 0 plain, 1 count, 2 and, 3 or
DRIVER_API void yield();
// Waits for all lanes of the mask; what each of them brought, valid until the next meeting.
DRIVER_API const uint64_t* meet(Place, unsigned mask, uint64_t value, unsigned* present);
DRIVER_API unsigned lane();
DRIVER_API unsigned activeLanes();
[[noreturn]] DRIVER_API void trap(Place);

template <class T> uint64_t toBits(T v) {
    static_assert(sizeof(T) <= 8);
    uint64_t bits = 0;
    memcpy(&bits, &v, sizeof v);
    return bits;
}
template <class T> T fromBits(uint64_t bits) {
    T v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

// A lane that is not there delivers anything on a card; here it is always NaN.
template <class T> T shuffle(Place p, unsigned mask, T value, int source) {
    unsigned present = 0;
    const uint64_t* values = meet(p, mask, toBits(value), &present);
    return fromBits<T>(present >> source & 1 ? values[source] : 0x7FFF7FFF7FFF7FFFull);
}
template <class T> T shuffleDown(Place p, unsigned mask, T v, unsigned by, int width = 32) {
    int me = lane(), source = me + (int)by;
    return shuffle(p, mask, v, source < (me & ~(width - 1)) + width ? source : me);
}
template <class T> T shuffleUp(Place p, unsigned mask, T v, unsigned by, int width = 32) {
    int me = lane(), source = me - (int)by;
    return shuffle(p, mask, v, source >= (me & ~(width - 1)) ? source : me);
}
template <class T> T shuffleXor(Place p, unsigned mask, T v, int bits, int width = 32) {
    int me = lane(), source = me ^ bits;
    return shuffle(p, mask, v, source < (me & ~(width - 1)) + width ? source : me);
}
template <class T> T shuffleFrom(Place p, unsigned mask, T v, int index, int width = 32) {
    return shuffle(p, mask, v, ((int)lane() & ~(width - 1)) + (index & (width - 1)));
}
static inline unsigned ballot(Place p, unsigned mask, bool predicate) {
    unsigned present = 0, result = 0;
    const uint64_t* values = meet(p, mask, predicate, &present);
    for (int i = 0; i < 32; i++) {
        result |= (present >> i & 1) && values[i] ? 1u << i : 0;
    }
    return result;
}
static inline void meetAll(Place p, unsigned mask = 0xffffffffu) {
    unsigned present;
    meet(p, mask, 0, &present);
}
} // namespace device

#define __syncthreads() ((void)device::barrier(DEVICE_HERE, 0, 0))
#define __syncthreads_count(p) device::barrier(DEVICE_HERE, (p) != 0, 1)
#define __syncthreads_and(p) device::barrier(DEVICE_HERE, (p) != 0, 2)
#define __syncthreads_or(p) device::barrier(DEVICE_HERE, (p) != 0, 3)
#define __syncwarp(...) device::meetAll(DEVICE_HERE __VA_OPT__(, ) __VA_ARGS__)
#define __shfl_down_sync(...) device::shuffleDown(DEVICE_HERE, __VA_ARGS__)
#define __shfl_up_sync(...) device::shuffleUp(DEVICE_HERE, __VA_ARGS__)
#define __shfl_xor_sync(...) device::shuffleXor(DEVICE_HERE, __VA_ARGS__)
#define __shfl_sync(...) device::shuffleFrom(DEVICE_HERE, __VA_ARGS__)
#define __ballot_sync(mask, p) device::ballot(DEVICE_HERE, mask, (p) != 0)
#define __any_sync(mask, p) (device::ballot(DEVICE_HERE, mask, (p) != 0) != 0)
#define __all_sync(mask, p) (device::ballot(DEVICE_HERE, mask, (p) == 0) == 0)
#define __activemask() device::activeLanes()
#define __trap() device::trap(DEVICE_HERE)
static inline void __threadfence() {}
static inline void __threadfence_block() {}

// ---- atomics: threads switch only where they wait, so reading and writing is atomic ----
#define DEVICE_ATOMIC(name, value) \
    template <class T> static inline T atomic##name(T* p, std::type_identity_t<T> v) { \
        T old = *p; \
        *p = value; \
        return old; \
    }
DEVICE_ATOMIC(Add, old + v)
DEVICE_ATOMIC(Sub, old - v)
DEVICE_ATOMIC(Max, v > old ? v : old)
DEVICE_ATOMIC(Min, v < old ? v : old)
DEVICE_ATOMIC(And, old & v)
DEVICE_ATOMIC(Or, old | v)
DEVICE_ATOMIC(Xor, old ^ v)
DEVICE_ATOMIC(Exch, v)
DEVICE_ATOMIC(Inc, old >= v ? 0 : old + 1)
template <class T>
static inline T atomicCAS(T* p, std::type_identity_t<T> expected, std::type_identity_t<T> v) {
    T old = *p;
    if (old == expected) {
        *p = v;
    } else {
        device::yield(); // a spin lock would spin for ever
    }
    return old;
}

// ---- loads and stores with hints ----
template <class T> static inline T __ldg(const T* p) { return *p; }
template <class T> static inline T __ldcs(const T* p) { return *p; }
template <class T> static inline T __ldcg(const T* p) { return *p; }
template <class T> static inline void __stcs(T* p, std::type_identity_t<T> v) { *p = v; }
template <class T> static inline void __stcg(T* p, std::type_identity_t<T> v) { *p = v; }

// ---- integers ----
static inline unsigned __umulhi(unsigned a, unsigned b) { return (unsigned)(((uint64_t)a * b) >> 32); }
static inline int __mulhi(int a, int b) { return (int)(((int64_t)a * b) >> 32); }
static inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
    return (unsigned long long)(((unsigned __int128)a * b) >> 64);
}
static inline long long __mul64hi(long long a, long long b) { return (long long)(((__int128)a * b) >> 64); }
static inline int __popc(unsigned v) { return __builtin_popcount(v); }
static inline int __popcll(unsigned long long v) { return __builtin_popcountll(v); }
static inline int __clz(int v) { return v ? __builtin_clz((unsigned)v) : 32; }
static inline int __clzll(long long v) { return v ? __builtin_clzll((unsigned long long)v) : 64; }
static inline int __ffs(int v) { return __builtin_ffs(v); }
static inline int __ffsll(long long v) { return __builtin_ffsll(v); }
#define DEVICE_MIN_MAX(T) \
    static inline T min(T a, T b) { return b < a ? b : a; } \
    static inline T max(T a, T b) { return a < b ? b : a; }
DEVICE_MIN_MAX(int)
DEVICE_MIN_MAX(unsigned)
DEVICE_MIN_MAX(long)
DEVICE_MIN_MAX(unsigned long)
DEVICE_MIN_MAX(long long)
DEVICE_MIN_MAX(unsigned long long)

// ---- floating point. Where a card is less exact (__expf), its last bits differ from these ----
static inline float __int_as_float(int v) { return device::fromBits<float>(device::toBits(v)); }
static inline float __uint_as_float(unsigned v) { return device::fromBits<float>(device::toBits(v)); }
static inline int __float_as_int(float v) { return device::fromBits<int>(device::toBits(v)); }
static inline unsigned __float_as_uint(float v) { return device::fromBits<unsigned>(device::toBits(v)); }
static inline long long __double_as_longlong(double v) { return (long long)device::toBits(v); }
static inline double __longlong_as_double(long long v) { return device::fromBits<double>(device::toBits(v)); }
static inline int __double2hiint(double v) { return (int)(device::toBits(v) >> 32); }
static inline int __double2loint(double v) { return (int)device::toBits(v); }
static inline double __hiloint2double(int hi, int lo) {
    return device::fromBits<double>((uint64_t)(unsigned)hi << 32 | (unsigned)lo);
}
static inline int __float2int_rn(float v) { return (int)rintf(v); }
static inline int __float2int_rz(float v) { return (int)v; }
static inline int __float2int_rd(float v) { return (int)floorf(v); }
static inline int __float2int_ru(float v) { return (int)ceilf(v); }
static inline int __double2int_rn(double v) { return (int)rint(v); }
static inline float __int2float_rn(int v) { return (float)v; }
static inline float __uint2float_rn(unsigned v) { return (float)v; }
static inline float __ull2float_rn(unsigned long long v) { return (float)v; }
static inline float __double2float_rn(double v) { return (float)v; }
static inline float __fmaf_rn(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
static inline double __fma_rn(double a, double b, double c) { return __builtin_fma(a, b, c); }
static inline float __fadd_rn(float a, float b) { return a + b; }
static inline float __fsub_rn(float a, float b) { return a - b; }
static inline float __fmul_rn(float a, float b) { return a * b; }
static inline float __fdiv_rn(float a, float b) { return a / b; }
static inline float __fdividef(float a, float b) { return a / b; }
static inline float __fsqrt_rn(float a) { return sqrtf(a); }
static inline float __frcp_rn(float a) { return 1.0f / a; }
static inline double __dadd_rn(double a, double b) { return a + b; }
static inline double __dsub_rn(double a, double b) { return a - b; }
static inline double __dmul_rn(double a, double b) { return a * b; }
static inline double __ddiv_rn(double a, double b) { return a / b; }
static inline double __dsqrt_rn(double a) { return sqrt(a); }
static inline double __drcp_rn(double a) { return 1.0 / a; }
static inline float rsqrtf(float a) { return 1.0f / sqrtf(a); }
static inline double rsqrt(double a) { return 1.0 / sqrt(a); }
static inline float __frsqrt_rn(float a) { return 1.0f / sqrtf(a); }
static inline float __saturatef(float a) { return a > 0 ? (a < 1 ? a : 1.0f) : 0.0f; }
static inline float sinpif(float a) { return (float)sin(M_PI * (double)a); }
static inline float cospif(float a) { return (float)cos(M_PI * (double)a); }
static inline double sinpi(double a) { return sin(M_PI * a); }
static inline double cospi(double a) { return cos(M_PI * a); }
static inline long long clock64() { return (long long)__builtin_ia32_rdtsc(); }
// A NaN loses, as in fminf and fmaxf.
static inline float min(float a, float b) { return fminf(a, b); }
static inline float max(float a, float b) { return fmaxf(a, b); }
static inline double min(double a, double b) { return fmin(a, b); }
static inline double max(double a, double b) { return fmax(a, b); }
// Macros, for glibc declares functions of these names.
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

// ---- the registry: a kernel's name, and how to call it with a list of pointers to its arguments ----
namespace device {
struct Parameter {
    size_t size, alignment;
    bool pointer;
};
struct Kernel {
    const char *name, *file;
    int count;
    const Parameter* parameters;
    void (*invoke)(void* const* arguments);
    char *sharedBegin, *sharedEnd; // static shared memory of its file
};
struct Variable {
    const char* name;
    void* address;
    size_t size;
};
DRIVER_API void addKernel(const Kernel*);
DRIVER_API void addVariable(Variable);

template <auto F> struct Adapter;
template <class... A, void (*F)(A...)> struct Adapter<F> {
    static inline const Parameter parameters[sizeof...(A) + 1] = {
            {sizeof(A), alignof(A), std::is_pointer_v<A>}..., {0, 0, false}};

    template <size_t... I> static void call(void* const* a, std::index_sequence<I...>) {
        F(*static_cast<std::remove_reference_t<A>*>(a[I])...);
    }
    static void invoke(void* const* a) { call(a, std::index_sequence_for<A...>()); }
    static Kernel make(const char* name, const char* file, char* sharedBegin, char* sharedEnd) {
        return {name, file, (int)sizeof...(A), parameters, &invoke, sharedBegin, sharedEnd};
    }
};
} // namespace device
