// N batch, C channels, L positions, G groups, S sets of M values. The other letters are those of
// wengert.tensor.spi.NormKernels.
// Normalisation with a scale, a shift and a leaky rectifier, its gradient, and the gradient of that. x is
// [N, C, L], contiguous.
//
// Each of the three goes in steps that depend on shapes alone:
//   1. sums over parts of sets or channels, in f64, into `partial`:
//      *_runs     a warp goes through a run of L numbers, several short ones, or part of a long one; lanes
//                 take 16 bytes at once where aligned. Runs of a set or channel are added up in step 2
//      *_rows     the same where a set is one run of M numbers (groups of channels with L below 32)
//      *_columns  L below 32: a thread goes down a column of [N, C·L], 32 neighbouring columns a warp
//   2. *_finish, *_total: a block for each set or channel adds up its parts in a fixed tree
//   3. the results, flat over all elements, 16 bytes at once where L is a multiple of that, or 1 by groups
//
// Launch        256 threads a block in 1 and 3, 32 or 256 in 2
// Bound         memory. x is read twice (sums, results), as dy and a are; each result is written once. What
//               steps 1 and 2 hand on is at most a hundredth of that. Statistics take three operations in
//               f64 for each number, which bound them on cards with few units for that
//
// Distances in the statistics are from a set's first number, so a large mean does not cancel: what is lost
// is at most the M-th part of what f64 holds. The step that writes y and those that look back compute the
// rectifier's side by the same operations from the rounded mean and variance.
#include "functions.cuh"
#include "sums.cuh"

__device__ inline float fmaOf(float a, float b, float c) { return fmaf(a, b, c); }
__device__ inline double fmaOf(double a, double b, double c) { return fma(a, b, c); }

// Constants of a set, as *_finish writes and step 3 reads them.
#define CONSTANTS 8
enum Constant { MEAN, SCALE, FIRST, SECOND, THIRD, FOURTH, FIFTH };

template <class T> struct Operands {
  const T* x;
  const T* dy;
  const T* a;
  const T* gamma;  // [C], as beta, b, c
  const T* beta;
  const T* b;
  const T* c;
  const T* mean;  // [S], as var
  const T* var;
  T* sets;  // [S, CONSTANTS]
};

struct Sizes {
  unsigned n, c, l;
  unsigned sets, values;  // S, M
  unsigned channels;      // of a set: C / G; 0 for statistics over the batch
};

// Who sums what in step 1.
struct Split {
  unsigned warps;   // of *_runs and *_rows
  unsigned length;  // of a run: L, or M for *_rows
  unsigned per;     // images of a channel for a warp, over the batch
  unsigned parts;   // of a run
  unsigned chunk;   // numbers of a part
};

__device__ inline unsigned setOf(const Sizes& z, unsigned run) {
  return z.channels ? run / z.channels : run % z.c;
}

// A set of one number is its own mean: with 0 for 1/sigma, all that flows back through it is 0 exactly, and
// not what rounding leaves of two equal terms.
template <class T> __device__ inline T scaleOf(T var, T eps, unsigned values) {
  return values == 1 ? T(0) : 1 / sqrtOf(var + eps);
}

// What distances are counted from: the first number of a set, or 0 where it is not finite.
template <class T> __device__ inline double shiftOf(const T* x, const Sizes& z, unsigned set) {
  T first = x[(size_t)set * (z.channels ? z.values : z.l)];
  return first - first == 0 ? (double)first : 0;
}

// What an element's terms depend on beside its own numbers.
template <class T> struct Place {
  double shift;
  T mean, scale, gamma, beta, b, meanA, p, slope;

  __device__ T hat(T x) const { return (x - mean) * scale; }
  __device__ T rectify(T hat, T v) const {
    return fmaOf(gamma, hat, beta) > 0 ? v : slope == 0 ? T(0) : slope * v;
  }
};

// True if packs of elements have packs of channels: L is 1, and no pack belongs to two sets.
template <class T> __device__ inline bool channelsAdjacent(const Operands<T>& in, const Sizes& z) {
  return z.l == 1 && z.channels % (16 / sizeof(T)) == 0 && z.channels > 0 && aligned(in.gamma)
      && aligned(in.beta) && aligned(in.b) && aligned(in.c);
}

template <class T> __device__ inline Pack<T> packAt(const T* x, unsigned i) {
  return ((const Pack<T>*)x)[i];
}

// ---- what is summed: K terms of each element, computed in Term --------------------------------------------

template <class T> struct Moments {
  typedef double Term;
  static const int K = 2, ORDER = 0;
  static const bool MANY = false;
  static __device__ void set(Place<T>& at, const Operands<T>& in, const Sizes& z, unsigned s, T) {
    at.shift = shiftOf(in.x, z, s);
  }
  static __device__ void channel(Place<T>&, const Operands<T>&, unsigned) {}
  static __device__ void terms(const Place<T>& at, T x, T, T, double (&v)[K]) {
    v[0] = (double)x - at.shift;
    v[1] = v[0] * v[0];
  }
};

template <class T> struct Back {
  typedef T Term;
  static __device__ void set(Place<T>& at, const Operands<T>& in, const Sizes& z, unsigned s, T eps) {
    at.mean = in.mean[s];
    at.scale = scaleOf(in.var[s], eps, z.values);
  }
  static __device__ void channel(Place<T>& at, const Operands<T>& in, unsigned c) {
    at.gamma = in.gamma[c];
    at.beta = in.beta[c];
    if (in.b) at.b = in.b[c];
  }
};

// d, d x^
template <class T> struct First : Back<T> {
  static const int K = 2, ORDER = 1;
  static const bool MANY = false;
  static __device__ void terms(const Place<T>& at, T x, T dy, T, T (&v)[K]) {
    T hat = at.hat(x);
    v[0] = at.rectify(hat, dy);
    v[1] = v[0] * hat;
  }
};

// e, e x^
template <class T> struct FirstOfSet : Back<T> {
  static const int K = 2, ORDER = 1;
  static const bool MANY = true;
  static __device__ void terms(const Place<T>& at, T x, T dy, T, T (&v)[K]) {
    T hat = at.hat(x);
    v[0] = at.gamma * at.rectify(hat, dy);
    v[1] = v[0] * hat;
  }
};

// d, d x^, a, a x^, a d
template <class T> struct Second : Back<T> {
  static const int K = 5, ORDER = 2;
  static const bool MANY = false;
  static __device__ void terms(const Place<T>& at, T x, T dy, T a, T (&v)[K]) {
    T hat = at.hat(x);
    v[0] = at.rectify(hat, dy);
    v[1] = v[0] * hat;
    v[2] = a;
    v[3] = a * hat;
    v[4] = a * v[0];
  }
};

// e, e x^, a, a x^, a e, b d, b d x^
template <class T> struct SecondOfSet : Back<T> {
  static const int K = 7, ORDER = 2;
  static const bool MANY = true;
  static __device__ void terms(const Place<T>& at, T x, T dy, T a, T (&v)[K]) {
    T hat = at.hat(x), d = at.rectify(hat, dy);
    v[0] = at.gamma * d;
    v[1] = v[0] * hat;
    v[2] = a;
    v[3] = a * hat;
    v[4] = a * v[0];
    v[5] = at.b * d;
    v[6] = v[5] * hat;
  }
};

// d t
template <class T> struct Gamma : Back<T> {
  static const int K = 1, ORDER = 2;
  static const bool MANY = false;
  static __device__ void set(Place<T>& at, const Operands<T>& in, const Sizes&, unsigned s, T) {
    const T* k = in.sets + (size_t)s * CONSTANTS;
    at.mean = k[MEAN];
    at.scale = k[SCALE];
    at.meanA = k[FIRST];
    at.p = k[SECOND];
  }
  static __device__ void terms(const Place<T>& at, T x, T dy, T a, T (&v)[K]) {
    T hat = at.hat(x);
    v[0] = at.rectify(hat, dy) * (at.scale * (a - at.meanA - hat * at.p));
  }
};

// ---- step 1 -----------------------------------------------------------------------------------------------

template <class F, class T>
__device__ void runs(const Operands<T>& in, const Sizes& z, const Split& split, T eps, T slope,
    double* partial) {
  typedef typename F::Term Term;
  const int K = F::K;
  const unsigned width = 16 / sizeof(T);
  unsigned warp = blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32, lane = threadIdx.x % 32;
  if (warp >= split.warps) return;
  unsigned unit = warp / split.parts, from = (warp - unit * split.parts) * split.chunk;
  unsigned length = split.length - from < split.chunk ? split.length - from : split.chunk;
  bool rows = F::MANY || split.length != z.l;
  unsigned count = 1, run = unit, step = 0;
  if (split.per) {
    unsigned groups = (z.n + split.per - 1) / split.per;
    unsigned c = unit / groups, image = (unit - c * groups) * split.per;
    count = z.n - image < split.per ? z.n - image : split.per;
    run = image * z.c + c;
    step = z.c * z.l;
  }
  unsigned set = rows ? unit : setOf(z, run);
  unsigned first = rows ? set % (z.c / z.channels) * z.channels : run % z.c;
  Place<T> at;
  at.slope = slope;
  F::set(at, in, z, set, eps);
  F::channel(at, in, first);
  size_t base = (size_t)run * split.length + from;
  const T* x = in.x + base;
  const T* dy = F::ORDER > 0 ? in.dy + base : 0;
  const T* a = F::ORDER > 1 ? in.a + base : 0;
  double sums[K];
  for (int k = 0; k < K; k++) sums[k] = 0;
  if (split.length % width == 0 && aligned(x) && aligned(dy) && aligned(a)) {
    typedef Pack<T> V;
    unsigned packs = length / width;
    bool adjacent = channelsAdjacent(in, z);
    for (unsigned q = lane; q < count * packs; q += 32) {
      unsigned r = q / packs, j = q - r * packs;
      size_t i = (size_t)r * step / width + j;
      V vx = ((const V*)x)[i], vdy = vx, va = vx;
      if (F::ORDER > 0) vdy = ((const V*)dy)[i];
      if (F::ORDER > 1) va = ((const V*)a)[i];
      Term pack[K];
      V gamma = vx, beta = vx, b = vx;
      if (F::MANY && adjacent) {
        gamma = packAt(in.gamma + first + from, j);
        beta = packAt(in.beta + first + from, j);
        if (in.b) b = packAt(in.b + first + from, j);
      }
      for (unsigned e = 0; e < width; e++) {
        Term v[K];
        if (F::MANY && adjacent) {
          at.gamma = gamma.v[e];
          at.beta = beta.v[e];
          at.b = b.v[e];
        } else if (F::MANY) {
          F::channel(at, in, first + (from + j * width + e) / z.l);
        }
        F::terms(at, vx.v[e], vdy.v[e], va.v[e], v);
        for (int k = 0; k < K; k++) pack[k] = e == 0 ? v[k] : pack[k] + v[k];
      }
      for (int k = 0; k < K; k++) sums[k] += (double)pack[k];
    }
  } else {
    for (unsigned q = lane; q < count * length; q += 32) {
      unsigned r = q / length, j = q - r * length;
      size_t i = (size_t)r * step + j;
      Term v[K];
      if (F::MANY) F::channel(at, in, first + (from + j) / z.l);
      F::terms(at, x[i], F::ORDER > 0 ? dy[i] : T(0), F::ORDER > 1 ? a[i] : T(0), v);
      for (int k = 0; k < K; k++) sums[k] += (double)v[k];
    }
  }
  warpSum(sums);
  if (lane == 0) {
    for (int k = 0; k < K; k++) partial[(size_t)warp * K + k] = sums[k];
  }
}

// Blocks of 32 columns and 8 rows; blockIdx.y counts chunks of rows.
#define COLUMN_ROWS 8

template <class F, class T>
__device__ void columns(const Operands<T>& in, const Sizes& z, unsigned chunk, T eps, T slope,
    double* partial, double (*room)[32][F::K]) {
  typedef typename F::Term Term;
  const int K = F::K;
  unsigned wide = z.c * z.l, column = blockIdx.x * 32 + threadIdx.x % 32, row = threadIdx.x / 32;
  unsigned end = z.n - blockIdx.y * chunk < chunk ? z.n : (blockIdx.y + 1) * chunk;
  double sums[K];
  for (int k = 0; k < K; k++) sums[k] = 0;
  if (column < wide) {
    unsigned c = column / z.l;
    Place<T> at;
    at.slope = slope;
    F::channel(at, in, c);
    if (!z.channels) F::set(at, in, z, c, eps);
    for (unsigned n = blockIdx.y * chunk + row; n < end; n += COLUMN_ROWS) {
      size_t i = (size_t)n * wide + column;
      Term v[K];
      if (z.channels) F::set(at, in, z, (n * z.c + c) / z.channels, eps);
      F::terms(at, in.x[i], F::ORDER > 0 ? in.dy[i] : T(0), F::ORDER > 1 ? in.a[i] : T(0), v);
      for (int k = 0; k < K; k++) sums[k] += (double)v[k];
    }
  }
  for (int k = 0; k < K; k++) room[row][threadIdx.x % 32][k] = sums[k];
  __syncthreads();
  if (row == 0 && column < wide) {
    for (int k = 0; k < K; k++) {
      double sum = 0;
      for (int r = 0; r < COLUMN_ROWS; r++) sum += room[r][threadIdx.x][k];
      partial[((size_t)column * gridDim.y + blockIdx.y) * K + k] = sum;
    }
  }
}

// ---- step 2 -----------------------------------------------------------------------------------------------

// Where the parts of a set or of a channel stand in `partial`: `inner` one after the other from
// `index * inner` on, and those again `outer` times, `step` apart.
struct Parts {
  unsigned inner, outer, step;
};

template <class T>
__device__ void momentsFinish(const T* x, const Sizes& z, const double* partial, unsigned count, T eps,
    T* mean, T* var, T* sets, double (&room)[32][2]) {
  unsigned s = blockIdx.x;
  double sums[2] = {0, 0};
  for (unsigned i = threadIdx.x; i < count; i += blockDim.x) {
    const double* two = partial + ((size_t)s * count + i) * 2;
    sums[0] += two[0];
    sums[1] += two[1];
  }
  blockSum(sums, room);
  if (threadIdx.x == 0) {
    double away = sums[0] / z.values, v = sums[1] / z.values - away * away;
    mean[s] = T(shiftOf(x, z, s) + away);
    var[s] = T(v < 0 ? 0 : v);
    sets[(size_t)s * CONSTANTS + MEAN] = mean[s];
    sets[(size_t)s * CONSTANTS + SCALE] = scaleOf(var[s], eps, z.values);
  }
}

// The channel whose gamma weighs part i of set s; its parts are `count` in all.
__device__ inline unsigned channelOf(const Sizes& z, unsigned s, unsigned i, unsigned count) {
  return z.channels ? s % (z.c / z.channels) * z.channels + i / (count / z.channels) : s;
}

// Blocks for sets, then for channels. With `weighted`, sets are made of the sums of runs.
template <class T>
__device__ void gradientFinish(const Operands<T>& in, const Sizes& z, const double* ofSets, unsigned count,
    int weighted, const double* ofChannels, const Parts& parts, T eps, T* dgamma, T* dbeta,
    double (&room)[32][2]) {
  double sums[2] = {0, 0};
  if (blockIdx.x < z.sets) {
    unsigned s = blockIdx.x;
    for (unsigned i = threadIdx.x; i < count; i += blockDim.x) {
      const double* two = ofSets + ((size_t)s * count + i) * 2;
      double w = weighted ? (double)in.gamma[channelOf(z, s, i, count)] : 1;
      sums[0] += w * two[0];
      sums[1] += w * two[1];
    }
    blockSum(sums, room);
    if (threadIdx.x == 0) {
      T* k = in.sets + (size_t)s * CONSTANTS;
      k[MEAN] = in.mean[s];
      k[SCALE] = scaleOf(in.var[s], eps, z.values);
      k[FIRST] = T(sums[0] / z.values);
      k[SECOND] = T(sums[1] / z.values);
    }
    return;
  }
  unsigned c = blockIdx.x - z.sets;
  for (unsigned i = threadIdx.x; i < parts.outer * parts.inner; i += blockDim.x) {
    unsigned n = i / parts.inner;
    const double* two = ofChannels + ((size_t)n * parts.step + c * parts.inner + i - n * parts.inner) * 2;
    sums[0] += two[0];
    sums[1] += two[1];
  }
  blockSum(sums, room);
  if (threadIdx.x == 0) {
    dbeta[c] = T(sums[0]);
    dgamma[c] = T(sums[1]);
  }
}

// What the second order needs of the sums over a set: sum e, e x^, a, a x^, a e, b d, b d x^.
template <class T>
__device__ void secondConstants(const Operands<T>& in, const Sizes& z, unsigned s, T eps,
    const double (&sums)[7]) {
  T* k = in.sets + (size_t)s * CONSTANTS;
  T scale = scaleOf(in.var[s], eps, z.values);
  double m = z.values, by = (double)scale;
  double meanE = sums[0] / m, q = sums[1] / m, meanA = sums[2] / m, p = sums[3] / m;
  double r = sums[4] / m - meanA * meanE - p * q;
  double meanG = sums[5] / m - by * (meanA * q + meanE * p);
  double meanGHat = sums[6] / m - 2 * by * p * q;
  k[MEAN] = in.mean[s];
  k[SCALE] = scale;
  k[FIRST] = T(meanA);
  k[SECOND] = T(p);
  k[THIRD] = T(q);
  k[FOURTH] = T(-by * meanGHat - by * by * r);
  k[FIFTH] = T(-by * meanG);
}

// From the sums of runs, K = 5, or of sets, K = 7.
template <int K, class T>
__device__ void secondFinish(const Operands<T>& in, const Sizes& z, const double* partial, unsigned count,
    T eps, double (&room)[32][7]) {
  unsigned s = blockIdx.x;
  double sums[7] = {0, 0, 0, 0, 0, 0, 0};
  for (unsigned i = threadIdx.x; i < count; i += blockDim.x) {
    const double* v = partial + ((size_t)s * count + i) * K;
    if (K == 7) {
      for (int k = 0; k < K; k++) sums[k] += v[k];
    } else {
      unsigned c = channelOf(z, s, i, count);
      double g = (double)in.gamma[c], b = (double)in.b[c];
      sums[0] += g * v[0];
      sums[1] += g * v[1];
      sums[2] += v[2];
      sums[3] += v[3];
      sums[4] += g * v[4];
      sums[5] += b * v[0];
      sums[6] += b * v[1];
    }
  }
  blockSum(sums, room);
  if (threadIdx.x == 0) secondConstants(in, z, s, eps, sums);
}

// dgamma = sum of d t: from the sums of runs and the constants of their sets, K = 5; summed already, K = 1.
template <int K, class T>
__device__ void gammaFinish(const Operands<T>& in, const Sizes& z, const double* partial, const Parts& parts,
    T* dgamma, double (&room)[32][1]) {
  unsigned c = blockIdx.x;
  double sum[1] = {0};
  for (unsigned i = threadIdx.x; i < parts.outer * parts.inner; i += blockDim.x) {
    unsigned n = i / parts.inner;
    const double* v = partial + ((size_t)n * parts.step + c * parts.inner + i - n * parts.inner) * K;
    if (K == 1) {
      sum[0] += v[0];
    } else {
      const T* k = in.sets + (size_t)(z.channels ? (n * z.c + c) / z.channels : c) * CONSTANTS;
      sum[0] += (double)k[SCALE] * (v[4] - (double)k[FIRST] * v[0] - (double)k[SECOND] * v[1]);
    }
  }
  blockSum(sum, room);
  if (threadIdx.x == 0) dgamma[c] = T(sum[0]);
}

// ---- step 3 -----------------------------------------------------------------------------------------------

// The constants of an element's set and channel.
template <class T> struct Where {
  Place<T> at;
  T k[CONSTANTS];
  T c;
};

template <class T>
__device__ inline Where<T> whereIs(const Operands<T>& in, const Sizes& z, T slope, unsigned i) {
  typedef Pack<T> V;
  const unsigned width = 16 / sizeof(T);
  unsigned run = i / z.l, c = run % z.c, set = z.channels ? run / z.channels : c;
  Where<T> w;
  const V* k = (const V*)(in.sets + (size_t)set * CONSTANTS);
  for (unsigned j = 0; j < CONSTANTS / width; j++) {
    V v = k[j];
    for (unsigned e = 0; e < width; e++) w.k[j * width + e] = v.v[e];
  }
  w.at.slope = slope;
  w.at.mean = w.k[MEAN];
  w.at.scale = w.k[SCALE];
  w.at.gamma = in.gamma[c];
  w.at.beta = in.beta[c];
  w.at.b = in.b ? in.b[c] : T(0);
  w.c = in.c ? in.c[c] : T(0);
  return w;
}

template <class T> struct Forward {
  static const int ORDER = 0;
  static __device__ void results(const Where<T>& w, T x, T, T, T& y, T&) {
    T z = fmaOf(w.at.gamma, w.at.hat(x), w.at.beta);
    y = z > 0 ? z : z <= 0 && w.at.slope == 0 ? T(0) : w.at.slope * z;
  }
};

template <class T> struct Gradient {
  static const int ORDER = 1;
  static __device__ void results(const Where<T>& w, T x, T dy, T, T& dx, T&) {
    T hat = w.at.hat(x);
    dx = w.at.scale * (w.at.gamma * w.at.rectify(hat, dy) - w.k[FIRST] - hat * w.k[SECOND]);
  }
};

template <class T> struct SecondGradient {
  static const int ORDER = 2;
  static __device__ void results(const Where<T>& w, T x, T dy, T a, T& dx, T& ddy) {
    T s = w.at.scale, hat = w.at.hat(x), d = w.at.rectify(hat, dy), p = w.k[SECOND];
    T t = s * (a - w.k[FIRST] - hat * p);
    ddy = w.at.rectify(hat, w.at.gamma * t + w.at.b * hat + w.c);
    dx = s * (w.at.b * d - s * (a * w.k[THIRD] + w.at.gamma * d * p)) + hat * w.k[FOURTH] + w.k[FIFTH];
  }
};

template <class F, class T>
__device__ void results(const Operands<T>& in, const Sizes& z, T slope, T* first, T* second, unsigned n) {
  typedef Pack<T> V;
  const unsigned width = 16 / sizeof(T);
  const T* dy = F::ORDER > 0 ? in.dy : 0;
  const T* a = F::ORDER > 1 ? in.a : 0;
  bool adjacent = channelsAdjacent(in, z);
  if ((z.l % width == 0 || adjacent) && aligned(in.x) && aligned(dy) && aligned(a) && aligned(first)
      && aligned(second)) {
    for (EACH(i, n / width)) {
      V vx = ((const V*)in.x)[i], vdy = vx, va = vx, gamma = vx, beta = vx, b = vx, c = vx, one, two;
      if (F::ORDER > 0) vdy = ((const V*)dy)[i];
      if (F::ORDER > 1) va = ((const V*)a)[i];
      Where<T> w = whereIs(in, z, slope, i * width);
      if (adjacent) {
        unsigned j = i % (z.c / width);
        gamma = packAt(in.gamma, j);
        beta = packAt(in.beta, j);
        if (F::ORDER > 1) b = packAt(in.b, j);
        if (F::ORDER > 1) c = packAt(in.c, j);
      }
      for (unsigned e = 0; e < width; e++) {
        if (adjacent) {
          w.at.gamma = gamma.v[e];
          w.at.beta = beta.v[e];
          w.at.b = b.v[e];
          w.c = c.v[e];
        }
        F::results(w, vx.v[e], vdy.v[e], va.v[e], one.v[e], two.v[e]);
      }
      ((V*)first)[i] = one;
      if (F::ORDER > 1) ((V*)second)[i] = two;
    }
    return;
  }
  for (EACH(i, n)) {
    T one, two;
    Where<T> w = whereIs(in, z, slope, i);
    F::results(w, in.x[i], F::ORDER > 0 ? dy[i] : T(0), F::ORDER > 1 ? a[i] : T(0), one, two);
    first[i] = one;
    if (F::ORDER > 1) second[i] = two;
  }
}

// ---- entry points -----------------------------------------------------------------------------------------

#define RUNS(name, F, T, suffix)                                                                            \
  extern "C" __global__ void norm_##name##_##suffix(Operands<T> in, Sizes z, Split split, double eps,       \
      double slope, double* partial) {                                                                      \
    runs<F<T> >(in, z, split, T(eps), T(slope), partial);                                                   \
  }
#define COLUMNS(name, F, T, suffix)                                                                         \
  extern "C" __global__ void norm_##name##_##suffix(Operands<T> in, Sizes z, unsigned chunk, double eps,    \
      double slope, double* partial) {                                                                      \
    __shared__ double room[COLUMN_ROWS][32][F<T>::K];                                                       \
    columns<F<T> >(in, z, chunk, T(eps), T(slope), partial, room);                                          \
  }
#define SECOND_FINISH(name, K, T, suffix)                                                                   \
  extern "C" __global__ void norm_##name##_##suffix(Operands<T> in, Sizes z, const double* partial,         \
      unsigned count, double eps) {                                                                         \
    __shared__ double room[32][7];                                                                          \
    secondFinish<K>(in, z, partial, count, T(eps), room);                                                   \
  }
#define GAMMA_FINISH(name, K, T, suffix)                                                                    \
  extern "C" __global__ void norm_##name##_##suffix(Operands<T> in, Sizes z, const double* partial,         \
      Parts parts, T* dgamma) {                                                                             \
    __shared__ double room[32][1];                                                                          \
    gammaFinish<K>(in, z, partial, parts, dgamma, room);                                                    \
  }
#define RESULTS(name, F, T, suffix)                                                                         \
  extern "C" __global__ void norm_##name##_##suffix(Operands<T> in, Sizes z, double slope, T* first,        \
      T* second, unsigned n) {                                                                              \
    results<F<T> >(in, z, T(slope), first, second, n);                                                      \
  }
#define NORMS(T, suffix)                                                                                    \
  RUNS(moments_runs, Moments, T, suffix)                                                                    \
  COLUMNS(moments_columns, Moments, T, suffix)                                                              \
  extern "C" __global__ void norm_moments_finish_##suffix(Operands<T> in, Sizes z, const double* partial,   \
      unsigned count, double eps, T* mean, T* var) {                                                        \
    __shared__ double room[32][2];                                                                          \
    momentsFinish(in.x, z, partial, count, T(eps), mean, var, in.sets, room);                               \
  }                                                                                                         \
  RESULTS(forward, Forward, T, suffix)                                                                      \
  RUNS(gradient_runs, First, T, suffix)                                                                     \
  RUNS(gradient_rows, FirstOfSet, T, suffix)                                                                \
  COLUMNS(gradient_columns, First, T, suffix)                                                               \
  extern "C" __global__ void norm_gradient_finish_##suffix(Operands<T> in, Sizes z, const double* ofSets,   \
      unsigned count, int weighted, const double* ofChannels, Parts parts, double eps, T* dgamma,           \
      T* dbeta) {                                                                                           \
    __shared__ double room[32][2];                                                                          \
    gradientFinish(in, z, ofSets, count, weighted, ofChannels, parts, T(eps), dgamma, dbeta, room);         \
  }                                                                                                         \
  RESULTS(gradient, Gradient, T, suffix)                                                                    \
  RUNS(second_runs, Second, T, suffix)                                                                      \
  RUNS(second_rows, SecondOfSet, T, suffix)                                                                 \
  COLUMNS(second_columns, Second, T, suffix)                                                                \
  SECOND_FINISH(second_runs_finish, 5, T, suffix)                                                           \
  SECOND_FINISH(second_rows_finish, 7, T, suffix)                                                           \
  COLUMNS(gamma_columns, Gamma, T, suffix)                                                                  \
  GAMMA_FINISH(gamma_runs_finish, 5, T, suffix)                                                             \
  GAMMA_FINISH(gamma_columns_finish, 1, T, suffix)                                                          \
  RESULTS(second, SecondGradient, T, suffix)
NORMS(float, f32)
NORMS(double, f64)
