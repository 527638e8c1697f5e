// Indices that choose nothing: the kernel goes on without them and leaves a note for wengert.cuda.Faults.
#pragma once
#include "views.cuh"

// words[0] is the first launch that found a fault, or 0; words[1] and [2] hold the first position in it, in
// their upper halves, and the halves of the index that stands there. `raised`, in the program's memory, says
// that it is worth looking.
struct Faults {
  unsigned long long* words;
  int* raised;
  i64 launch;
};

__device__ inline void fault(const Faults& f, i64 index, unsigned position) {
  unsigned long long number = f.launch, place = (unsigned long long)position << 32;
  unsigned long long before = atomicCAS(&f.words[0], 0ull, number);
  if (before != 0 && before != number) return;
  // One position has one index, so both smallest words are of the same.
  atomicMin(&f.words[1], place | (unsigned)index);
  atomicMin(&f.words[2], place | (unsigned)((unsigned long long)index >> 32));
  *(volatile int*)f.raised = 1;
}
