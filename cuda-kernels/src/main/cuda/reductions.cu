// y[i] = fold over j of x[i + j], j over the folded axes: sums, largest, smallest.
//
// Loop nest     i over results, j over what is folded into one, both by any strides
// Launch        256 threads a block. Where the folded elements are adjacent, up to 256 neighbouring threads
//               share a result and load 16 bytes at once; where the results are, 32 neighbouring threads have
//               a result each and up to 8 rows of them go on side by side. Threads join in a binary tree in
//               shared memory. Few results get up to 1,024 blocks together; *_finish joins their parts.
// Bound         memory: x read once. Floats add up in double, two f64 operations an element: at the bound
//               too on cards with 2 f64 units a multiprocessor, far below it on those with 32.
//
// Integers fold in 64 bits and are stored in the operand's.
#include "folds.cuh"

template <class T, class S> struct Stored {
  static __device__ inline T of(S s) { return (T)s; }
};
template <> struct Stored<u8, i64> {
  static __device__ inline u8 of(i64 s) { return s != 0; }
};

template <class T> struct Put {
  T* y;
  template <class S> __device__ inline void operator()(const int (&at)[2], S s) const {
    y[at[1]] = Stored<T, S>::of(s);
  }
};

#define REDUCE(kind, P, T, S, suffix, packs)                                                                \
  extern "C" __global__ void reduce_##kind##_##suffix(const T* x, S* partial, Walk<2> kept, Walk<1> folded, \
      Plan plan, T* y) {                                                                                    \
    __shared__ S room[BLOCK];                                                                               \
    fold<P<T, S>, packs>(x, partial, kept, folded, plan, room, Put<T>{y});                                  \
  }                                                                                                         \
  extern "C" __global__ void reduce_##kind##_##suffix##_finish(const T* x, const S* partial, Walk<2> kept,  \
      Plan plan, T* y) {                                                                                    \
    __shared__ S room[BLOCK];                                                                               \
    finish<P<T, S>>(partial, kept, plan, room, Put<T>{y});                                                  \
  }
REDUCE(SUM, Sum, float, double, f32, true)
REDUCE(SUM, Sum, double, double, f64, true)
REDUCE(SUM, Sum, i32, i64, i32, false)
REDUCE(SUM, Sum, i64, i64, i64, false)
REDUCE(SUM, Sum, u8, i64, bool, false)
REDUCE(MAX, Max, float, float, f32, true)
REDUCE(MAX, Max, double, double, f64, true)
REDUCE(MAX, Max, i32, i64, i32, false)
REDUCE(MAX, Max, i64, i64, i64, false)
REDUCE(MAX, Max, u8, i64, bool, false)
REDUCE(MIN, Min, float, float, f32, true)
REDUCE(MIN, Min, double, double, f64, true)
REDUCE(MIN, Min, i32, i64, i32, false)
REDUCE(MIN, Min, i64, i64, i64, false)
REDUCE(MIN, Min, u8, i64, bool, false)
