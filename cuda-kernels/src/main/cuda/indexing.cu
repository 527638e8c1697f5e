// gather:       y[i] = x[i with index[i] in the axis]
// scatter_add:  y[i with index[i] in the axis] += x[i], one after the other in row-major order of i
//
// Loop nest     gather: i over all elements of y. scatter_add: lines along the axis, and in each of them all
//               j once per owner: owner o adds what goes to places p with p mod owners = o, in order of j. So
//               sums do not depend on how many owners there are, and nobody waits for anybody.
// Launch        gather: 256 threads a block; a thread moves 16 bytes at once where whole rows are chosen.
//               scatter_add: a thread per line and owner, owners so many that there are 2^15 threads;
//               neighbouring threads are owners of one line where its indices are adjacent, lines otherwise
// Bound         gather: memory, index, x and y each once. scatter_add: reading the index, once per owner,
//               from the cache
#include "faults.cuh"

struct alignas(16) Quad {
  i64 a, b;
};

// Steps and sizes along the axis.
struct Axis {
  int size;       // of what is chosen from
  int step;       // in what is chosen from
  unsigned pack;  // elements of the index that one moved element stands for
};

template <class T>
__device__ inline void gather(const i64* index, const T* x, T* y, const Walk<3>& walk, const Axis& axis,
    unsigned n, const Faults& faults) {
  for (EACH(i, n)) {
    int at[3];
    locate(walk, i, at);
    i64 k = index[at[0]];
    T value = T();
    if (k < 0 || k >= axis.size) {
      fault(faults, k, i * axis.pack);
    } else {
      value = x[at[1] + (int)k * axis.step];
    }
    y[at[2]] = value;
  }
}

struct Scatter {
  int target;       // size of y along the axis
  int stepTarget;   // of y
  int stepIndex;
  int stepX;
  unsigned size;    // of the index along the axis
  unsigned inner;   // elements of the index after the axis, for positions
  unsigned lines;
  unsigned owners;  // a power of two
  int beside;       // 1: neighbouring threads are owners of one line
};

template <class T> __device__ inline T added(T a, T b) { return a + b; }
template <> __device__ inline u8 added(u8 a, u8 b) { return a | b; }

template <class T>
__device__ inline void scatterAdd(const i64* index, const T* x, T* y, const Walk<3>& lines, const Scatter& s,
    const Faults& faults) {
  const int ahead = 8;
  unsigned t = blockIdx.x * blockDim.x + threadIdx.x;
  if (t / s.owners >= s.lines) return;
  unsigned line = s.beside ? t / s.owners : t % s.lines;
  unsigned owner = s.beside ? t % s.owners : t / s.lines;
  int at[3];
  locate(lines, line, at);
  for (unsigned j = 0; j < s.size; j += ahead) {
    i64 chosen[ahead];
    for (int e = 0; e < ahead; e++) {
      if (j + e < s.size) chosen[e] = index[at[0] + (int)(j + e) * s.stepIndex];
    }
    for (int e = 0; e < ahead; e++) {
      if (j + e >= s.size) break;
      i64 k = chosen[e];
      if (((unsigned)k & (s.owners - 1)) != owner) continue;
      if (k < 0 || k >= s.target) {
        fault(faults, k, line / s.inner * s.size * s.inner + (j + e) * s.inner + line % s.inner);
      } else {
        int to = at[2] + (int)k * s.stepTarget;
        y[to] = added(y[to], x[at[1] + (int)(j + e) * s.stepX]);
      }
    }
  }
}

#define GATHER(T, bytes)                                                                                    \
  extern "C" __global__ void gather_##bytes(const i64* index, const T* x, T* y, Walk<3> walk, Axis axis,    \
      unsigned n, Faults faults) {                                                                          \
    gather(index, x, y, walk, axis, n, faults);                                                             \
  }
GATHER(u8, 1)
GATHER(i32, 4)
GATHER(i64, 8)
GATHER(Quad, 16)

#define SCATTER_ADD(T, suffix)                                                                              \
  extern "C" __global__ void scatter_add_##suffix(const i64* index, const T* x, T* y, Walk<3> lines,        \
      Scatter scatter, Faults faults) {                                                                     \
    scatterAdd(index, x, y, lines, scatter, faults);                                                        \
  }
SCATTER_ADD(float, f32)
SCATTER_ADD(double, f64)
SCATTER_ADD(i32, i32)
SCATTER_ADD(i64, i64)
SCATTER_ADD(u8, bool)
