// N batch, C channels, H W input, P Q output, R S window.
// Windows that keep channels apart, and linear interpolation, with their transposes; any strides.
//
// Loop nest     i over the results, row-major; the taps, or the pixels that a result is made of, inside
// Launch        256 threads a block
// Bound         memory: neighbouring threads read neighbouring windows, so x comes from memory about once;
//               a result is written once. Transposes gather: no two threads write one place
#include "functions.cuh"

// A view [N, C, rows, columns].
struct Planes {
  int size[4];
  int step[4];
};

struct Window {
  int r, s, strideH, strideW, padH, padW, dilationH, dilationW;
};

struct Pixel {
  int n, c, row, column;
};

__device__ inline Pixel pixelOf(const Planes& v, unsigned i) {
  Pixel p;
  unsigned rest = i / v.size[3];
  p.column = (int)(i - rest * v.size[3]);
  i = rest;
  rest = i / v.size[2];
  p.row = (int)(i - rest * v.size[2]);
  p.n = (int)(rest / v.size[1]);
  p.c = (int)(rest - (unsigned)p.n * v.size[1]);
  return p;
}

// Where the plane of a pixel begins.
__device__ inline int planeOf(const Planes& v, const Pixel& p) { return p.n * v.step[0] + p.c * v.step[1]; }

__device__ inline int placeOf(const Planes& v, const Pixel& p) {
  return planeOf(v, p) + p.row * v.step[2] + p.column * v.step[3];
}

// The first of equals wins, and the first NaN over all.
template <class T>
__device__ void largest(const T* x, const Planes& in, i64* y, const Planes& out, const Window& w,
    unsigned n) {
  for (EACH(i, n)) {
    Pixel p = pixelOf(out, i);
    const T* plane = x + planeOf(in, p);
    int best = -1;
    T most = 0;
    for (int a = 0; a < w.r; a++) {
      int row = p.row * w.strideH - w.padH + a * w.dilationH;
      if (row < 0 || row >= in.size[2]) continue;
      for (int b = 0; b < w.s; b++) {
        int column = p.column * w.strideW - w.padW + b * w.dilationW;
        if (column < 0 || column >= in.size[3]) continue;
        T v = plane[row * in.step[2] + column * in.step[3]];
        if (best < 0 || v > most || (v != v && most == most)) {
          best = row * in.size[3] + column;
          most = v;
        }
      }
    }
    y[placeOf(out, p)] = best;
  }
}

// A sum's share: in f32 the product with the reciprocal, of which f64 loses far less than the rounding does.
__device__ inline void mean(double sum, double count, float* y) { *y = (float)(sum * (1 / count)); }
__device__ inline void mean(double sum, double count, double* y) { *y = sum / count; }

template <class T>
__device__ void average(const T* x, const Planes& in, T* y, const Planes& out, const Window& w, unsigned n) {
  for (EACH(i, n)) {
    Pixel p = pixelOf(out, i);
    const T* plane = x + planeOf(in, p);
    double sum = 0;
    for (int a = 0; a < w.r; a++) {
      int row = p.row * w.strideH - w.padH + a * w.dilationH;
      if (row < 0 || row >= in.size[2]) continue;
      for (int b = 0; b < w.s; b++) {
        int column = p.column * w.strideW - w.padW + b * w.dilationW;
        if (column < 0 || column >= in.size[3]) continue;
        sum += (double)plane[row * in.step[2] + column * in.step[3]];
      }
    }
    mean(sum, (double)w.r * w.s, y + placeOf(out, p));
  }
}

// The window that has a tap at a distance from the first window's first tap, or -1.
__device__ inline int windowAt(int distance, int stride, int windows) {
  if (distance < 0 || distance % stride != 0) return -1;
  int window = distance / stride;
  return window < windows ? window : -1;
}

template <class T>
__device__ void averageGradient(const T* dy, const Planes& in, T* dx, const Planes& out, const Window& w,
    unsigned n) {
  for (EACH(i, n)) {
    Pixel p = pixelOf(out, i);
    const T* plane = dy + planeOf(in, p);
    double sum = 0;
    for (int a = 0; a < w.r; a++) {
      int row = windowAt(p.row + w.padH - a * w.dilationH, w.strideH, in.size[2]);
      if (row < 0) continue;
      for (int b = 0; b < w.s; b++) {
        int column = windowAt(p.column + w.padW - b * w.dilationW, w.strideW, in.size[3]);
        if (column >= 0) sum += (double)plane[row * in.step[2] + column * in.step[3]];
      }
    }
    mean(sum, (double)w.r * w.s, dx + placeOf(out, p));
  }
}

// The two pixels of an axis that an output pixel is made of, and the second one's weight.
template <class T> struct Pair {
  int first, second;
  T weight;
};

// Counted from pixel p / scale on, so that far ones lose no digits.
template <class T> __device__ inline Pair<T> pairOf(int p, int scale, int size) {
  T at = (p % scale + T(0.5)) / scale - T(0.5);
  int left = at < 0 ? -1 : 0;
  int first = p / scale + left;
  Pair<T> pair;
  pair.first = first < 0 ? 0 : first;
  pair.second = first + 1 < size ? first + 1 : size - 1;
  pair.weight = at - left;
  return pair;
}

// What has no weight is not looked at, even if it is infinite.
template <class T> __device__ inline T part(T weight, T x) { return weight == 0 ? T(0) : weight * x; }

template <class T>
__device__ void bilinear(const T* x, const Planes& in, T* y, const Planes& out, int scaleH, int scaleW,
    unsigned n) {
  for (EACH(i, n)) {
    Pixel p = pixelOf(out, i);
    const T* plane = x + planeOf(in, p);
    Pair<T> h = pairOf<T>(p.row, scaleH, in.size[2]);
    Pair<T> w = pairOf<T>(p.column, scaleW, in.size[3]);
    const T* top = plane + h.first * in.step[2];
    const T* bottom = plane + h.second * in.step[2];
    int left = w.first * in.step[3], right = w.second * in.step[3];
    T a = part(1 - w.weight, top[left]) + part(w.weight, top[right]);
    T b = part(1 - w.weight, bottom[left]) + part(w.weight, bottom[right]);
    y[placeOf(out, p)] = part(1 - h.weight, a) + part(h.weight, b);
  }
}

// What output pixel q of an axis takes from input pixel j: 1 less the distance of their middles, for those
// beyond the border that of the border pixel.
template <class T> __device__ inline T shareOf(int q, int scale, int size, int j) {
  T away = (q - j * scale + T(0.5)) / scale - T(0.5);
  away = away < -j ? T(-j) : away > size - 1 - j ? T(size - 1 - j) : away;
  return 1 - absOf(away);
}

// The first output pixel that takes something from input pixel j, and the one after the last.
__device__ inline int firstOf(int scale, int j) { return j == 0 ? 0 : j * scale - (scale + 1) / 2; }
__device__ inline int endOf(int scale, int size, int j) {
  return j == size - 1 ? size * scale : j * scale + 3 * scale / 2;
}

template <class T>
__device__ void bilinearGradient(const T* dy, const Planes& in, T* dx, const Planes& out, int scaleH,
    int scaleW, unsigned n) {
  for (EACH(i, n)) {
    Pixel p = pixelOf(out, i);
    const T* plane = dy + planeOf(in, p);
    int h0 = firstOf(scaleH, p.row), h1 = endOf(scaleH, out.size[2], p.row);
    int w0 = firstOf(scaleW, p.column), w1 = endOf(scaleW, out.size[3], p.column);
    T sum = 0;
    for (int h = h0; h < h1; h++) {
      T down = shareOf<T>(h, scaleH, out.size[2], p.row);
      if (down == 0) continue;
      T line = 0;
      for (int w = w0; w < w1; w++) {
        T right = shareOf<T>(w, scaleW, out.size[3], p.column);
        line += part(right, plane[h * in.step[2] + w * in.step[3]]);
      }
      sum += down * line;
    }
    dx[placeOf(out, p)] = sum;
  }
}

#define POOLS(T, suffix)                                                                                    \
  extern "C" __global__ void max_indices_##suffix(const T* x, Planes in, i64* y, Planes out, Window w,      \
      unsigned n) {                                                                                         \
    largest(x, in, y, out, w, n);                                                                           \
  }                                                                                                         \
  extern "C" __global__ void average_##suffix(const T* x, Planes in, T* y, Planes out, Window w,            \
      unsigned n) {                                                                                         \
    average(x, in, y, out, w, n);                                                                           \
  }                                                                                                         \
  extern "C" __global__ void average_gradient_##suffix(const T* dy, Planes in, T* dx, Planes out, Window w, \
      unsigned n) {                                                                                         \
    averageGradient(dy, in, dx, out, w, n);                                                                 \
  }                                                                                                         \
  extern "C" __global__ void bilinear_##suffix(const T* x, Planes in, T* y, Planes out, int scaleH,         \
      int scaleW, unsigned n) {                                                                             \
    bilinear(x, in, y, out, scaleH, scaleW, n);                                                             \
  }                                                                                                         \
  extern "C" __global__ void bilinear_gradient_##suffix(const T* dy, Planes in, T* dx, Planes out,          \
      int scaleH, int scaleW, unsigned n) {                                                                 \
    bilinearGradient(dy, in, dx, out, scaleH, scaleW, n);                                                   \
  }
POOLS(float, f32)
POOLS(double, f64)
