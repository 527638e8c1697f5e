// Steps of optimisers in f32: all parameters of a group in one launch.
//
// Loop nest     blocks over chunks of CHUNK numbers, those of one parameter after those of another; threads
//               over a chunk, 16 bytes at once where aligned
// Launch        256 threads a block; at most MOST_ITEMS parameters, whose addresses are kernel parameters
// Bound         memory: every number is read once and written once, 28 bytes for one of Adam's
//
// squares: a block sums a chunk in f64 (the square of an f32 is exact there); the program adds the chunks up.
#include "functions.cuh"
#include "sums.cuh"

// As in wengert.cuda.Optimizers.
#define MOST_ITEMS 64
#define CHUNK 4096

struct Items {
  float* p[MOST_ITEMS];
  float* g[MOST_ITEMS];  // read only
  float* a[MOST_ITEMS];  // null where nothing is kept
  float* b[MOST_ITEMS];
  float* c[MOST_ITEMS];
};

struct Extents {
  int first[MOST_ITEMS];  // block that a parameter begins with; INT_MAX where there is none
  int length[MOST_ITEMS];
};

struct Rates {
  float rate[MOST_ITEMS];
  float own[MOST_ITEMS];
};

// The last parameter that begins with this block or before.
__device__ inline int itemOf(const Extents& extents) {
  int item = 0;
  for (int half = MOST_ITEMS / 2; half > 0; half /= 2) {
    if (extents.first[item + half] <= (int)blockIdx.x) item += half;
  }
  return item;
}

// What stays of a running mean and what comes: (m - share m) + share x with one rounding each, since
// 1 - share rounded would be off by 1e-5 of it.
__device__ inline float moved(float m, float share, float x) {
  return fmaf(share, x, fmaf(-share, m, m));
}

struct Adam {
  float share1, share2, decay, keep;
  bool largest;
  __device__ void step(float rate, float own, float& p, float g, float& a, float& b, float& c) const {
    float d = fmaf(decay, p, g);
    a = moved(a, share1, d);
    b = moved(b, share2, d * d);
    float square = b;
    if (largest) square = c = largerOf(c, b);
    p = fmaf(rate, a / (sqrtf(square) + own), keep * p);
  }
};

struct Sgd {
  float momentum, decay;
  int nesterov;
  bool moving;
  __device__ void step(float rate, float own, float& p, float g, float& a, float&, float&) const {
    float d = fmaf(decay, p, g);
    if (moving) {
      a = fmaf(momentum, a, own * d);
      d = nesterov ? fmaf(momentum, a, d) : a;
    }
    p = fmaf(rate, d, p);
  }
};

struct RmsProp {
  float share, momentum, decay;
  bool centered, moving;
  __device__ void step(float rate, float own, float& p, float g, float& a, float& b, float& c) const {
    float d = fmaf(decay, p, g);
    float square = a = moved(a, share, d * d);
    if (centered) {
      b = moved(b, share, d);
      square = largerOf(fmaf(-b, b, square), 0.0f);
    }
    d /= sqrtf(square) + own;
    if (moving) d = c = fmaf(momentum, c, d);
    p = fmaf(rate, d, p);
  }
};

struct Adagrad {
  float decay;
  __device__ void step(float rate, float own, float& p, float g, float& a, float&, float&) const {
    float d = fmaf(decay, p, g);
    a = fmaf(d, d, a);
    p = fmaf(rate, d / (sqrtf(a) + own), p);
  }
};

template <class V> __device__ inline V read(const float* x, int i) { return ((const V*)x)[i]; }

template <class Rule>
__device__ void chunk(const Rule& rule, float* p, const float* g, float* a, float* b, float* c, int n,
    float rate, float own) {
  int done = 0;
  if (aligned(p) && aligned(g) && aligned(a) && aligned(b) && aligned(c)) {
    typedef Pack<float> V;
    for (int i = threadIdx.x; i < n / 4; i += blockDim.x) {
      V vp = read<V>(p, i), vg = read<V>(g, i), va = vg, vb = vg, vc = vg;
      if (a) va = read<V>(a, i);
      if (b) vb = read<V>(b, i);
      if (c) vc = read<V>(c, i);
      for (int k = 0; k < 4; k++) rule.step(rate, own, vp.v[k], vg.v[k], va.v[k], vb.v[k], vc.v[k]);
      ((V*)p)[i] = vp;
      if (a) ((V*)a)[i] = va;
      if (b) ((V*)b)[i] = vb;
      if (c) ((V*)c)[i] = vc;
    }
    done = n / 4 * 4;
  }
  for (int i = done + threadIdx.x; i < n; i += blockDim.x) {
    float vp = p[i], va = 0, vb = 0, vc = 0;
    if (a) va = a[i];
    if (b) vb = b[i];
    if (c) vc = c[i];
    rule.step(rate, own, vp, g[i], va, vb, vc);
    p[i] = vp;
    if (a) a[i] = va;
    if (b) b[i] = vb;
    if (c) c[i] = vc;
  }
}

#define STEP(name, parameters, Rule, ...)                                                                   \
  extern "C" __global__ void name(Items items, Extents extents, Rates rates, parameters) {                  \
    int i = itemOf(extents);                                                                                \
    size_t from = (size_t)(blockIdx.x - extents.first[i]) * CHUNK;                                          \
    int n = extents.length[i] - (int)from < CHUNK ? extents.length[i] - (int)from : CHUNK;                  \
    float* a = items.a[i] ? items.a[i] + from : 0;                                                          \
    float* b = items.b[i] ? items.b[i] + from : 0;                                                          \
    float* c = items.c[i] ? items.c[i] + from : 0;                                                          \
    Rule rule = __VA_ARGS__;                                                                                \
    chunk(rule, items.p[i] + from, items.g[i] + from, a, b, c, n, rates.rate[i], rates.own[i]);             \
  }
#define AND ,
STEP(adam, float share1 AND float share2 AND float decay AND float keep, Adam,
    {share1, share2, decay, keep, c != 0})
STEP(sgd, float momentum AND float decay AND int nesterov, Sgd, {momentum, decay, nesterov, a != 0})
STEP(rms_prop, float share AND float momentum AND float decay, RmsProp,
    {share, momentum, decay, b != 0, c != 0})
STEP(adagrad, float decay, Adagrad, {decay})

struct Gradients {
  const float* g[MOST_ITEMS];
};

// partial[block] = sum of g^2 over a chunk.
extern "C" __global__ void squares(Gradients items, Extents extents, double* partial) {
  int i = itemOf(extents);
  size_t from = (size_t)(blockIdx.x - extents.first[i]) * CHUNK;
  const float* g = items.g[i] + from;
  int n = extents.length[i] - (int)from < CHUNK ? extents.length[i] - (int)from : CHUNK;
  double sum[1] = {0};
  int done = 0;
  if (aligned(g)) {
    for (int j = threadIdx.x; j < n / 4; j += blockDim.x) {
      Pack<float> v = ((const Pack<float>*)g)[j];
      for (int k = 0; k < 4; k++) sum[0] = fma((double)v.v[k], (double)v.v[k], sum[0]);
    }
    done = n / 4 * 4;
  }
  for (int j = done + threadIdx.x; j < n; j += blockDim.x) sum[0] = fma((double)g[j], (double)g[j], sum[0]);
  __shared__ double room[32][1];
  blockSum(sum, room);
  if (threadIdx.x == 0) partial[blockIdx.x] = sum[0];
}
