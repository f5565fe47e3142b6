// The eight tiles that the convolutions compute with: sixteen rows of 64 bytes each. `multiply<C, A, B>` adds the product of
// A (16 x 32 bf16) and B (32 x 16 bf16, rows in interleaved pairs) to C (16 x 16 floats). How B lies, b(k, n) its element in
// row k and column n:
//
//     row 0   b( 0, 0) b( 1, 0)   b( 0, 1) b( 1, 1)   ...   b( 0,15) b( 1,15)     C(m, n) += A(m, 2 i)     b(2 i,     n)
//     row 1   b( 2, 0) b( 3, 0)   b( 2, 1) b( 3, 1)   ...   b( 2,15) b( 3,15)              + A(m, 2 i + 1) b(2 i + 1, n)
//     ...                                                                         for row i: one 32-bit element of A, a pair,
//     row 15  b(30, 0) b(31, 0)   b(30, 1) b(31, 1)   ...   b(30,15) b(31,15)     meets sixteen pairs of B
#pragma once

#include "layout.h"

#if defined(SELFADAPT_EMULATED_TILES)
#include "../../test/native/packed/emulated-tiles.h"
#else

namespace selfadapt::kernels {

// Written in assembly: the compilers' own intrinsics want the tile's number as a literal, and some versions forget what
// memory the instructions read.
class Tiles {
 public:
  Tiles() {
    alignas(64) uint8_t configuration[64] = {};
    configuration[0] = 1;
    for (int tile = 0; tile < 8; tile++) {
      configuration[16 + 2 * tile] = 64;
      configuration[48 + tile] = 16;
    }
    asm volatile("ldtilecfg %0" ::"m"(configuration) : "memory");
  }
  ~Tiles() { asm volatile("tilerelease" ::: "memory"); }
  Tiles(const Tiles&) = delete;
  Tiles& operator=(const Tiles&) = delete;

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
  // As `load`, for data that is not reused soon (non-temporal).
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

}  // namespace selfadapt::kernels

#endif
