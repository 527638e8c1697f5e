// y[i, j] = Σ_{k ≤ j} x[i, k]: running sums along an axis, i over lines. Floats add up in double.
//
// Loop nest     i over lines, j along the axis, in tiles of 2,048
// Launch        scan_*: 256 threads for a line; a thread adds 8 neighbours, the threads' sums are scanned in
//               shared memory. Where lines are few and long, up to 256 blocks have a stretch of one each and
//               begin at the sum of the stretches before, which reduce_SUM_* has left in `partial`.
//               scan_lines_*: a thread for a line, where lines are short or lie side by side.
// Bound         memory: x read once (twice where stretches are shared out), y written once
#include "views.cuh"

#define BLOCK 256
#define ITEMS 8

struct Scan {
  unsigned length;
  int stepX;
  int stepY;
  unsigned chunk;  // what a block has of a line
};

template <class T, class S> struct Stored {
  static __device__ inline T of(S s) { return (T)s; }
};
template <> struct Stored<u8, i64> {
  static __device__ inline u8 of(i64 s) { return s != 0; }
};

// room[t] becomes Σ_{s ≤ t} of what the threads brought.
template <class S> __device__ inline void scanThreads(S mine, S* room) {
  int t = threadIdx.x;
  room[t] = mine;
  for (int back = 1; back < BLOCK; back *= 2) {
    __syncthreads();
    S other = t >= back ? room[t - back] : 0;
    __syncthreads();
    mine += other;
    room[t] = mine;
  }
  __syncthreads();
}

template <class T, class S>
__device__ inline void scanBlock(const T* x, const S* partial, T* y, const Walk<2>& lines, const Scan& scan,
    S* room) {
  int at[2];
  locate(lines, blockIdx.x, at);
  S carry = 0;
  if (blockIdx.y > 0) {
    for (unsigned q = threadIdx.x; q < blockIdx.y; q += BLOCK) {
      carry += partial[(size_t)blockIdx.x * gridDim.y + q];
    }
    scanThreads(carry, room);
    carry = room[BLOCK - 1];
    __syncthreads();
  }
  unsigned begin = blockIdx.y * scan.chunk;
  unsigned end = scan.length - begin < scan.chunk ? scan.length : begin + scan.chunk;
  for (unsigned tile = begin; tile < end; tile += BLOCK * ITEMS) {
    unsigned from = tile + threadIdx.x * ITEMS;
    S sums[ITEMS];
    S sum = 0;
    for (int k = 0; k < ITEMS; k++) {
      if (from + k < end) sum += x[at[0] + (int)(from + k) * scan.stepX];
      sums[k] = sum;
    }
    scanThreads(sum, room);
    S before = threadIdx.x > 0 ? carry + room[threadIdx.x - 1] : carry;
    for (int k = 0; k < ITEMS; k++) {
      if (from + k < end) y[at[1] + (int)(from + k) * scan.stepY] = Stored<T, S>::of(before + sums[k]);
    }
    carry += room[BLOCK - 1];
    __syncthreads();
  }
}

template <class T, class S>
__device__ inline void scanLines(const T* x, T* y, const Walk<2>& lines, const Scan& scan, unsigned n) {
  for (EACH(i, n)) {
    int at[2];
    locate(lines, i, at);
    S sum = 0;
    for (unsigned j = 0; j < scan.length; j++) {
      sum += x[at[0] + (int)j * scan.stepX];
      y[at[1] + (int)j * scan.stepY] = Stored<T, S>::of(sum);
    }
  }
}

#define SCAN(T, S, suffix)                                                                                  \
  extern "C" __global__ void scan_##suffix(const T* x, const S* partial, T* y, Walk<2> lines, Scan scan) {  \
    __shared__ S room[BLOCK];                                                                               \
    scanBlock(x, partial, y, lines, scan, room);                                                            \
  }                                                                                                         \
  extern "C" __global__ void scan_lines_##suffix(const T* x, T* y, Walk<2> lines, Scan scan, unsigned n) {  \
    scanLines<T, S>(x, y, lines, scan, n);                                                                  \
  }
SCAN(float, double, f32)
SCAN(double, double, f64)
SCAN(i32, i64, i32)
SCAN(i64, i64, i64)
SCAN(u8, i64, bool)
