// mean[i] = Σ_j x[i + j] / n, var[i] = Σ_j (x[i + j] − mean[i])² / divisor, in one pass over x.
//
// Loop nest     i over results, j over what is folded into one
// Launch        as in reductions.cu
// Bound         memory: x read once; five f64 operations an element, so arithmetic on cards with 2 f64 units
//               a multiprocessor
//
// A thread sums distances d from the first number it sees, and their squares: Σd² − (Σd)²/m loses at most a
// factor of its m numbers, since that first one is among them. Parts join by Chan's formula
//   M = M_a + M_b + δ² n_a n_b / (n_a + n_b), δ the difference of the means.
// Sums are kept as distances from the first number of the result: where all are equal, everything is 0.
#include "folds.cuh"

template <class T> struct Moments {
  typedef T In;
  struct State {
    double n;        // how many
    double sum;      // of distances from `shift`; once closed, from the first number of the result
    double squares;  // of those distances; once closed, of distances from the mean
    double shift;
  };
  static __device__ inline State none() {
    State s;
    s.n = s.sum = s.squares = s.shift = 0;
    return s;
  }
  static __device__ inline void add(State& s, T x, unsigned) {
    // Not from an infinite one: ∞ − ∞ would hide that the mean is infinite.
    if (s.n == 0) s.shift = absOf((double)x) <= 1.7976931348623157e308 ? (double)x : 0;
    double d = (double)x - s.shift;
    s.n += 1;
    s.sum += d;
    s.squares = fma(d, d, s.squares);
  }
  static __device__ inline void close(State& s, const T* first) {
    if (s.n == 0) return;
    double rest = s.squares - s.sum * s.sum / s.n;
    s.squares = rest < 0 ? 0 : rest;
    s.sum += s.n * (s.shift - (double)*first);
  }
  static __device__ inline State join(const State& a, const State& b) {
    if (a.n == 0 || b.n == 0) return a.n == 0 ? b : a;
    State s;
    s.n = a.n + b.n;
    s.sum = a.sum + b.sum;
    double d = b.sum / b.n - a.sum / a.n;
    s.squares = a.squares + b.squares + d * d * (a.n * b.n / s.n);
    s.shift = 0;
    return s;
  }
};

template <class T> struct PutMoments {
  const T* x;
  T* mean;
  T* var;
  double divisor;
  template <class S> __device__ inline void operator()(const int (&at)[3], const S& s) const {
    mean[at[1]] = (T)((double)x[at[0]] + s.sum / s.n);
    var[at[2]] = (T)(s.squares / divisor);
  }
};

#define VARIANCE(T, suffix)                                                                                 \
  extern "C" __global__ void variance_##suffix(const T* x, Moments<T>::State* partial, Walk<3> kept,        \
      Walk<1> folded, Plan plan, T* mean, T* var, double divisor) {                                         \
    __shared__ Moments<T>::State room[BLOCK];                                                               \
    fold<Moments<T>, true>(x, partial, kept, folded, plan, room, PutMoments<T>{x, mean, var, divisor});     \
  }                                                                                                         \
  extern "C" __global__ void variance_##suffix##_finish(const T* x, const Moments<T>::State* partial,       \
      Walk<3> kept, Plan plan, T* mean, T* var, double divisor) {                                           \
    __shared__ Moments<T>::State room[BLOCK];                                                               \
    finish<Moments<T>>(partial, kept, plan, room, PutMoments<T>{x, mean, var, divisor});                    \
  }
VARIANCE(float, f32)
VARIANCE(double, f64)
