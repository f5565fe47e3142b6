#include "weights.h"

#include "vectors.h"

namespace selfadapt::kernels {

namespace {

// Sixteen floats of a row as bf16 in the low half of the result's lanes' order: a's, then b's.
__m512i narrowed(__m512 a, __m512 b) { return narrow({a, b}); }

__m512 someOf(const float* from, int count) { return _mm512_maskz_loadu_ps(firstOf(count), from); }

// A tile whose 16 columns are rows of memory, its 32 rows their elements: transposed pair by pair. w(r, i) is element i of row r:
//
//     w( 0,0) w( 0,1)   w( 0,2) w( 0,3) ...        w(0, 0) w(0, 1)   w(1, 0) w(1, 1)   ...   w(15, 0) w(15, 1)
//     w( 1,0) w( 1,1)   w( 1,2) w( 1,3) ...   ->   w(0, 2) w(0, 3)   w(1, 2) w(1, 3)   ...   w(15, 2) w(15, 3)
//     ...                                          ...
//     w(15,0) w(15,1)   w(15,2) w(15,3) ...        w(0,30) w(0,31)   w(1,30) w(1,31)   ...   w(15,30) w(15,31)
void packColumns(const float* from, size_t rowStride, int rows, int count, Bf16* tile) {
  __m512i lines[16];
  for (int r = 0; r < 16; r++) {
    const float* row = from + r * rowStride;
    lines[r] = r < rows ? narrowed(someOf(row, count), someOf(row + 16, count - 16)) : _mm512_setzero_si512();
  }
  transpose(lines);
  for (int r = 0; r < 16; r++) _mm512_store_si512(tile + r * kLanes, lines[r]);
}

// A tile whose 32 rows are rows of memory, its 16 columns their elements: rows interleaved in pairs.
//
//     w( 0,0) w( 0,1) ... w( 0,15)        w( 0,0) w( 1,0)   w( 0,1) w( 1,1)   ...   w( 0,15) w( 1,15)
//     w( 1,0) w( 1,1) ... w( 1,15)   ->   w( 2,0) w( 3,0)   w( 2,1) w( 3,1)   ...   w( 2,15) w( 3,15)
//     ...                                 ...
//     w(31,0) w(31,1) ... w(31,15)        w(30,0) w(31,0)   w(30,1) w(31,1)   ...   w(30,15) w(31,15)
void packRows(const float* from, size_t rowStride, int rows, int count, Bf16* tile) {
  alignas(64) static constexpr uint16_t order[32] = {0, 16, 1, 17, 2,  18, 3,  19, 4,  20, 5,  21, 6,  22, 7,  23,
                                                     8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};
  const __m512i interleave = _mm512_load_si512(order);
  for (int r = 0; r < 32; r += 2) {
    const __m512 even = r < rows ? someOf(from + r * rowStride, count) : _mm512_setzero_ps();
    const __m512 odd = r + 1 < rows ? someOf(from + (r + 1) * rowStride, count) : _mm512_setzero_ps();
    _mm512_store_si512(tile + r * 16, _mm512_permutexvar_epi16(interleave, narrowed(even, odd)));
  }
}

// Where the tile of 16 outputs (the `half`th of a block), a tap and 32 inputs lies, outputs and inputs as the direction has them.
size_t tileAt(const Window& window, int outputBlock, int half, int tap, int inputBlock, int inputBlocks) {
  const int kernel = window.kernel;
  if (window.slides()) {
    const size_t row = (static_cast<size_t>(outputBlock) * 2 + half) * kernel + tap / kernel;
    return ((row * inputBlocks + inputBlock) * kernel + tap % kernel) * kTile;
  }
  const size_t place = static_cast<size_t>(outputBlock) * window.taps() + tap;
  return ((place * inputBlocks + inputBlock) * 2 + half) * kTile;
}

}  // namespace

void packWeights(const float* weights, const WeightShape& shape, int outputBlock, PackedWeights packed) {
  const auto& [outputs, inputs, window] = shape;
  const int taps = window.taps();
  const int inputBlocks = blocksOf(inputs);
  const size_t rowStride = static_cast<size_t>(taps) * inputs;
  const float* block = weights + outputBlock * kLanes * rowStride;
  const int rows = outputs - outputBlock * kLanes;
  for (int tap = 0; tap < taps; tap++) {
    for (int inputBlock = 0; inputBlock < inputBlocks; inputBlock++) {
      const float* from = block + static_cast<size_t>(tap) * inputs + inputBlock * kLanes;
      const int columns = inputs - inputBlock * kLanes;
      for (int half = 0; half < 2; half++) {
        Bf16* tile = packed.forward + tileAt(window, outputBlock, half, tap, inputBlock, inputBlocks);
        packColumns(from + half * 16 * rowStride, rowStride, rows - half * 16, columns, tile);
        if (packed.backward == nullptr) continue;
        const int mirrored = window.slides() ? taps - 1 - tap : tap;
        tile = packed.backward + tileAt(window, inputBlock, half, mirrored, outputBlock, blocksOf(outputs));
        packRows(from + half * 16, rowStride, rows, columns - half * 16, tile);
      }
    }
  }
}

}  // namespace selfadapt::kernels
