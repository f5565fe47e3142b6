// Vectors of floats of the width that this file is compiled for: sixteen with AVX-512, eight with AVX2, four with NEON. All kernels
// are written over them, once; each width has a namespace, or the linker would mix them.
#pragma once

#include "../kernels/parallel.h"
#include "jobs.h"

#if defined(__AVX512F__)
#define SELFADAPT_UNIT avx512
#elif defined(__AVX2__)
#define SELFADAPT_UNIT avx2
#elif defined(__aarch64__)
#define SELFADAPT_UNIT neon
#else
#error "the kernels are written for AVX2, AVX-512 and NEON"
#endif

// The letter of such a register in assembly.
#if defined(__aarch64__)
#define SELFADAPT_VECTOR_REGISTER "w"
#else
#define SELFADAPT_VECTOR_REGISTER "v"
#endif

namespace selfadapt::winograd::SELFADAPT_UNIT {

using kernels::parallelFor;
using kernels::parallelWorkers;

// kRows: rows of sums that a product holds in registers, two vectors each. AVX-512 and NEON have 32 registers, AVX2 has 16.
#if defined(__AVX512F__)
constexpr int kWidth = 16, kRows = 12;
constexpr char kInstructions[] = "avx512";
#elif defined(__AVX2__)
constexpr int kWidth = 8, kRows = 6;
constexpr char kInstructions[] = "avx2";
#else
constexpr int kWidth = 4, kRows = 12;
constexpr char kInstructions[] = "neon";
#endif
constexpr int kPanel = 2 * kWidth;

typedef float Vector __attribute__((vector_size(4 * kWidth)));
typedef float LooseVector __attribute__((vector_size(4 * kWidth), aligned(4), may_alias));
typedef int Integers __attribute__((vector_size(4 * kWidth)));

static SELFADAPT_INLINE Vector load(const float* from) { return *reinterpret_cast<const LooseVector*>(from); }
static SELFADAPT_INLINE void store(float* to, Vector v) { *reinterpret_cast<LooseVector*>(to) = v; }
static SELFADAPT_INLINE Vector all(float value) { return value - Vector{}; }
// max(v, 0); what is not a number stays so.
static SELFADAPT_INLINE Vector relu(Vector v) { return v <= Vector{} ? Vector{} : v; }
// v where by > 0 or is not a number, else 0.
static SELFADAPT_INLINE Vector wherePositive(Vector v, Vector by) { return by <= Vector{} ? Vector{} : v; }

static SELFADAPT_INLINE Vector loadFirst(const float* from, int count) {
  if (count >= kWidth) return load(from);
  Vector v{};
  for (int i = 0; i < count; i++) v[i] = from[i];
  return v;
}
static SELFADAPT_INLINE void storeFirst(float* to, Vector v, int count) {
  if (count >= kWidth) return store(to, v);
  for (int i = 0; i < count; i++) to[i] = v[i];
}

// One vector of a half of each: first[from], second[from], first[from + 1], ...
static SELFADAPT_INLINE Vector interleaved(Vector first, Vector second, int from) {
#if defined(__clang__)
  Vector result;
  for (int i = 0; i < kWidth; i++) result[i] = i % 2 == 0 ? first[from + i / 2] : second[from + i / 2];
  return result;
#else
  Integers order{};
  for (int i = 0; i < kWidth; i++) order[i] = from + i / 2 + (i % 2) * kWidth;
  return __builtin_shuffle(first, second, order);
#endif
}

// The transpose of kWidth vectors, by interleaving halves log2(kWidth) times.
static SELFADAPT_INLINE void transpose(Vector* rows) {
  for (int stage = 1; stage < kWidth; stage *= 2) {
    Vector next[kWidth];
    for (int i = 0; i < kWidth / 2; i++) {
      next[2 * i] = interleaved(rows[i], rows[i + kWidth / 2], 0);
      next[2 * i + 1] = interleaved(rows[i], rows[i + kWidth / 2], kWidth / 2);
    }
    for (int i = 0; i < kWidth; i++) rows[i] = next[i];
  }
}

static SELFADAPT_INLINE int smaller(int a, int b) { return a < b ? a : b; }
static SELFADAPT_INLINE int larger(int a, int b) { return a > b ? a : b; }
static SELFADAPT_INLINE int partsOf(int count, int size) { return (count + size - 1) / size; }

}  // namespace selfadapt::winograd::SELFADAPT_UNIT
