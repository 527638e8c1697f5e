// Convolution, its data gradient and its weight gradient as products of matrices that are never stored: their
// elements are fetched from the pictures when a slice of the sum needs them.
//
//   forward          y[k; npq]   = sum over crs of w[k; crs] x[crs; npq]
//   data gradient    dx[c; nhw]  = sum over krs of w[c; krs] dy[krs; nhw]
//   weight gradient  dw[k; crs]  = sum over npq of dy[k; npq] x[npq; crs]
//
// In a data gradient with steps of two, only every second tap meets a given row. Rows that the same taps meet
// form a phase, in which both move evenly: a phase is a convolution of dy that moves by one, with every
// second tap, backwards. So one kernel does both, a phase being one more coordinate of its blocks.
//
// Loop nest     the sum in slices of 8: each thread brings its share of the next slice from memory to
//               registers, while all multiply the present one from shared memory, then puts it there
// Launch        256 threads for CHANNELS x PIXELS results, TALL x LONG each:
//               large 128x128, 8x8; broad 64x128, 4x8; middle 64x64, 4x4; wide 32x128, 4x4; thin 4x256, 4x1;
//               one barrier a slice
//               plain: a thread for each result, for groups of few channels and for tiny pictures
// Bound         arithmetic where the sum is long; what is fetched again comes from the caches
// Sums          forward and data gradient: in order of crs or krs, whatever the tile. Weight gradient: npq in
//               slices of a length that depends on the shape, in order, then the slices in order
// Not finite    outside of the picture stand zeros, which a tile multiplies, as cuDNN does: an infinite
//               weight makes NaN of the results at the border
#include "views.cuh"

#define DEPTH 8
#define THREADS 256
#define PLAIN_THREADS 128

// wengert.cuda.Geometry fills it in. Steps are in elements. "in" and "out": x and y, or in the data gradient
// dy and dx; the weight gradient reads both.
struct Convolution {
  int transposed;
  int images, groups;
  int summed, channels;              // channels of in and of out, a group
  int inRows, inColumns, outRows, outColumns;
  int r, s;
  int strideH, strideW, padH, padW, dilationH, dilationW;
  int inN, inC, inH, inW;
  int outN, outC, outH, outW;
  int wGroup, wOut, wIn, wR, wS;     // weights: from group to group, channel of out, channel of in, tap
  int biasStep;
  int slices, sliceLength;           // of the weight gradient's sum
};

__device__ inline float plusProduct(float sum, float a, float b) { return __fmaf_rn(a, b, sum); }
__device__ inline double plusProduct(double sum, double a, double b) { return __fma_rn(a, b, sum); }

// Quotients by one divisor, of numbers below 2^31, without a division each.
struct Divider {
  unsigned divisor, factor, shift;

  __device__ inline Divider(unsigned d) {
    divisor = d;
    shift = 0;
    while ((1u << shift) < d) shift++;
    factor = (unsigned)((((1ull << shift) - d) << 32) / d) + 1;
  }
  __device__ inline unsigned of(unsigned n) const { return (__umulhi(n, factor) + n) >> shift; }
};

// One axis of a picture as a block walks it. Result j and tap i of this walk meet at row
// first + j * step + i * tap of "in"; they are row from + j * by of "out" and tap firstTap + i * stepTap.
struct Axis {
  int count, first, step, from, by;
  int taps, tap, firstTap, stepTap;

  __device__ inline Axis(bool transposed, int phase, int results, int size, int stride, int pad,
      int dilation) {
    if (!transposed) {
      count = results;
      first = -pad;
      step = stride;
      from = 0;
      by = 1;
      taps = size;
      tap = dilation;
      firstTap = 0;
      stepTap = 1;
      return;
    }
    count = phase < results ? (results - 1 - phase) / stride + 1 : 0;
    from = phase;
    by = stride;
    step = 1;
    // Taps t with t * dilation = phase + pad modulo the stride come at an even distance.
    int most = size < stride ? size : stride;
    firstTap = 0;
    while (firstTap < most && (phase + pad - firstTap * dilation) % stride != 0) firstTap++;
    stepTap = 1;
    while (stepTap < stride && stepTap * dilation % stride != 0) stepTap++;
    taps = firstTap < most ? (size - 1 - firstTap) / stepTap + 1 : 0;
    first = taps == 0 ? 0 : (phase + pad - firstTap * dilation) / stride;
    tap = -(stepTap * dilation / stride);
  }
};

template <class T> struct alignas(16) Four {
  T v[4];
};

// Two slices of both factors, element d of result i at [d][i]. The rows are longer than they need be, so that
// the threads of a warp, which write 8 sums for 4 results each, meet 32 banks.
template <class T, int CHANNELS, int PIXELS> struct alignas(16) Slices {
  T left[2][DEPTH][CHANNELS + 4];
  T right[2][DEPTH][PIXELS + 4];
};

// Which of SIZE results along one side is number i of those of thread t, who has EACH: fours, far apart.
template <int SIZE, int EACH> __device__ inline int placeOf(int t, int i) {
  return EACH == 1 ? t : i / 4 * (SIZE * 4 / EACH) + t * 4 + i % 4;
}

template <int SIZE, int EACH, class T> __device__ inline void fetch(const T* row, int t, T (&values)[EACH]) {
  if constexpr (EACH == 1) {
    values[0] = row[t];
  } else {
#pragma unroll
    for (int i = 0; i < EACH; i += 4) {
      Four<T> four = *(const Four<T>*)(row + placeOf<SIZE, EACH>(t, i));
#pragma unroll
      for (int k = 0; k < 4; k++) values[i + k] = four.v[k];
    }
  }
}

// sum[i][j] += left[d][i] * right[d][j] for the d of one slice.
template <class T, int CHANNELS, int PIXELS, int TALL, int LONG>
__device__ inline void multiply(const Slices<T, CHANNELS, PIXELS>& slices, int which, int ty, int tx,
    T (&sum)[TALL][LONG]) {
#pragma unroll
  for (int d = 0; d < DEPTH; d++) {
    T a[TALL];
    T b[LONG];
    fetch<CHANNELS, TALL>(slices.left[which][d], ty, a);
    fetch<PIXELS, LONG>(slices.right[which][d], tx, b);
#pragma unroll
    for (int i = 0; i < TALL; i++) {
#pragma unroll
      for (int j = 0; j < LONG; j++) sum[i][j] = plusProduct(sum[i][j], a[i], b[j]);
    }
  }
}

// ---- forward and data gradient ----------------------------------------------------------------------------

template <class T, int CHANNELS, int PIXELS, int TALL, int LONG>
__device__ inline void convolve(Slices<T, CHANNELS, PIXELS>& slices, const T* in, const T* w, const T* bias,
    T* out, const Convolution& g) {
  const int LEFT = (CHANNELS * DEPTH + THREADS - 1) / THREADS;
  const int RIGHT = PIXELS * DEPTH / THREADS;
  int phases = g.transposed ? g.strideH * g.strideW : 1;
  int group = blockIdx.z / phases;
  int phase = blockIdx.z % phases;
  Axis high(g.transposed, phase / g.strideW, g.outRows, g.r, g.strideH, g.padH, g.dilationH);
  Axis wide(g.transposed, phase % g.strideW, g.outColumns, g.s, g.strideW, g.padW, g.dilationW);
  int pixels = g.images * high.count * wide.count;
  int pixel0 = blockIdx.x * PIXELS;
  int channel0 = blockIdx.y * CHANNELS;
  if (pixel0 >= pixels) return;
  int taps = high.taps * wide.taps;
  int depth = g.summed * taps;
  Divider byTaps(taps > 0 ? taps : 1);
  Divider byWide(wide.taps > 0 ? wide.taps : 1);

  // Left: this thread's place in the sum, and its channels. Right: its pixel, and its places in the sum.
  int leftD = threadIdx.x % DEPTH;
  int leftChannel = threadIdx.x / DEPTH;
  const T* weights = w + group * g.wGroup + (channel0 + leftChannel) * g.wOut
      + high.firstTap * g.wR + wide.firstTap * g.wS;
  int rightD = threadIdx.x / PIXELS;
  int place = threadIdx.x % PIXELS;
  bool isPixel = pixel0 + place < pixels;
  int pixel = isPixel ? pixel0 + place : 0;
  int column = pixel % wide.count;
  int row = pixel / wide.count % high.count;
  int image = pixel / (wide.count * high.count);
  int h0 = high.first + row * high.step;
  int w0 = wide.first + column * wide.step;
  const T* picture = in + image * g.inN + group * g.summed * g.inC;

  T left[LEFT];
  T right[RIGHT];
  auto bring = [&](int d0) {
    int d = d0 + leftD;
    bool inSum = d < depth;
    int c = byTaps.of(d);
    int rest = d - c * taps;
    int i = byWide.of(rest);
    int u = rest - i * wide.taps;
    const T* from = weights + c * g.wIn + i * high.stepTap * g.wR + u * wide.stepTap * g.wS;
#pragma unroll
    for (int k = 0; k < LEFT; k++) {
      int channel = leftChannel + k * (THREADS / DEPTH);
      bool is = inSum && channel < CHANNELS && channel0 + channel < g.channels;
      left[k] = is ? from[k * (THREADS / DEPTH) * g.wOut] : T(0);
    }
#pragma unroll
    for (int k = 0; k < RIGHT; k++) {
      int e = d0 + rightD + k * (THREADS / PIXELS);
      int channel = byTaps.of(e);
      int other = e - channel * taps;
      int tapH = byWide.of(other);
      int y = h0 + tapH * high.tap;
      int x = w0 + (other - tapH * wide.taps) * wide.tap;
      bool is = isPixel && e < depth && (unsigned)y < (unsigned)g.inRows
          && (unsigned)x < (unsigned)g.inColumns;
      right[k] = is ? picture[channel * g.inC + y * g.inH + x * g.inW] : T(0);
    }
  };
  auto put = [&](int which) {
#pragma unroll
    for (int k = 0; k < LEFT; k++) {
      int channel = leftChannel + k * (THREADS / DEPTH);
      if (channel < CHANNELS) slices.left[which][leftD][channel] = left[k];
    }
#pragma unroll
    for (int k = 0; k < RIGHT; k++) slices.right[which][rightD + k * (THREADS / PIXELS)][place] = right[k];
  };

  int tx = threadIdx.x % (PIXELS / LONG);
  int ty = threadIdx.x / (PIXELS / LONG);
  T sum[TALL][LONG] = {};
  if (depth > 0) {
    bring(0);
    put(0);
    __syncthreads();
  }
  int which = 0;
  for (int d0 = 0; d0 < depth; d0 += DEPTH) {
    bool more = d0 + DEPTH < depth;
    if (more) bring(d0 + DEPTH);
    multiply<T, CHANNELS, PIXELS, TALL, LONG>(slices, which, ty, tx, sum);
    if (more) put(which ^ 1);
    __syncthreads();
    which ^= 1;
  }

  T plus[TALL];
#pragma unroll
  for (int i = 0; i < TALL; i++) {
    int channel = channel0 + placeOf<CHANNELS, TALL>(ty, i);
    plus[i] = bias != 0 && channel < g.channels ? bias[(group * g.channels + channel) * g.biasStep] : T(0);
  }
#pragma unroll
  for (int j = 0; j < LONG; j++) {
    int at = pixel0 + placeOf<PIXELS, LONG>(tx, j);
    if (at >= pixels) continue;
    T* to = out + at / (wide.count * high.count) * g.outN + group * g.channels * g.outC
        + (high.from + at / wide.count % high.count * high.by) * g.outH
        + (wide.from + at % wide.count * wide.by) * g.outW;
#pragma unroll
    for (int i = 0; i < TALL; i++) {
      int channel = channel0 + placeOf<CHANNELS, TALL>(ty, i);
      if (channel < g.channels) to[channel * g.outC] = sum[i][j] + plus[i];
    }
  }
}

#define CONVOLVE(name, T, suffix, BLOCKS, CHANNELS, PIXELS, TALL, LONG)                                     \
  extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) convolve_##name##_##suffix(const T* in,     \
      const T* w, const T* bias, T* out, Convolution g) {                                                   \
    __shared__ Slices<T, CHANNELS, PIXELS> slices;                                                          \
    convolve<T, CHANNELS, PIXELS, TALL, LONG>(slices, in, w, bias, out, g);                                 \
  }
CONVOLVE(large, float, f32, 2, 128, 128, 8, 8)
CONVOLVE(broad, float, f32, 2, 64, 128, 4, 8)
CONVOLVE(middle, float, f32, 3, 64, 64, 4, 4)
CONVOLVE(wide, float, f32, 3, 32, 128, 4, 4)
CONVOLVE(thin, float, f32, 3, 4, 256, 4, 1)
CONVOLVE(middle, double, f64, 2, 64, 64, 4, 4)
CONVOLVE(wide, double, f64, 2, 32, 128, 4, 4)
CONVOLVE(thin, double, f64, 2, 4, 256, 4, 1)

template <class T>
__device__ inline void convolvePlain(const T* in, const T* w, const T* bias, T* out, const Convolution& g,
    unsigned n) {
  for (EACH(e, n)) {
    int column = e % g.outColumns;
    int row = e / g.outColumns % g.outRows;
    int channel = e / (g.outColumns * g.outRows) % (g.channels * g.groups);
    int image = e / (g.outColumns * g.outRows) / (g.channels * g.groups);
    int group = channel / g.channels;
    Axis high(g.transposed, row % g.strideH, g.outRows, g.r, g.strideH, g.padH, g.dilationH);
    Axis wide(g.transposed, column % g.strideW, g.outColumns, g.s, g.strideW, g.padW, g.dilationW);
    int h0 = high.first + (g.transposed ? row / g.strideH : row) * high.step;
    int w0 = wide.first + (g.transposed ? column / g.strideW : column) * wide.step;
    const T* weights = w + group * g.wGroup + channel % g.channels * g.wOut;
    const T* picture = in + image * g.inN + group * g.summed * g.inC;
    T sum = 0;
    for (int c = 0; c < g.summed; c++) {
      for (int i = 0; i < high.taps; i++) {
        int y = h0 + i * high.tap;
        if ((unsigned)y >= (unsigned)g.inRows) continue;
        for (int u = 0; u < wide.taps; u++) {
          int x = w0 + u * wide.tap;
          if ((unsigned)x >= (unsigned)g.inColumns) continue;
          sum = plusProduct(sum, weights[c * g.wIn + (high.firstTap + i * high.stepTap) * g.wR
              + (wide.firstTap + u * wide.stepTap) * g.wS], picture[c * g.inC + y * g.inH + x * g.inW]);
        }
      }
    }
    out[image * g.outN + channel * g.outC + row * g.outH + column * g.outW]
        = bias != 0 ? sum + bias[channel * g.biasStep] : sum;
  }
}

#define CONVOLVE_PLAIN(T, suffix)                                                                           \
  extern "C" __global__ void convolve_plain_##suffix(const T* in, const T* w, const T* bias, T* out,        \
      Convolution g, unsigned n) {                                                                          \
    convolvePlain(in, w, bias, out, g, n);                                                                  \
  }
CONVOLVE_PLAIN(float, f32)
CONVOLVE_PLAIN(double, f64)

// ---- weight gradient --------------------------------------------------------------------------------------

// in: x; out: dy; dw as [slice][K][C/G R S]
template <class T, int CHANNELS, int TERMS, int TALL, int LONG>
__device__ inline void weightGradient(Slices<T, CHANNELS, TERMS>& slices, const T* in, const T* out, T* dw,
    const Convolution& g) {
  const int EACH_PASS = THREADS / DEPTH;
  const int LEFT = CHANNELS / EACH_PASS;
  const int RIGHT = TERMS / EACH_PASS;
  int group = blockIdx.z % g.groups;
  int slice = blockIdx.z / g.groups;
  int channel0 = blockIdx.y * CHANNELS;
  int column0 = blockIdx.x * TERMS;
  int taps = g.r * g.s;
  int columns = g.summed * taps;
  int pixels = g.images * g.outRows * g.outColumns;
  int from = slice * g.sliceLength;
  int to = pixels - from < g.sliceLength ? pixels : from + g.sliceLength;
  Divider byImage(g.outRows * g.outColumns);
  Divider byRow(g.outColumns);

  // This thread brings one pixel of each slice: the gradient there in some channels, and some taps around it.
  int mine = threadIdx.x % DEPTH;
  int first = threadIdx.x / DEPTH;
  const T* gradients = out + (group * g.channels + channel0 + first) * g.outC;
  const T* pictures = in + group * g.summed * g.inC;
  int tapY[RIGHT];
  int tapX[RIGHT];
  int tapAt[RIGHT];
  bool isTap[RIGHT];
#pragma unroll
  for (int k = 0; k < RIGHT; k++) {
    int column = column0 + first + k * EACH_PASS;
    isTap[k] = column < columns;
    tapY[k] = column / g.s % g.r * g.dilationH - g.padH;
    tapX[k] = column % g.s * g.dilationW - g.padW;
    tapAt[k] = column / taps * g.inC + tapY[k] * g.inH + tapX[k] * g.inW;
  }

  T left[LEFT];
  T right[RIGHT];
  auto bring = [&](int d0) {
    int pixel = d0 + mine;
    bool is = pixel < to;
    int image = byImage.of(pixel);
    int rest = pixel - image * g.outRows * g.outColumns;
    int p = byRow.of(rest);
    int q = rest - p * g.outColumns;
    const T* gradient = gradients + image * g.outN + p * g.outH + q * g.outW;
#pragma unroll
    for (int k = 0; k < LEFT; k++) {
      bool isChannel = channel0 + first + k * EACH_PASS < g.channels;
      left[k] = is && isChannel ? gradient[k * EACH_PASS * g.outC] : T(0);
    }
    int h0 = p * g.strideH;
    int w0 = q * g.strideW;
    const T* picture = pictures + image * g.inN + h0 * g.inH + w0 * g.inW;
#pragma unroll
    for (int k = 0; k < RIGHT; k++) {
      bool inside = (unsigned)(h0 + tapY[k]) < (unsigned)g.inRows
          && (unsigned)(w0 + tapX[k]) < (unsigned)g.inColumns;
      right[k] = is && isTap[k] && inside ? picture[tapAt[k]] : T(0);
    }
  };
  auto put = [&](int which) {
#pragma unroll
    for (int k = 0; k < LEFT; k++) slices.left[which][mine][first + k * EACH_PASS] = left[k];
#pragma unroll
    for (int k = 0; k < RIGHT; k++) slices.right[which][mine][first + k * EACH_PASS] = right[k];
  };

  int tx = threadIdx.x % (TERMS / LONG);
  int ty = threadIdx.x / (TERMS / LONG);
  T sum[TALL][LONG] = {};
  if (from < to) {
    bring(from);
    put(0);
    __syncthreads();
  }
  int which = 0;
  for (int d0 = from; d0 < to; d0 += DEPTH) {
    bool more = d0 + DEPTH < to;
    if (more) bring(d0 + DEPTH);
    multiply<T, CHANNELS, TERMS, TALL, LONG>(slices, which, ty, tx, sum);
    if (more) put(which ^ 1);
    __syncthreads();
    which ^= 1;
  }

  T* result = dw + ((i64)slice * g.groups + group) * g.channels * columns;
#pragma unroll
  for (int i = 0; i < TALL; i++) {
    int channel = channel0 + placeOf<CHANNELS, TALL>(ty, i);
#pragma unroll
    for (int j = 0; j < LONG; j++) {
      int column = column0 + placeOf<TERMS, LONG>(tx, j);
      if (channel < g.channels && column < columns) result[(i64)channel * columns + column] = sum[i][j];
    }
  }
}

#define WEIGHT_GRADIENT(name, T, suffix, BLOCKS, CHANNELS, TERMS, TALL, LONG)                               \
  extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) weight_gradient_##name##_##suffix(          \
      const T* in, const T* out, T* dw, Convolution g) {                                                    \
    __shared__ Slices<T, CHANNELS, TERMS> slices;                                                           \
    weightGradient<T, CHANNELS, TERMS, TALL, LONG>(slices, in, out, dw, g);                                 \
  }
WEIGHT_GRADIENT(large, float, f32, 2, 128, 128, 8, 8)
WEIGHT_GRADIENT(broad, float, f32, 2, 64, 128, 4, 8)
WEIGHT_GRADIENT(middle, float, f32, 3, 64, 64, 4, 4)
WEIGHT_GRADIENT(wide, float, f32, 3, 32, 128, 4, 4)
WEIGHT_GRADIENT(middle, double, f64, 2, 64, 64, 4, 4)
WEIGHT_GRADIENT(wide, double, f64, 2, 32, 128, 4, 4)

// The second pass: the slices in order.
template <class T> __device__ inline void addSlices(const T* parts, T* dw, int slices, unsigned n) {
  for (EACH(i, n)) {
    double sum = 0;
    for (int slice = 0; slice < slices; slice++) sum += parts[(i64)slice * n + i];
    dw[i] = (T)sum;
  }
}

#define ADD_SLICES(T, suffix)                                                                               \
  extern "C" __global__ void add_slices_##suffix(const T* parts, T* dw, int slices, unsigned n) {           \
    addSlices(parts, dw, slices, n);                                                                        \
  }
ADD_SLICES(float, f32)
ADD_SLICES(double, f64)

// A block for each element of dw: every thread adds each 128th pixel, then they add up in a tree.
template <class T>
__device__ inline void weightGradientPlain(T* sums, const T* in, const T* out, T* dw, const Convolution& g,
    unsigned n) {
  int pixels = g.images * g.outRows * g.outColumns;
  for (unsigned e = blockIdx.x; e < n; e += gridDim.x) {
    int tapX = e % g.s * g.dilationW - g.padW;
    int tapY = e / g.s % g.r * g.dilationH - g.padH;
    int channel = e / (g.s * g.r) / g.summed;
    const T* picture = in + (channel / g.channels * g.summed + e / (g.s * g.r) % g.summed) * g.inC;
    const T* gradient = out + channel * g.outC;
    T sum = 0;
    for (int pixel = threadIdx.x; pixel < pixels; pixel += PLAIN_THREADS) {
      int q = pixel % g.outColumns;
      int p = pixel / g.outColumns % g.outRows;
      int image = pixel / g.outColumns / g.outRows;
      int y = p * g.strideH + tapY;
      int x = q * g.strideW + tapX;
      if ((unsigned)y < (unsigned)g.inRows && (unsigned)x < (unsigned)g.inColumns) {
        sum = plusProduct(sum, gradient[image * g.outN + p * g.outH + q * g.outW],
            picture[image * g.inN + y * g.inH + x * g.inW]);
      }
    }
    sums[threadIdx.x] = sum;
    __syncthreads();
    for (int half = PLAIN_THREADS / 2; half > 0; half /= 2) {
      if (threadIdx.x < half) sums[threadIdx.x] += sums[threadIdx.x + half];
      __syncthreads();
    }
    if (threadIdx.x == 0) dw[e] = sums[0];
    __syncthreads();
  }
}

#define WEIGHT_GRADIENT_PLAIN(T, suffix)                                                                    \
  extern "C" __global__ void __launch_bounds__(PLAIN_THREADS) weight_gradient_plain_##suffix(const T* in,   \
      const T* out, T* dw, Convolution g, unsigned n) {                                                     \
    __shared__ T sums[PLAIN_THREADS];                                                                       \
    weightGradientPlain(sums, in, out, dw, g, n);                                                           \
  }
WEIGHT_GRADIENT_PLAIN(float, f32)
WEIGHT_GRADIENT_PLAIN(double, f64)

// ---- bias -------------------------------------------------------------------------------------------------

// y[n, channel, i] += bias[channel] after a product that has none; plane elements a channel.
#define ADD_BIAS(T, suffix)                                                                                 \
  extern "C" __global__ void add_bias_##suffix(const T* bias, int biasStep, T* y, unsigned channels,        \
      unsigned plane, unsigned n) {                                                                         \
    for (EACH(i, n)) y[i] += bias[(int)(i / plane % channels) * biasStep];                                  \
  }
ADD_BIAS(float, f32)
ADD_BIAS(double, f64)
