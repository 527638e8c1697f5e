// y[i] = f(a[i], b[i], c[i]) for every index, in row-major order.
//
// Loop nest     i over all elements, spread over a grid of at most as many threads as the card can hold
// Launch        256 threads a block; a thread takes 16 bytes at once where views are contiguous and aligned
// Bound         memory: every operand is read once, the result written once
//
// *_walk takes any strides; which function is a parameter there, the same for all threads.
#include "functions.cuh"

// ---- unary ------------------------------------------------------------------------------------------------

#define FLOAT_UNARY(X)                                                                                      \
  X(NEG, -x)                                                                                                \
  X(EXP, expOf(x))                                                                                          \
  X(LOG, logOf(x))                                                                                          \
  X(SQRT, sqrtOf(x))                                                                                        \
  X(ABS, absOf(x))                                                                                          \
  X(SIGN, x > 0 ? T(1) : x < 0 ? T(-1) : x)                                                                 \
  X(SQUARE, x * x)                                                                                          \
  X(RECIPROCAL, 1 / x)                                                                                      \
  X(TANH, tanhOf(x))                                                                                        \
  X(SIGMOID, sigmoidOf(x))                                                                                  \
  X(SOFTPLUS, softplusOf(x))                                                                                \
  X(ERF, erfOf(x))                                                                                          \
  X(SIN, sinOf(x))                                                                                          \
  X(COS, cosOf(x))                                                                                          \
  X(LEAKY_RELU, x > 0 ? x : p == 0 && x <= 0 ? T(0) : T(p) * x)                                             \
  X(ELU, x > 0 ? x : T(p * (double)expm1Of(x)))                                                             \
  X(CLAMP, x != x ? x : smallerOf(largerOf(x, T(p)), T(q)))                                                 \
  X(POW, T(pow((double)x, p)))                                                                              \
  X(ADD, x + T(p))                                                                                          \
  X(MUL, x * T(p))                                                                                          \
  X(FLOOR, floorOf(x))

// Computed in 64 bits, stored in the operand's.
#define INTEGER_UNARY(X)                                                                                    \
  X(NEG, -x)                                                                                                \
  X(ABS, x < 0 ? -x : x)                                                                                    \
  X(SIGN, x > 0 ? 1 : x < 0 ? -1 : 0)                                                                       \
  X(SQUARE, x * x)                                                                                          \
  X(CLAMP, smallerOf(largerOf(x, (i64)p), (i64)q))                                                          \
  X(ADD, x + (i64)p)                                                                                        \
  X(MUL, x * (i64)p)                                                                                        \
  X(NOT, x ^ 1)

// As the constants of UnaryKind are numbered.
enum Unary { NEG, EXP, LOG, SQRT, ABS, SIGN, SQUARE, RECIPROCAL, TANH, SIGMOID, SOFTPLUS, ERF, SIN, COS,
  LEAKY_RELU, ELU, CLAMP, POW, ADD, MUL, FLOOR, NOT };

template <class T> struct Number { typedef T Work; };
template <> struct Number<i32> { typedef i64 Work; };
template <> struct Number<u8> { typedef i64 Work; };

template <class T> __device__ inline T stored(T v) { return v; }
template <class T> __device__ inline T stored(i64 v) { return (T)v; }
template <> __device__ inline u8 stored(i64 v) { return v != 0; }

#define CASE(name, value) case name: return value;
template <class T> __device__ inline T floatUnary(int kind, T x, double p, double q) {
  switch (kind) {
    FLOAT_UNARY(CASE)
  }
  return x;
}
__device__ inline i64 integerUnary(int kind, i64 x, double p, double q) {
  switch (kind) {
    INTEGER_UNARY(CASE)
  }
  return x;
}
__device__ inline float unaryOf(int kind, float x, double p, double q) { return floatUnary(kind, x, p, q); }
__device__ inline double unaryOf(int kind, double x, double p, double q) { return floatUnary(kind, x, p, q); }
__device__ inline i64 unaryOf(int kind, i64 x, double p, double q) { return integerUnary(kind, x, p, q); }

template <class T>
__device__ void unaryWalk(int kind, double p, double q, const T* x, T* y, Walk<2> walk, unsigned n) {
  typedef typename Number<T>::Work W;
  for (EACH(i, n)) {
    int at[2];
    locate(walk, i, at);
    y[at[1]] = stored<T>(unaryOf(kind, (W)x[at[0]], p, q));
  }
}

template <class F, class T> __device__ void unaryFlat(double p, double q, const T* x, T* y, unsigned n) {
  const unsigned width = 16 / sizeof(T);
  unsigned packs = aligned(x) && aligned(y) ? n / width : 0;
  for (EACH(i, packs)) {
    Pack<T> in = ((const Pack<T>*)x)[i];
    Pack<T> out;
    for (unsigned k = 0; k < width; k++) out.v[k] = F::of(in.v[k], p, q);
    ((Pack<T>*)y)[i] = out;
  }
  for (EACH(i, n - packs * width)) y[packs * width + i] = F::of(x[packs * width + i], p, q);
}

#define UNARY_FLAT(name, value)                                                                             \
  struct Unary_##name {                                                                                     \
    template <class T> static __device__ inline T of(T x, double p, double q) { return value; }             \
  };                                                                                                        \
  extern "C" __global__ void unary_##name##_f32(double p, double q, const float* x, float* y, unsigned n) { \
    unaryFlat<Unary_##name>(p, q, x, y, n);                                                                 \
  }                                                                                                         \
  extern "C" __global__ void unary_##name##_f64(double p, double q, const double* x, double* y,             \
      unsigned n) {                                                                                         \
    unaryFlat<Unary_##name>(p, q, x, y, n);                                                                 \
  }
FLOAT_UNARY(UNARY_FLAT)

#define UNARY_WALK(T, suffix)                                                                               \
  extern "C" __global__ void unary_walk_##suffix(int kind, double p, double q, const T* x, T* y,            \
      Walk<2> walk, unsigned n) {                                                                           \
    unaryWalk(kind, p, q, x, y, walk, n);                                                                   \
  }
UNARY_WALK(float, f32)
UNARY_WALK(double, f64)
UNARY_WALK(i32, i32)
UNARY_WALK(i64, i64)
UNARY_WALK(u8, bool)

// ---- binary -----------------------------------------------------------------------------------------------

#define FLOAT_BINARY(X)                                                                                     \
  X(PLUS, a + b)                                                                                            \
  X(SUB, a - b)                                                                                             \
  X(TIMES, a * b)                                                                                           \
  X(DIV, a / b)                                                                                             \
  X(MAX, largerOf(a, b))                                                                                    \
  X(MIN, smallerOf(a, b))                                                                                   \
  X(POWER, T(pow((double)a, (double)b)))                                                                    \
  X(TANH_GRAD, b * (4 * sigmoidOf(2 * a) * sigmoidOf(-2 * a)))                                              \
  X(SIGMOID_GRAD, b * sigmoidOf(a) * sigmoidOf(-a))                                                         \
  X(LEAKY_RELU_GRAD, a > 0 ? b : p == 0 ? T(0) : T(p) * b)                                                  \
  X(CLAMP_GRAD, T(p) <= a && a <= T(q) ? b : T(0))                                                          \
  X(COMBINE, T(p * a + q * b))

#define INTEGER_BINARY(X)                                                                                   \
  X(PLUS, a + b)                                                                                            \
  X(SUB, a - b)                                                                                             \
  X(TIMES, a * b)                                                                                           \
  X(MAX, largerOf(a, b))                                                                                    \
  X(MIN, smallerOf(a, b))

// As the constants of BinaryKind are numbered.
enum Binary { PLUS, SUB, TIMES, DIV, MAX, MIN, POWER, TANH_GRAD, SIGMOID_GRAD, LEAKY_RELU_GRAD, CLAMP_GRAD,
  COMBINE };

template <class T> __device__ inline T floatBinary(int kind, T a, T b, double p, double q) {
  switch (kind) {
    FLOAT_BINARY(CASE)
  }
  return a;
}
__device__ inline float binaryOf(int kind, float a, float b, double p, double q) {
  return floatBinary(kind, a, b, p, q);
}
__device__ inline double binaryOf(int kind, double a, double b, double p, double q) {
  return floatBinary(kind, a, b, p, q);
}
__device__ inline i64 binaryOf(int kind, i64 a, i64 b, double p, double q) {
  switch (kind) {
    INTEGER_BINARY(CASE)
  }
  return a;
}

template <class T>
__device__ void binaryWalk(int kind, double p, double q, const T* a, const T* b, T* y, Walk<3> walk,
    unsigned n) {
  typedef typename Number<T>::Work W;
  for (EACH(i, n)) {
    int at[3];
    locate(walk, i, at);
    y[at[2]] = stored<T>(binaryOf(kind, (W)a[at[0]], (W)b[at[1]], p, q));
  }
}

template <class F, class T>
__device__ void binaryFlat(double p, double q, const T* a, const T* b, T* y, unsigned n) {
  const unsigned width = 16 / sizeof(T);
  unsigned packs = aligned(a) && aligned(b) && aligned(y) ? n / width : 0;
  for (EACH(i, packs)) {
    Pack<T> left = ((const Pack<T>*)a)[i];
    Pack<T> right = ((const Pack<T>*)b)[i];
    Pack<T> out;
    for (unsigned k = 0; k < width; k++) out.v[k] = F::of(left.v[k], right.v[k], p, q);
    ((Pack<T>*)y)[i] = out;
  }
  for (EACH(i, n - packs * width)) {
    unsigned at = packs * width + i;
    y[at] = F::of(a[at], b[at], p, q);
  }
}

#define BINARY_FLAT_OF(name, T, suffix)                                                                     \
  extern "C" __global__ void binary_##name##_##suffix(double p, double q, const T* a, const T* b, T* y,     \
      unsigned n) {                                                                                         \
    binaryFlat<Binary_##name>(p, q, a, b, y, n);                                                            \
  }
#define BINARY_FLAT(name, value)                                                                            \
  struct Binary_##name {                                                                                    \
    template <class T> static __device__ inline T of(T a, T b, double p, double q) { return value; }        \
  };                                                                                                        \
  BINARY_FLAT_OF(name, float, f32)                                                                          \
  BINARY_FLAT_OF(name, double, f64)
FLOAT_BINARY(BINARY_FLAT)

#define BINARY_WALK(T, suffix)                                                                              \
  extern "C" __global__ void binary_walk_##suffix(int kind, double p, double q, const T* a, const T* b,     \
      T* y, Walk<3> walk, unsigned n) {                                                                     \
    binaryWalk(kind, p, q, a, b, y, walk, n);                                                               \
  }
BINARY_WALK(float, f32)
BINARY_WALK(double, f64)
BINARY_WALK(i32, i32)
BINARY_WALK(i64, i64)
BINARY_WALK(u8, bool)

// ---- comparisons and choice -----------------------------------------------------------------------------

// As the constants of CompareKind are numbered.
template <class T> __device__ inline bool holds(int kind, T a, T b) {
  switch (kind) {
    case 0: return a == b;
    case 1: return a != b;
    case 2: return a < b;
    case 3: return a <= b;
    case 4: return a > b;
    default: return a >= b;
  }
}

#define COMPARE(T, suffix)                                                                                  \
  extern "C" __global__ void compare_##suffix(int kind, const T* a, const T* b, u8* y, Walk<3> walk,        \
      unsigned n) {                                                                                         \
    for (EACH(i, n)) {                                                                                      \
      int at[3];                                                                                            \
      locate(walk, i, at);                                                                                  \
      y[at[2]] = holds(kind, a[at[0]], b[at[1]]);                                                           \
    }                                                                                                       \
  }
COMPARE(float, f32)
COMPARE(double, f64)
COMPARE(i32, i32)
COMPARE(i64, i64)
COMPARE(u8, bool)

// By size of element: a choice does not look at the numbers.
#define WHERE(T, bytes)                                                                                     \
  extern "C" __global__ void where_##bytes(const u8* c, const T* a, const T* b, T* y, Walk<4> walk,         \
      unsigned n) {                                                                                         \
    for (EACH(i, n)) {                                                                                      \
      int at[4];                                                                                            \
      locate(walk, i, at);                                                                                  \
      y[at[3]] = c[at[0]] ? a[at[1]] : b[at[2]];                                                            \
    }                                                                                                       \
  }
WHERE(u8, 1)
WHERE(i32, 4)
WHERE(i64, 8)
