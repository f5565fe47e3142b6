// The tiles of native/kernels/tiles.h on CPUs that have AVX-512 BF16 and no AMX, to test the kernels there: tiles are read in
// place and only the sums are held. Compiled in by SELFADAPT_EMULATED_TILES.
#pragma once

#include <immintrin.h>

#include <cstring>

#include "../../../native/kernels/layout.h"

namespace selfadapt::kernels {

class Tiles {
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

}  // namespace selfadapt::kernels
