// y[m,n] = sum over k of a[m,k] b[k,n], for every index of the leading axes, from any strides.
//
// Loop nest     k in slices of 16: both slices go to shared memory, then every thread adds 4x4 products for
//               each k of the slice, from registers
// Launch        256 threads for 64x64 elements of y; x over these, row by row, z over the leading axes
// Bound         arithmetic: 16 multiply-adds for 8 numbers read from shared memory
// Sums          over k in order, one fused multiply-add a term; integers wrap, i32 in 32 bits
#include "views.cuh"

#define SIDE 64
#define DEPTH 16
#define EACH_SIDE 4

// The extents, and how many elements each operand moves along m, k and n.
struct Product {
  int m, n, k;
  int am, ak, bk, bn, ym, yn;
  int batches;
};

template <class S> struct Slices {
  S a[DEPTH][SIDE + 1];
  S b[DEPTH][SIDE + 1];
};

__device__ inline float plusProduct(float sum, float a, float b) { return __fmaf_rn(a, b, sum); }
__device__ inline double plusProduct(double sum, double a, double b) { return __fma_rn(a, b, sum); }
__device__ inline unsigned plusProduct(unsigned sum, unsigned a, unsigned b) { return sum + a * b; }
__device__ inline unsigned long long plusProduct(unsigned long long sum, unsigned long long a,
    unsigned long long b) {
  return sum + a * b;
}

template <class T, class S> __device__ inline T stored(S v) { return (T)v; }
template <> __device__ inline u8 stored<u8, unsigned>(unsigned v) { return v != 0; }

template <class T, class S>
__device__ inline void product(Slices<S>& slices, const T* a, const T* b, T* y, const Product& p,
    const Walk<3>& batch) {
  int across = (p.n + SIDE - 1) / SIDE;
  int row0 = blockIdx.x / across * SIDE;
  int column0 = blockIdx.x % across * SIDE;
  int tx = threadIdx.x % 16;
  int ty = threadIdx.x / 16;
  for (unsigned z = blockIdx.z; z < (unsigned)p.batches; z += gridDim.z) {
    int at[3];
    locate(batch, z, at);
    S sum[EACH_SIDE][EACH_SIDE] = {};
    for (int k0 = 0; k0 < p.k; k0 += DEPTH) {
      __syncthreads();
      for (int i = threadIdx.x; i < SIDE * DEPTH; i += 256) {
        // Neighbouring threads read along the axis on which the operand is dense.
        int ka = p.ak == 1 ? i % DEPTH : i / SIDE;
        int m = p.ak == 1 ? i / DEPTH : i % SIDE;
        bool inA = row0 + m < p.m && k0 + ka < p.k;
        slices.a[ka][m] = inA ? (S)a[at[0] + (row0 + m) * p.am + (k0 + ka) * p.ak] : S(0);
        int kb = p.bk == 1 ? i % DEPTH : i / SIDE;
        int n = p.bk == 1 ? i / DEPTH : i % SIDE;
        bool inB = column0 + n < p.n && k0 + kb < p.k;
        slices.b[kb][n] = inB ? (S)b[at[1] + (k0 + kb) * p.bk + (column0 + n) * p.bn] : S(0);
      }
      __syncthreads();
      for (int k = 0; k < DEPTH; k++) {
        S left[EACH_SIDE];
        S right[EACH_SIDE];
        for (int i = 0; i < EACH_SIDE; i++) left[i] = slices.a[k][ty + 16 * i];
        for (int j = 0; j < EACH_SIDE; j++) right[j] = slices.b[k][tx + 16 * j];
        for (int i = 0; i < EACH_SIDE; i++) {
          for (int j = 0; j < EACH_SIDE; j++) sum[i][j] = plusProduct(sum[i][j], left[i], right[j]);
        }
      }
    }
    for (int i = 0; i < EACH_SIDE; i++) {
      int m = row0 + ty + 16 * i;
      for (int j = 0; j < EACH_SIDE; j++) {
        int n = column0 + tx + 16 * j;
        if (m < p.m && n < p.n) y[at[2] + m * p.ym + n * p.yn] = stored<T>(sum[i][j]);
      }
    }
  }
}

// Sums of T are kept in S.
#define PRODUCT(T, S, suffix)                                                                               \
  extern "C" __global__ void __launch_bounds__(256) product_##suffix(const T* a, const T* b, T* y,          \
      Product p, Walk<3> batch) {                                                                           \
    __shared__ Slices<S> slices;                                                                            \
    product<T, S>(slices, a, b, y, p, batch);                                                               \
  }
PRODUCT(float, float, f32)
PRODUCT(double, double, f64)
PRODUCT(i32, unsigned, i32)
PRODUCT(i64, unsigned long long, i64)
PRODUCT(u8, unsigned, bool)
