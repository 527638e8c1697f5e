// Kernels for the tests of the software driver: right ones, and ones with a planted fault. On a GPU most of
// the faulty ones work, mostly. One block, or as many as the test says; nothing here is fast.

// ---- right ----
template <class T> __device__ void scaleOf(T* x, T factor, int n) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
        x[i] *= factor;
    }
}
template <class T> __device__ T blockSum(T value) {
    __shared__ T partial[32];
    for (int step = 16; step > 0; step /= 2) {
        value += __shfl_down_sync(0xffffffffu, value, step);
    }
    if (threadIdx.x % 32 == 0) {
        partial[threadIdx.x / 32] = value;
    }
    __syncthreads();
    value = 0;
    for (unsigned warp = 0; warp < (blockDim.x + 31) / 32; warp++) {
        value += partial[warp];
    }
    return value;
}
template <class T> __device__ void sumOf(const T* x, T* sum, int n) {
    T value = 0;
    for (int i = threadIdx.x; i < n; i += blockDim.x) {
        value += x[i];
    }
    value = blockSum(value);
    if (threadIdx.x == 0) {
        *sum = value;
    }
}
#define FOR_TYPE(T, SUFFIX) \
    extern "C" __global__ void scale##SUFFIX(T* x, T factor, int n) { scaleOf<T>(x, factor, n); } \
    extern "C" __global__ void sum##SUFFIX(const T* x, T* sum, int n) { sumOf<T>(x, sum, n); }
FOR_TYPE(float, F32)
FOR_TYPE(double, F64)

__constant__ float weights[4] = {1, 2, 3, 4};
__device__ unsigned int visits;
extern "C" __global__ void weigh(float* x) {
    atomicAdd(&visits, 1u);
    x[threadIdx.x] *= weights[threadIdx.x % 4];
}
extern "C" __global__ void __launch_bounds__(64) reverse(float* x) {
    extern __shared__ float s[];
    s[threadIdx.x] = x[threadIdx.x];
    __syncthreads();
    x[threadIdx.x] = s[blockDim.x - 1 - threadIdx.x];
}

// ---- faulty ----
extern "C" __global__ void shiftWithoutBarrier(float* x) { // right as long as the threads run in their order
    __shared__ float s[64];
    s[threadIdx.x] = x[threadIdx.x];
    x[threadIdx.x] = threadIdx.x ? s[threadIdx.x - 1] : 0.0f;
}
extern "C" __global__ void barrierForSome(float* x) {
    if (threadIdx.x < 16) {
        __syncthreads();
    }
    x[threadIdx.x] = 1.0f;
}
extern "C" __global__ void barriersInBranches(float* x) {
    if (threadIdx.x % 2) {
        x[threadIdx.x] = 1.0f;
        __syncthreads();
    } else {
        __syncthreads();
        x[threadIdx.x] = 2.0f;
    }
}
extern "C" __global__ void warpWaitsForBlock(float* x) {
    if (threadIdx.x == 0) {
        __syncthreads();
    } else {
        __syncwarp();
    }
    x[threadIdx.x] = 1.0f;
}
extern "C" __global__ void writesOneTooMany(float* x, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i <= n) {
        x[i] = 1.0f;
    }
}
extern "C" __global__ void overrunsDynamicShared(float* x) {
    extern __shared__ float s[];
    s[threadIdx.x + 1] = x[threadIdx.x];
    __syncthreads();
    x[threadIdx.x] = s[threadIdx.x + 1];
}
extern "C" __global__ void readsUnsetShared(float* x) {
    __shared__ float s[64];
    if (threadIdx.x < 8) {
        s[threadIdx.x] = 1.0f;
    }
    __syncthreads();
    x[threadIdx.x] = s[threadIdx.x];
}
extern "C" __global__ void shufflesFromNobody(float* x) { // full mask, though the last warp is half a one
    x[threadIdx.x] += __shfl_down_sync(0xffffffffu, x[threadIdx.x], 16);
}
