// Exponentials along one axis that share a sum, as wengert.tensor.spi.SoftmaxKernels defines them. With m the
// largest x of a line (0 where that is not finite):
//   softmax                  y = e^(x − m) / Σ e^(x − m)
//   softmax_gradient         dx = y (dy − Σ y dy)
//   log_softmax              y = x − m − ln Σ e^(x − m)
//   log_softmax_gradient     dx = dy − e^y Σ dy
//   cross_entropy            loss = −(log_softmax)[target]
//   cross_entropy_gradient   dx = dy p, at the target dy (−Σ of the other p)
//
// Loop nest     i over lines, then j along the line: once for the largest, once for the sum, once to write
// Launch        256 threads a block; up to 256 of them share a line where its elements are adjacent, up to 8
//               where the lines are
// Bound         memory: operands read once from it and again from the cache, where the lines of a block fit
//               there (a line of one block: up to some 16,000 f32), results written once
//
// Sums in double; exponentials in the operand's kind.
#include "folds.cuh"
#include "faults.cuh"

// Steps along the axis.
template <int V> struct Along {
  int step[V];
};

#define EACH_OF_LINE(j) unsigned j = s.lane; j < plan.length; j += plan.lanes

template <class T> struct Line {
  const T* x;
  int step;
  __device__ inline T operator[](unsigned j) const { return x[(int)j * step]; }
};

template <class T> struct Room {
  T peaks[BLOCK];
  double sums[BLOCK];
};

// m of a line; all lanes have it. Threads without a line take part with an empty one.
template <class T>
__device__ inline T peakOf(const Line<T>& x, bool present, const Plan& plan, const Seat& s, Room<T>& room) {
  T m = -INFINITY;
  if (present) {
    for (EACH_OF_LINE(j)) m = largerOf(m, x[j]);
  }
  m = shared<Max<T, T>>(m, room.peaks, plan, s);
  return absOf(m) < INFINITY ? m : T(0);
}

// Σ e^(x − m) without element `skip`; −1 skips none.
template <class T>
__device__ inline double exponentials(const Line<T>& x, T m, i64 skip, bool present, const Plan& plan,
    const Seat& s, Room<T>& room) {
  double sum = 0;
  if (present) {
    for (EACH_OF_LINE(j)) {
      if (j != skip) sum += expOf(x[j] - m);
    }
  }
  return shared<Sum<T, double>>(sum, room.sums, plan, s);
}

template <class T, bool logarithm>
__device__ inline void softmax(const T* x, T* y, const Walk<2>& lines, const Along<2>& along,
    const Plan& plan, Room<T>& room) {
  Seat s = seatOf(plan);
  bool present = s.result < plan.results;
  int at[2] = {0, 0};
  if (present) locate(lines, s.result, at);
  Line<T> line = {x + at[0], along.step[0]};
  T m = peakOf(line, present, plan, s, room);
  double sum = exponentials(line, m, -1, present, plan, s, room);
  if (!present) return;
  double log = logarithm ? logOf(sum) : 0;
  T all = (T)sum;
  for (EACH_OF_LINE(j)) {
    T v = line[j];
    y[at[1] + (int)j * along.step[1]] = logarithm ? (T)((double)v - m - log) : expOf(v - m) / all;
  }
}

template <class T, bool logarithm>
__device__ inline void gradient(const T* y, const T* dy, T* dx, const Walk<3>& lines, const Along<3>& along,
    const Plan& plan, Room<T>& room) {
  Seat s = seatOf(plan);
  bool present = s.result < plan.results;
  int at[3] = {0, 0, 0};
  if (present) locate(lines, s.result, at);
  Line<T> of = {y + at[0], along.step[0]};
  Line<T> upstream = {dy + at[1], along.step[1]};
  double sum = 0;
  if (present) {
    for (EACH_OF_LINE(j)) sum += logarithm ? (double)upstream[j] : (double)of[j] * (double)upstream[j];
  }
  sum = shared<Sum<T, double>>(sum, room.sums, plan, s);
  if (!present) return;
  for (EACH_OF_LINE(j)) {
    double v = of[j], g = upstream[j];
    dx[at[2] + (int)j * along.step[2]] = (T)(logarithm ? g - expOf(of[j]) * sum : v * (g - sum));
  }
}

template <class T>
__device__ inline void crossEntropy(const T* x, const i64* target, T* loss, const Walk<3>& lines, int step,
    const Plan& plan, const Faults& faults, Room<T>& room) {
  Seat s = seatOf(plan);
  bool present = s.result < plan.results;
  int at[3] = {0, 0, 0};
  if (present) locate(lines, s.result, at);
  Line<T> line = {x + at[0], step};
  T m = peakOf(line, present, plan, s, room);
  double sum = exponentials(line, m, -1, present, plan, s, room);
  if (!present || s.lane != 0) return;
  i64 k = target[at[1]];
  if (k < 0 || k >= plan.length) {
    fault(faults, k, s.result);
    loss[at[2]] = NAN;
  } else {
    loss[at[2]] = (T)(-((double)line[(unsigned)k] - m - logOf(sum)));
  }
}

template <class T>
__device__ inline void crossEntropyGradient(const T* x, const i64* target, const T* dy, T* dx,
    const Walk<4>& lines, const Along<2>& along, const Plan& plan, Room<T>& room) {
  Seat s = seatOf(plan);
  bool present = s.result < plan.results;
  int at[4] = {0, 0, 0, 0};
  if (present) locate(lines, s.result, at);
  Line<T> line = {x + at[0], along.step[0]};
  i64 k = present ? target[at[1]] : -1;
  T m = peakOf(line, present, plan, s, room);
  double others = exponentials(line, m, k, present, plan, s, room);
  if (!present) return;
  double sum = k >= 0 && k < plan.length ? others + expOf(line[(unsigned)k] - m) : others;
  double g = dy[at[2]];
  for (EACH_OF_LINE(j)) {
    double share = (j == k ? -others : (double)expOf(line[j] - m)) / sum;
    dx[at[3] + (int)j * along.step[1]] = (T)(g * share);
  }
}

#define SOFTMAX(T, suffix)                                                                                  \
  extern "C" __global__ void softmax_##suffix(const T* x, T* y, Walk<2> lines, Along<2> along, Plan plan) { \
    __shared__ Room<T> room;                                                                                \
    softmax<T, false>(x, y, lines, along, plan, room);                                                      \
  }                                                                                                         \
  extern "C" __global__ void log_softmax_##suffix(const T* x, T* y, Walk<2> lines, Along<2> along,          \
      Plan plan) {                                                                                          \
    __shared__ Room<T> room;                                                                                \
    softmax<T, true>(x, y, lines, along, plan, room);                                                       \
  }                                                                                                         \
  extern "C" __global__ void softmax_gradient_##suffix(const T* y, const T* dy, T* dx, Walk<3> lines,       \
      Along<3> along, Plan plan) {                                                                          \
    __shared__ Room<T> room;                                                                                \
    gradient<T, false>(y, dy, dx, lines, along, plan, room);                                                \
  }                                                                                                         \
  extern "C" __global__ void log_softmax_gradient_##suffix(const T* y, const T* dy, T* dx, Walk<3> lines,   \
      Along<3> along, Plan plan) {                                                                          \
    __shared__ Room<T> room;                                                                                \
    gradient<T, true>(y, dy, dx, lines, along, plan, room);                                                 \
  }                                                                                                         \
  extern "C" __global__ void cross_entropy_##suffix(const T* x, const i64* target, T* loss, Walk<3> lines,  \
      int step, Plan plan, Faults faults) {                                                                 \
    __shared__ Room<T> room;                                                                                \
    crossEntropy(x, target, loss, lines, step, plan, faults, room);                                         \
  }                                                                                                         \
  extern "C" __global__ void cross_entropy_gradient_##suffix(const T* x, const i64* target, const T* dy,    \
      T* dx, Walk<4> lines, Along<2> along, Plan plan) {                                                    \
    __shared__ Room<T> room;                                                                                \
    crossEntropyGradient(x, target, dy, dx, lines, along, plan, room);                                      \
  }
SOFTMAX(float, f32)
SOFTMAX(double, f64)
