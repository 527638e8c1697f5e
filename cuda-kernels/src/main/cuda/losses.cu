// Losses of values x and targets t, and their gradients, by the equations of wengert.tensor.spi.LossForm.
//
// Loop nest     i over all elements; targets and cotangents step by 1, or by 0 where one stands for all
// Launch        256 threads a block; a sum is split into chunks by its length alone, and where there is more
//               than one, loss_total adds up the chunks' sums
// Bound         memory: x and t read once, a gradient written once; losses that are folded are never stored
//
// A loss is computed in the operands' type, sums are f64.
#include "functions.cuh"
#include "sums.cuh"

// As the constants of LossForm.Kind are numbered.
enum Kind { BCE, PROBABILITY, SQUARED, ABSOLUTE, SMOOTH, HINGE };

template <class T> __device__ inline T between(T v, T low, T high) {
  return v != v ? v : v > high ? high : v < low ? low : v;
}

// The largest number whose logarithm is not above -100.
template <class T> struct Nearly;
template <> struct Nearly<float> {
  static __device__ inline float nothing() { return 0x1.ap-145f; }
};
template <> struct Nearly<double> {
  static __device__ inline double nothing() { return 0x1.a8c1f14e2af5dp-145; }
};

__device__ inline float fmaOf(float a, float b, float c) { return fmaf(a, b, c); }
__device__ inline double fmaOf(double a, double b, double c) { return fma(a, b, c); }

template <class T> struct Bce {
  static __device__ inline T loss(T x, T t, T) {
    return fmaOf(-t, x, largerOf(x, T(0))) + log1pOf(expOf(-absOf(x)));
  }
  static __device__ inline T slope(T x, T t, T) {
    T e = expOf(-absOf(x));
    T other = e / (1 + e);
    return x < 0 ? other - t : 1 - t - other;
  }
};

template <class T> struct Probability {
  static __device__ inline T loss(T x, T t, T) {
    T yes = largerOf(logOf(largerOf(x, T(0))), T(-100));
    T no = largerOf(log1pOf(-smallerOf(x, T(1))), T(-100));
    return fmaOf(-t, yes, (t - 1) * no);
  }
  static __device__ inline T slope(T x, T t, T) {
    T rest = 1 - x;
    return x <= Nearly<T>::nothing() ? (1 - t) / rest : rest <= Nearly<T>::nothing() ? -t / x
        : (x - t) / (x * rest);
  }
};

template <class T> struct Squared {
  static __device__ inline T loss(T x, T t, T) { return (x - t) * (x - t); }
  static __device__ inline T slope(T x, T t, T) { return 2 * (x - t); }
};

template <class T> struct Absolute {
  static __device__ inline T loss(T x, T t, T) { return absOf(x - t); }
  static __device__ inline T slope(T x, T t, T) { return x > t ? T(1) : x < t ? T(-1) : x - t; }
};

template <class T> struct Smooth {
  static __device__ inline T loss(T x, T t, T p) {
    T e = x - t, c = between(e, -p, p);
    return c * (e - c / 2) / p;
  }
  static __device__ inline T slope(T x, T t, T p) { return between(x - t, -p, p) / p; }
};

template <class T> struct Hinge {
  static __device__ inline T loss(T x, T t, T) { return largerOf(fmaOf(-t, x, T(1)), T(0)); }
  static __device__ inline T slope(T x, T t, T) { return fmaOf(-t, x, T(1)) > 0 ? -t : T(0); }
};

// Does something with Loss, the loss of a kind.
#define OF_KIND(T, kind, call)                                                                              \
  switch (kind) {                                                                                           \
    case BCE: { typedef Bce<T> Loss; call; break; }                                                         \
    case PROBABILITY: { typedef Probability<T> Loss; call; break; }                                         \
    case SQUARED: { typedef Squared<T> Loss; call; break; }                                                 \
    case ABSOLUTE: { typedef Absolute<T> Loss; call; break; }                                               \
    case SMOOTH: { typedef Smooth<T> Loss; call; break; }                                                   \
    case HINGE: { typedef Hinge<T> Loss; call; break; }                                                     \
  }

template <class Loss, class T>
__device__ void each(T p, const T* x, const T* t, unsigned tStep, T* y, unsigned n) {
  for (EACH(i, n)) y[i] = Loss::loss(x[i], t[i * tStep], p);
}

template <class Loss, class T>
__device__ void gradient(T p, double share, const T* x, const T* t, unsigned tStep, const T* dy,
    unsigned dyStep, T* dx, unsigned n) {
  T factor = n == 0 ? T(0) : T((double)dy[0] * share);
  for (EACH(i, n)) {
    if (dyStep != 0) factor = T((double)dy[i] * share);
    dx[i] = factor * Loss::slope(x[i], t[i * tStep], p);
  }
}

template <class Loss, class T>
__device__ double part(T p, const T* x, const T* t, unsigned tStep, unsigned from, unsigned to) {
  double sum = 0;
  for (unsigned i = from + threadIdx.x; i < to; i += blockDim.x) {
    sum += (double)Loss::loss(x[i], t[i * tStep], p);
  }
  return sum;
}

#define LOSSES(T, suffix)                                                                                   \
  extern "C" __global__ void loss_each_##suffix(int kind, double p, const T* x, const T* t,                 \
      unsigned tStep, T* y, unsigned n) {                                                                   \
    OF_KIND(T, kind, (each<Loss, T>(T(p), x, t, tStep, y, n)))                                              \
  }                                                                                                         \
  extern "C" __global__ void loss_gradient_##suffix(int kind, double p, double share, const T* x,           \
      const T* t, unsigned tStep, const T* dy, unsigned dyStep, T* dx, unsigned n) {                        \
    OF_KIND(T, kind, (gradient<Loss, T>(T(p), share, x, t, tStep, dy, dyStep, dx, n)))                      \
  }                                                                                                         \
  /* the sum of a chunk into partial[block], or where there is one chunk, share of it into y */             \
  extern "C" __global__ void loss_sum_##suffix(int kind, double p, double share, const T* x, const T* t,    \
      unsigned tStep, double* partial, T* y, unsigned n, unsigned chunk) {                                  \
    unsigned from = blockIdx.x * chunk;                                                                     \
    unsigned to = n - from < chunk ? n : from + chunk;                                                      \
    __shared__ double room[32][1];                                                                          \
    double sum[1] = {0};                                                                                    \
    OF_KIND(T, kind, (sum[0] = part<Loss, T>(T(p), x, t, tStep, from, to)))                                 \
    blockSum(sum, room);                                                                                    \
    if (threadIdx.x == 0) {                                                                                 \
      if (gridDim.x > 1) {                                                                                  \
        partial[blockIdx.x] = sum[0];                                                                       \
      } else {                                                                                              \
        *y = T(sum[0] * share);                                                                             \
      }                                                                                                     \
    }                                                                                                       \
  }                                                                                                         \
  extern "C" __global__ void loss_total_##suffix(double share, const double* partial, T* y, unsigned n) {   \
    __shared__ double room[32][1];                                                                          \
    double sum[1] = {0};                                                                                    \
    for (unsigned i = threadIdx.x; i < n; i += blockDim.x) sum[0] += partial[i];                            \
    blockSum(sum, room);                                                                                    \
    if (threadIdx.x == 0) *y = T(sum[0] * share);                                                           \
  }
LOSSES(float, f32)
LOSSES(double, f64)
