// Sums over the threads of a warp and of a block, in f64, always in the same tree.
#pragma once
#include "views.cuh"

// Lane 0 has the sums; all 32 lanes take part.
template <int K> __device__ inline void warpSum(double (&v)[K]) {
  for (int d = 16; d > 0; d /= 2) {
    for (int k = 0; k < K; k++) v[k] += __shfl_down_sync(0xffffffffu, v[k], d);
  }
}

// Thread 0 has the sums. All threads of the block take part, a multiple of 32; once in a kernel.
template <int K> __device__ inline void blockSum(double (&v)[K], double (&room)[32][K]) {
  int lane = threadIdx.x & 31, warp = threadIdx.x >> 5;
  warpSum(v);
  if (lane == 0) {
    for (int k = 0; k < K; k++) room[warp][k] = v[k];
  }
  __syncthreads();
  if (warp == 0) {
    bool present = lane < (int)(blockDim.x >> 5);
    for (int k = 0; k < K; k++) v[k] = present ? room[lane][k] : 0;
    warpSum(v);
  }
}
