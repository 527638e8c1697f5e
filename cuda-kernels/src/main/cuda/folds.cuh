// How the threads of a block share results and the elements folded into them; for every family that folds.
// wengert.cuda.Folds fills in the plan, from shapes alone: which elements meet in which order does not depend
// on the card.
//
// A policy P says what is folded: P::In, P::State, none(), add(state, x, number of x), close(state, first of
// the result) once all of a thread's elements are in, join(a, b).
#pragma once
#include "functions.cuh"

#define BLOCK 256

struct Plan {
  unsigned results;
  unsigned length;  // elements folded into each; packs where width is not 1
  int lanes;        // threads that share a result: a power of two, at most BLOCK
  int beside;       // 1: neighbouring threads share a result; 0: they have neighbouring results
  unsigned chunk;   // elements (packs) for one blockIdx.y
  int width;        // elements loaded at once: 1, or 16 bytes
};

// What a thread does in its block.
struct Seat {
  unsigned result;
  int lane;
  int step;   // from a lane's thread to the next lane's
  int first;  // the thread of lane 0
};

__device__ inline Seat seatOf(const Plan& plan) {
  int results = BLOCK / plan.lanes, t = threadIdx.x;
  int result = plan.beside ? t / plan.lanes : t % results;
  Seat s;
  s.lane = plan.beside ? t % plan.lanes : t / results;
  s.step = plan.beside ? 1 : results;
  s.first = t - s.lane * s.step;
  s.result = blockIdx.x * (unsigned)results + result;
  return s;
}

// Joins the lanes of each result in a binary tree; lane 0 has the whole.
template <class P>
__device__ inline typename P::State together(typename P::State mine, typename P::State* room,
    const Plan& plan, const Seat& s) {
  room[threadIdx.x] = mine;
  for (int half = plan.lanes / 2; half > 0; half /= 2) {
    __syncthreads();
    if (s.lane < half) {
      mine = P::join(mine, room[threadIdx.x + half * s.step]);
      room[threadIdx.x] = mine;
    }
  }
  return mine;
}

// The same, and all lanes have the whole.
template <class P>
__device__ inline typename P::State shared(typename P::State mine, typename P::State* room, const Plan& plan,
    const Seat& s) {
  together<P>(mine, room, plan, s);
  __syncthreads();
  mine = room[s.first];
  __syncthreads();
  return mine;
}

// As locate() of one view.
__device__ inline int place(const Walk<1>& walk, unsigned i) {
  int at[1];
  locate(walk, i, at);
  return at[0];
}

// Elements begin + lane, begin + lane + lanes, …; four are on their way at once.
template <class P>
__device__ inline void take(typename P::State& mine, const typename P::In* x, const Walk<1>& folded,
    unsigned begin, unsigned end, unsigned lanes) {
  unsigned j = begin;
  for (; j + 3 * lanes < end; j += 4 * lanes) {
    typename P::In v[4];
    for (int k = 0; k < 4; k++) v[k] = x[place(folded, j + k * lanes)];
    for (int k = 0; k < 4; k++) P::add(mine, v[k], j + k * lanes);
  }
  for (; j < end; j += lanes) P::add(mine, x[place(folded, j)], j);
}

template <class P>
__device__ inline void takePacks(typename P::State& mine, const typename P::In* x, const Walk<1>& folded,
    unsigned begin, unsigned end, unsigned lanes) {
  typedef Pack<typename P::In> Packed;
  const int width = 16 / sizeof(typename P::In);
  unsigned j = begin;
  for (; j + 3 * lanes < end; j += 4 * lanes) {
    Packed v[4];
    for (int k = 0; k < 4; k++) v[k] = *(const Packed*)(x + place(folded, j + k * lanes));
    for (int k = 0; k < 4; k++) {
      for (int e = 0; e < width; e++) P::add(mine, v[k].v[e], 0);
    }
  }
  for (; j < end; j += lanes) {
    Packed v = *(const Packed*)(x + place(folded, j));
    for (int e = 0; e < width; e++) P::add(mine, v.v[e], 0);
  }
}

// Folds; writes results through `out(at, state)`, or states into partial[result][blockIdx.y] where several
// blocks share a result. View 0 of `kept` is x.
template <class P, bool packs, int V, class Out>
__device__ inline void fold(const typename P::In* x, typename P::State* partial, const Walk<V>& kept,
    const Walk<1>& folded, const Plan& plan, typename P::State* room, Out out) {
  Seat s = seatOf(plan);
  bool present = s.result < plan.results;
  typename P::State mine = P::none();
  int at[V];
  if (present) {
    locate(kept, s.result, at);
    unsigned begin = blockIdx.y * plan.chunk;
    unsigned end = plan.length - begin < plan.chunk ? plan.length : begin + plan.chunk;
    if (packs && plan.width > 1) {
      takePacks<P>(mine, x + at[0], folded, begin + s.lane, end, plan.lanes);
    } else {
      take<P>(mine, x + at[0], folded, begin + s.lane, end, plan.lanes);
    }
    P::close(mine, x + at[0]);
  }
  mine = together<P>(mine, room, plan, s);
  if (present && s.lane == 0) {
    if (gridDim.y > 1) {
      partial[(size_t)s.result * gridDim.y + blockIdx.y] = mine;
    } else {
      out(at, mine);
    }
  }
}

// Folds the plan.length states of each result.
template <class P, int V, class Out>
__device__ inline void finish(const typename P::State* partial, const Walk<V>& kept, const Plan& plan,
    typename P::State* room, Out out) {
  Seat s = seatOf(plan);
  bool present = s.result < plan.results;
  typename P::State mine = P::none();
  if (present) {
    for (unsigned j = s.lane; j < plan.length; j += plan.lanes) {
      mine = P::join(mine, partial[(size_t)s.result * plan.length + j]);
    }
  }
  mine = together<P>(mine, room, plan, s);
  if (present && s.lane == 0) {
    int at[V];
    locate(kept, s.result, at);
    out(at, mine);
  }
}

// ---- what is folded ---------------------------------------------------------------------------------------

template <class T, class S> struct Sum {
  typedef T In;
  typedef S State;
  static __device__ inline S none() { return 0; }
  static __device__ inline void add(S& s, T x, unsigned) { s += x; }
  static __device__ inline void close(S&, const T*) {}
  static __device__ inline S join(S a, S b) { return a + b; }
};

__device__ inline void least(float& s) { s = -INFINITY; }
__device__ inline void least(double& s) { s = -INFINITY; }
__device__ inline void least(i64& s) { s = -0x7fffffffffffffffll - 1; }
__device__ inline void most(float& s) { s = INFINITY; }
__device__ inline void most(double& s) { s = INFINITY; }
__device__ inline void most(i64& s) { s = 0x7fffffffffffffffll; }

template <class T, class S> struct Max {
  typedef T In;
  typedef S State;
  static __device__ inline S none() {
    S s;
    least(s);
    return s;
  }
  static __device__ inline void add(S& s, T x, unsigned) { s = largerOf(s, (S)x); }
  static __device__ inline void close(S&, const T*) {}
  static __device__ inline S join(S a, S b) { return largerOf(a, b); }
};

template <class T, class S> struct Min {
  typedef T In;
  typedef S State;
  static __device__ inline S none() {
    S s;
    most(s);
    return s;
  }
  static __device__ inline void add(S& s, T x, unsigned) { s = smallerOf(s, (S)x); }
  static __device__ inline void close(S&, const T*) {}
  static __device__ inline S join(S a, S b) { return smallerOf(a, b); }
};
