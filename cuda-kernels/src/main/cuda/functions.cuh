// Scalar functions, f32 and f64, as wengert.tensor.spi.UnaryKind and BinaryKind define them. Nothing is
// contracted (nvcc -fmad=false): a fused multiply-add stands where it is written.
#pragma once
#include "views.cuh"
#include <math.h>

__device__ inline float expOf(float x) { return expf(x); }
__device__ inline double expOf(double x) { return exp(x); }
__device__ inline float expm1Of(float x) { return expm1f(x); }
__device__ inline double expm1Of(double x) { return expm1(x); }
__device__ inline float logOf(float x) { return logf(x); }
__device__ inline double logOf(double x) { return log(x); }
__device__ inline float log1pOf(float x) { return log1pf(x); }
__device__ inline double log1pOf(double x) { return log1p(x); }
__device__ inline float sqrtOf(float x) { return sqrtf(x); }
__device__ inline double sqrtOf(double x) { return sqrt(x); }
__device__ inline float absOf(float x) { return fabsf(x); }
__device__ inline double absOf(double x) { return fabs(x); }
__device__ inline float tanhOf(float x) { return tanhf(x); }
__device__ inline double tanhOf(double x) { return tanh(x); }
__device__ inline float erfOf(float x) { return erff(x); }
__device__ inline double erfOf(double x) { return erf(x); }
__device__ inline float sinOf(float x) { return sinf(x); }
__device__ inline double sinOf(double x) { return sin(x); }
__device__ inline float cosOf(float x) { return cosf(x); }
__device__ inline double cosOf(double x) { return cos(x); }
__device__ inline float floorOf(float x) { return floorf(x); }
__device__ inline double floorOf(double x) { return floor(x); }

// The form whose exponential does not overflow.
template <class T> __device__ inline T sigmoidOf(T x) {
  T e = expOf(-absOf(x));
  return (x < 0 ? e : T(1)) / (1 + e);
}

// ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|); NaN stays NaN.
template <class T> __device__ inline T softplusOf(T x) {
  return (x > 0 ? x : x == x ? T(0) : x) + log1pOf(expOf(-absOf(x)));
}

// NaN if either is; of two zeros the positive one.
template <class T> __device__ inline T largerOf(T a, T b) {
  return a > b ? a : a < b ? b : a == b ? (a == 0 ? a + b : a) : a + b;
}

// NaN if either is; of two zeros the negative one.
template <class T> __device__ inline T smallerOf(T a, T b) {
  return a < b ? a : a > b ? b : a == b ? (a == 0 ? -(-a - b) : a) : a + b;
}
template <> __device__ inline i64 largerOf(i64 a, i64 b) { return a > b ? a : b; }
template <> __device__ inline i64 smallerOf(i64 a, i64 b) { return a < b ? a : b; }
