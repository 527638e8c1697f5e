// Numbers of a counter-based stream (Philox4x32-10), with the same bits as wengert.tensor.spi.Philox gives:
// integers exactly, floats by the same operations in the same order with explicit fused multiply-adds.
//
// Loop nest     j over blocks of four elements 4j … 4j + 3, ten rounds each
// Launch        256 threads a block
// Bound         integer arithmetic: 40 multiplications for four numbers of 4 bytes
#include "views.cuh"

__device__ inline void philox(i64 seed, i64 stream, unsigned draw, unsigned block, unsigned (&word)[4]) {
  unsigned k0 = (unsigned)seed, k1 = (unsigned)((unsigned long long)seed >> 32);
  unsigned c0 = block, c1 = draw, c2 = (unsigned)stream, c3 = (unsigned)((unsigned long long)stream >> 32);
  for (int round = 0; round < 10; round++) {
    unsigned high0 = __umulhi(0xD2511F53u, c0), low0 = 0xD2511F53u * c0;
    unsigned high1 = __umulhi(0xCD9E8D57u, c2), low1 = 0xCD9E8D57u * c2;
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  word[0] = c0;
  word[1] = c1;
  word[2] = c2;
  word[3] = c3;
}

// ln u = e ln 2 + ln(1 + f), u = 2^e (1 + f), 1 + f from √½ to √2.
__device__ inline float naturalLog(float u) {
  int bits = __float_as_int(u);
  int e = (bits - 0x3F3504F3) >> 23;
  float f = __int_as_float(bits - (e << 23)) - 1;
  float p = __fmaf_rn(f, 0.06971612f, -0.11479734f);
  p = __fmaf_rn(f, p, 0.11685420f);
  p = __fmaf_rn(f, p, -0.12425687f);
  p = __fmaf_rn(f, p, 0.14249058f);
  p = __fmaf_rn(f, p, -0.16667803f);
  p = __fmaf_rn(f, p, 0.20000716f);
  p = __fmaf_rn(f, p, -0.24999997f);
  p = __fmaf_rn(f, p, 0.33333331f);
  p = __fmaf_rn(f, p, -0.5f);
  return __fmaf_rn((float)e, 0.69314718f, __fmaf_rn(f * f, p, f));
}

// Box and Muller: √(−2 ln u) (cos 2πv, sin 2πv) with u = (a + ½) 2^−32 and v = b 2^−32.
__device__ inline void normals(unsigned a, unsigned b, float* z) {
  float u = __fmaf_rn((float)a, 0x1p-32f, 0x1p-33f);
  float radius = __fsqrt_rn(-2 * naturalLog(u));
  unsigned quarter = (b + 0x20000000u) >> 30;
  float turn = (float)(int)(b - (quarter << 30)) * 0x1p-30f;
  float t = turn * turn;
  float sine = __fmaf_rn(t, -0.0046021492f, 0.07968022f);
  sine = __fmaf_rn(t, sine, -0.64596348f);
  sine = __fmaf_rn(t, sine, 1.5707963f) * turn;
  float cosine = __fmaf_rn(t, 0.00090673990f, -0.020861528f);
  cosine = __fmaf_rn(t, cosine, 0.25366941f);
  cosine = __fmaf_rn(t, cosine, -1.2337005f);
  cosine = __fmaf_rn(t, cosine, 1.0f);
  float first = quarter == 0 ? cosine : quarter == 1 ? -sine : quarter == 2 ? -cosine : sine;
  float second = quarter == 0 ? sine : quarter == 1 ? cosine : quarter == 2 ? -sine : -cosine;
  z[0] = radius * first;
  z[1] = radius * second;
}

template <class T>
__device__ void draw(int normal, i64 seed, i64 stream, unsigned draw, T* y, const Walk<1>& walk, unsigned n) {
  for (EACH(j, (n + 3) / 4)) {
    unsigned word[4];
    float four[4];
    philox(seed, stream, draw, j, word);
    if (normal) {
      normals(word[0], word[1], four);
      normals(word[2], word[3], four + 2);
    } else {
      for (int k = 0; k < 4; k++) four[k] = (float)(word[k] >> 8) * 0x1p-24f;
    }
    for (unsigned k = 0; k < 4 && 4 * j + k < n; k++) {
      int at[1];
      locate(walk, 4 * j + k, at);
      y[at[0]] = four[k];
    }
  }
}

extern "C" __global__ void random_f32(int normal, i64 seed, i64 stream, unsigned number, float* y,
    Walk<1> walk, unsigned n) {
  draw(normal, seed, stream, number, y, walk, n);
}

extern "C" __global__ void random_f64(int normal, i64 seed, i64 stream, unsigned number, double* y,
    Walk<1> walk, unsigned n) {
  draw(normal, seed, stream, number, y, walk, n);
}
