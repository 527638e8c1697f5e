// y[i] = the j for which x[i, j] is largest, or smallest: the first of equals, the first NaN if there is one.
//
// Loop nest     i over results, j along the axis
// Launch        as in reductions.cu, without 16-byte loads
// Bound         memory: x read once
#include "folds.cuh"

template <class T, bool largest> struct Extreme {
  typedef T In;
  struct State {
    T value;
    int place;  // −1: nothing yet
  };
  static __device__ inline bool beats(T a, T b) {
    return (largest ? a > b : a < b) || (a != a && b == b);
  }
  static __device__ inline State none() {
    State s;
    s.value = 0;
    s.place = -1;
    return s;
  }
  static __device__ inline void add(State& s, T x, unsigned j) {
    if (s.place < 0 || beats(x, s.value)) {
      s.value = x;
      s.place = j;
    }
  }
  static __device__ inline void close(State&, const T*) {}
  static __device__ inline State join(const State& a, const State& b) {
    if (a.place < 0 || b.place < 0) return b.place < 0 ? a : b;
    if (beats(a.value, b.value)) return a;
    return beats(b.value, a.value) || b.place < a.place ? b : a;
  }
};

struct PutPlace {
  i64* y;
  template <class S> __device__ inline void operator()(const int (&at)[2], const S& s) const {
    y[at[1]] = s.place;
  }
};

#define ARG(kind, largest, T, suffix)                                                                       \
  extern "C" __global__ void arg_##kind##_##suffix(const T* x, Extreme<T, largest>::State* partial,         \
      Walk<2> kept, Walk<1> folded, Plan plan, i64* y) {                                                    \
    __shared__ Extreme<T, largest>::State room[BLOCK];                                                      \
    fold<Extreme<T, largest>, false>(x, partial, kept, folded, plan, room, PutPlace{y});                    \
  }                                                                                                         \
  extern "C" __global__ void arg_##kind##_##suffix##_finish(const T* x,                                     \
      const Extreme<T, largest>::State* partial, Walk<2> kept, Plan plan, i64* y) {                         \
    __shared__ Extreme<T, largest>::State room[BLOCK];                                                      \
    finish<Extreme<T, largest>>(partial, kept, plan, room, PutPlace{y});                                    \
  }
#define ARG_BOTH(T, suffix)                                                                                 \
  ARG(MAX, true, T, suffix)                                                                                 \
  ARG(MIN, false, T, suffix)
ARG_BOTH(float, f32)
ARG_BOTH(double, f64)
ARG_BOTH(i32, i32)
ARG_BOTH(i64, i64)
ARG_BOTH(u8, bool)
