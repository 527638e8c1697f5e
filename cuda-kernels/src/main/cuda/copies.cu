// y[i] = x[i], in another layout or as another kind of number, and y[i] = value.
//
// Loop nest     i over all elements in y's row-major order
// Launch        256 threads a block, at most as many as the card can hold
// Bound         memory: x read once, y written once; 32 bytes for each where neighbours in y are apart in x
#include "views.cuh"

#define COPY(T, bytes)                                                                                      \
  extern "C" __global__ void copy_##bytes(const T* x, T* y, Walk<2> walk, unsigned n) {                     \
    for (EACH(i, n)) {                                                                                      \
      int at[2];                                                                                            \
      locate(walk, i, at);                                                                                  \
      y[at[1]] = x[at[0]];                                                                                  \
    }                                                                                                       \
  }                                                                                                         \
  extern "C" __global__ void fill_##bytes(T value, T* y, Walk<1> walk, unsigned n) {                        \
    for (EACH(i, n)) {                                                                                      \
      int at[1];                                                                                            \
      locate(walk, i, at);                                                                                  \
      y[at[0]] = value;                                                                                     \
    }                                                                                                       \
  }
COPY(u8, 1)
COPY(i32, 4)
COPY(i64, 8)

// Floats to integers as Java does it: towards zero, to the nearest there is, NaN to 0.
template <class F> __device__ inline i64 whole(F x) {
  return x != x ? 0 : x >= F(9223372036854775807.0) ? 0x7fffffffffffffffll
      : x <= F(-9223372036854775808.0) ? -0x7fffffffffffffffll - 1 : (i64)x;
}
template <class F> __device__ inline i32 narrow(F x) {
  return x != x ? 0 : x >= F(2147483647.0) ? 0x7fffffff : x <= F(-2147483648.0) ? -0x7fffffff - 1 : (i32)x;
}
template <class F, class T> struct As {
  static __device__ inline T of(F x) { return (T)x; }
};
template <class F> struct As<F, u8> {
  static __device__ inline u8 of(F x) { return x != 0; }
};
template <> struct As<float, i64> {
  static __device__ inline i64 of(float x) { return whole(x); }
};
template <> struct As<double, i64> {
  static __device__ inline i64 of(double x) { return whole(x); }
};
template <> struct As<float, i32> {
  static __device__ inline i32 of(float x) { return narrow(x); }
};
template <> struct As<double, i32> {
  static __device__ inline i32 of(double x) { return narrow(x); }
};

#define CONVERT(F, from, T, to)                                                                             \
  extern "C" __global__ void convert_##from##_##to(const F* x, T* y, Walk<2> walk, unsigned n) {            \
    for (EACH(i, n)) {                                                                                      \
      int at[2];                                                                                            \
      locate(walk, i, at);                                                                                  \
      y[at[1]] = As<F, T>::of(x[at[0]]);                                                                    \
    }                                                                                                       \
  }
#define CONVERT_FROM(F, from)                                                                               \
  CONVERT(F, from, u8, bool)                                                                                \
  CONVERT(F, from, i32, i32)                                                                                \
  CONVERT(F, from, i64, i64)                                                                                \
  CONVERT(F, from, float, f32)                                                                              \
  CONVERT(F, from, double, f64)
CONVERT_FROM(u8, bool)
CONVERT_FROM(i32, i32)
CONVERT_FROM(i64, i64)
CONVERT_FROM(float, f32)
CONVERT_FROM(double, f64)
