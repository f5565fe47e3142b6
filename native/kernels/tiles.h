// The eight tiles that the convolutions compute with: sixteen rows of 64 bytes each. `multiply<C, A, B>` adds the product of
// A (16 x 32 bf16) and B (32 x 16 bf16, rows in interleaved pairs) to C (16 x 16 floats). Two implementations: the matrix
// unit (AMX), and vector instructions (AVX-512 BF16), where tiles are read in place and only the sums are held. How B lies, b(k, n)
// its element in row k and column n:
//
//     row 0   b( 0, 0) b( 1, 0)   b( 0, 1) b( 1, 1)   ...   b( 0,15) b( 1,15)     C(m, n) += A(m, 2 i)     b(2 i,     n)
//     row 1   b( 2, 0) b( 3, 0)   b( 2, 1) b( 3, 1)   ...   b( 2,15) b( 3,15)              + A(m, 2 i + 1) b(2 i + 1, n)
//     ...                                                                         for row i: one 32-bit element of A, a pair,
//     row 15  b(30, 0) b(31, 0)   b(30, 1) b(31, 1)   ...   b(30,15) b(31,15)     meets sixteen pairs of B
#pragma once

#include <immintrin.h>

#include <cstring>

#include "layout.h"

namespace selfadapt::kernels {

// Written in assembly: the compilers' own intrinsics want the tile's number as a literal, and some versions forget what
// memory the instructions read.
class AmxTiles {
 public:
  AmxTiles() {
    alignas(64) uint8_t configuration[64] = {};
    configuration[0] = 1;
    for (int tile = 0; tile < 8; tile++) {
      configuration[16 + 2 * tile] = 64;
      configuration[48 + tile] = 16;
    }
    asm volatile("ldtilecfg %0" ::"m"(configuration) : "memory");
  }
  ~AmxTiles() { asm volatile("tilerelease" ::: "memory"); }
  AmxTiles(const AmxTiles&) = delete;
  AmxTiles& operator=(const AmxTiles&) = delete;

  template <int T>
  void zero() {
    asm volatile("tilezero %%tmm%c0" ::"i"(T));
  }
  template <int T>
  void load(const void* from) {
    asm volatile("tileloadd (%0,%1,1), %%tmm%c2" ::"r"(from), "r"(64L), "i"(T), "m"(*static_cast<const Bytes*>(from)));
  }
  // A tile of sums, sixteen rows of sixteen floats.
  template <int T>
  void loadSums(const float* from) {
    load<T>(from);
  }
  // As `load`, of what will not be read again soon.
  template <int T>
  void stream(const void* from) {
    asm volatile("tileloaddt1 (%0,%1,1), %%tmm%c2" ::"r"(from), "r"(64L), "i"(T),
                 "m"(*static_cast<const Bytes*>(from)));
  }
  template <int T>
  void store(float* to) {
    asm volatile("tilestored %%tmm%c3, (%1,%2,1)"
                 : "=m"(*reinterpret_cast<Bytes*>(to))
                 : "r"(to), "r"(64L), "i"(T));
  }
  template <int C, int A, int B>
  void multiply() {
    asm volatile("tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0" ::"i"(C), "i"(A), "i"(B));
  }

 private:
  using Bytes = uint8_t[1024];
};

class VectorTiles {
 public:
  template <int T>
  void zero() {
    std::memset(sums_[T], 0, sizeof sums_[T]);
  }
  template <int T>
  void load(const void* from) {
    factors_[T] = static_cast<const Bf16*>(from);
  }
  template <int T>
  void loadSums(const float* from) {
    std::memcpy(sums_[T], from, sizeof sums_[T]);
  }
  template <int T>
  void stream(const void* from) {
    load<T>(from);
  }
  template <int T>
  void store(float* to) {
    std::memcpy(to, sums_[T], sizeof sums_[T]);
  }
  template <int C, int A, int B>
  void multiply() {
    const auto* a = reinterpret_cast<const int32_t*>(factors_[A]);
    const Bf16* b = factors_[B];
    __m512 rows[16];
#pragma GCC unroll 16
    for (int r = 0; r < 16; r++) rows[r] = _mm512_load_ps(sums_[C] + 16 * r);
    for (int k = 0; k < 16; k++) {
      const auto pairs = reinterpret_cast<__m512bh>(_mm512_load_si512(b + 32 * k));
#pragma GCC unroll 16
      for (int r = 0; r < 16; r++) {
        rows[r] = _mm512_dpbf16_ps(rows[r], reinterpret_cast<__m512bh>(_mm512_set1_epi32(a[16 * r + k])), pairs);
      }
    }
#pragma GCC unroll 16
    for (int r = 0; r < 16; r++) _mm512_store_ps(sums_[C] + 16 * r, rows[r]);
  }

 private:
  alignas(64) float sums_[8][256];
  const Bf16* factors_[8];
};

// Which of the two serves.
enum class Unit { Amx, Vector };

}  // namespace selfadapt::kernels
