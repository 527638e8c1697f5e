// Where the elements of views of one shape stand; wengert.cuda.Views fills it in.
#pragma once

typedef long long i64;
typedef int i32;
typedef unsigned char u8;  // bool: 0 or 1

#define MOST_AXES 8

// Axes outermost first; step[v][a] is how many elements view v moves along axis a.
template <int V> struct Walk {
  int rank;
  int size[MOST_AXES];
  int step[V][MOST_AXES];
};

// Takes the index along axis a off the row-major number i.
template <int V> __device__ inline void stepInto(const Walk<V>& walk, int a, unsigned& i, int (&at)[V]) {
  unsigned size = walk.size[a];
  unsigned rest = i / size;
  int index = (int)(i - rest * size);
#pragma unroll
  for (int v = 0; v < V; v++) at[v] += index * walk.step[v][a];
  i = rest;
}

// Position of element i in each view, in elements. Once the loop is unrolled, axes have constant numbers: a
// walk that is indexed by variables is copied from the parameters to local memory, by every thread. Three
// axes are most that is usual.
template <int V> __device__ inline void locate(const Walk<V>& walk, unsigned i, int (&at)[V]) {
  for (int v = 0; v < V; v++) at[v] = 0;
  if (walk.rank > 3) {
#pragma unroll
    for (int a = MOST_AXES - 1; a > 2; a--) {
      if (a < walk.rank) stepInto(walk, a, i, at);
    }
  }
  if (walk.rank > 2) stepInto(walk, 2, i, at);
  if (walk.rank > 1) stepInto(walk, 1, i, at);
#pragma unroll
  for (int v = 0; v < V; v++) at[v] += (int)i * walk.step[v][0];
}

// Elements that this thread handles: i = first, first + all, …
#define EACH(i, n)                                                                                          \
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < (n); i += gridDim.x * blockDim.x

// 16 bytes at once.
template <class T> struct alignas(16) Pack {
  T v[16 / sizeof(T)];
};

template <class T> __device__ inline bool aligned(const T* p) { return ((size_t)p & 15) == 0; }
