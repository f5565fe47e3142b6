// Rows of 32 bf16 numbers as two vectors of sixteen floats, and transposes in registers.
#pragma once

#include <immintrin.h>

#include "layout.h"

namespace selfadapt::kernels {

struct Row {
  __m512 low;
  __m512 high;
};

inline __m512 widen(const Bf16* from) {
  const __m256i bits = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(bits), 16));
}

inline Row loadRow(const Bf16* from) { return {widen(from), widen(from + 16)}; }
inline Row loadRow(const float* from) { return {_mm512_loadu_ps(from), _mm512_loadu_ps(from + 16)}; }
inline Row zeroRow() { return {_mm512_setzero_ps(), _mm512_setzero_ps()}; }
inline Row rowOf(float value) { return {_mm512_set1_ps(value), _mm512_set1_ps(value)}; }

// Rounded to the nearest, ties to even.
inline __m512i narrow(Row row) { return reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(row.high, row.low)); }

inline void storeRow(Bf16* to, Row row) { _mm512_store_si512(to, narrow(row)); }
inline void streamRow(Bf16* to, Row row) { _mm512_stream_si512(reinterpret_cast<__m512i*>(to), narrow(row)); }
inline void storeRow(float* to, Row row) {
  _mm512_storeu_ps(to, row.low);
  _mm512_storeu_ps(to + 16, row.high);
}

inline Row operator+(Row a, Row b) { return {_mm512_add_ps(a.low, b.low), _mm512_add_ps(a.high, b.high)}; }
inline Row operator*(Row a, Row b) { return {_mm512_mul_ps(a.low, b.low), _mm512_mul_ps(a.high, b.high)}; }
// Keeps a NaN in a: for NaN the instruction returns its second operand.
inline Row larger(Row a, Row b) { return {_mm512_max_ps(b.low, a.low), _mm512_max_ps(b.high, a.high)}; }
// a b + c
inline Row multiplyAdd(Row a, Row b, Row c) {
  return {_mm512_fmadd_ps(a.low, b.low, c.low), _mm512_fmadd_ps(a.high, b.high, c.high)};
}
// a where b > 0 or not a number, else 0
inline Row wherePositive(Row a, Row b) {
  const __m512 zero = _mm512_setzero_ps();
  return {_mm512_maskz_mov_ps(_mm512_cmp_ps_mask(b.low, zero, _CMP_NLE_UQ), a.low),
          _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(b.high, zero, _CMP_NLE_UQ), a.high)};
}

// Transposes sixteen vectors of sixteen 32-bit values in place: first 4 x 4 values within the lanes of 128 bits, then the 4 x 4
// lanes. Four vectors a, b, c, d, of each the first lane:
//
//     a0 a1 a2 a3                  a0 b0 a1 b1                  a0 b0 c0 d0
//     b0 b1 b2 b3   unpack 32 ->   a2 b2 a3 b3   unpack 64 ->   a1 b1 c1 d1
//     c0 c1 c2 c3                  c0 d0 c1 d1                  a2 b2 c2 d2
//     d0 d1 d2 d3                  c2 d2 c3 d3                  a3 b3 c3 d3
//
// Then vector 4 i + j holds, in its lane l, column 4 l + j of the vectors 4 i to 4 i + 3. By lanes, written i l, for one j:
//
//     00 01 02 03                    00 02 10 12   01 03 11 13                    00 10 20 30  = column j
//     10 11 12 13   shuffle lanes    (0x88: even)  (0xdd: odd)    shuffle lanes   01 11 21 31  = column 4 + j
//     20 21 22 23        ->          20 22 30 32   21 23 31 33         ->         02 12 22 32  = column 8 + j
//     30 31 32 33                                                                 03 13 23 33  = column 12 + j
inline void transpose(__m512i* rows) {
  __m512i t[16];
  for (int i = 0; i < 8; i++) {
    t[2 * i] = _mm512_unpacklo_epi32(rows[2 * i], rows[2 * i + 1]);
    t[2 * i + 1] = _mm512_unpackhi_epi32(rows[2 * i], rows[2 * i + 1]);
  }
  for (int i = 0; i < 4; i++) {
    rows[4 * i] = _mm512_unpacklo_epi64(t[4 * i], t[4 * i + 2]);
    rows[4 * i + 1] = _mm512_unpackhi_epi64(t[4 * i], t[4 * i + 2]);
    rows[4 * i + 2] = _mm512_unpacklo_epi64(t[4 * i + 1], t[4 * i + 3]);
    rows[4 * i + 3] = _mm512_unpackhi_epi64(t[4 * i + 1], t[4 * i + 3]);
  }
  for (int i = 0; i < 4; i++) {
    t[i] = _mm512_shuffle_i32x4(rows[i], rows[4 + i], 0x88);
    t[4 + i] = _mm512_shuffle_i32x4(rows[i], rows[4 + i], 0xdd);
    t[8 + i] = _mm512_shuffle_i32x4(rows[8 + i], rows[12 + i], 0x88);
    t[12 + i] = _mm512_shuffle_i32x4(rows[8 + i], rows[12 + i], 0xdd);
  }
  for (int i = 0; i < 4; i++) {
    rows[i] = _mm512_shuffle_i32x4(t[i], t[8 + i], 0x88);
    rows[8 + i] = _mm512_shuffle_i32x4(t[i], t[8 + i], 0xdd);
    rows[4 + i] = _mm512_shuffle_i32x4(t[4 + i], t[12 + i], 0x88);
    rows[12 + i] = _mm512_shuffle_i32x4(t[4 + i], t[12 + i], 0xdd);
  }
}

// The low sixteen, or the first `count`; the others are zeros.
inline __mmask16 firstOf(int count) { return count >= 16 ? 0xffff : count <= 0 ? 0 : (1u << count) - 1; }

}  // namespace selfadapt::kernels
