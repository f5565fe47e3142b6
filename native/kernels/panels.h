// Feature maps packed for the weight gradient's products: rows of pixels, as tiles in which 32 images are the inner side.
#pragma once

#include "vectors.h"

namespace selfadapt::kernels {

// Interleaving and transposing leave a block's 32 channels in the order 0-3, 8-11, 16-19, 24-27 in its first tile, and the
// others in its second.
//
// 32 images x 32 channels to two tiles of 16 channels by 32 images.
inline void packTransposed(const Bf16* block, Bf16* first, Bf16* second) {
  __m512i low[16], high[16];
  for (int i = 0; i < 16; i++) {
    const __m512i even = _mm512_load_si512(block + 64 * i);
    const __m512i odd = _mm512_load_si512(block + 64 * i + 32);
    low[i] = _mm512_unpacklo_epi16(even, odd);
    high[i] = _mm512_unpackhi_epi16(even, odd);
  }
  transpose(low);
  transpose(high);
  for (int i = 0; i < 16; i++) _mm512_store_si512(first + 32 * i, low[i]);
  for (int i = 0; i < 16; i++) _mm512_store_si512(second + 32 * i, high[i]);
}

// 32 images x 32 channels to two tiles of 32 images (in interleaved pairs) by 16 channels.
inline void packPairs(const Bf16* block, Bf16* first, Bf16* second) {
  for (int i = 0; i < 16; i++) {
    const __m512i even = _mm512_load_si512(block + 64 * i);
    const __m512i odd = _mm512_load_si512(block + 64 * i + 32);
    _mm512_store_si512(first + 32 * i, _mm512_unpacklo_epi16(even, odd));
    _mm512_store_si512(second + 32 * i, _mm512_unpackhi_epi16(even, odd));
  }
}

using PackBlock = void (*)(const Bf16*, Bf16*, Bf16*);

// Packed pixels: [channels / 16][rows][width] tiles, rows counted over all images' blocks.
struct Panel {
  Bf16* tiles = nullptr;
  int firstRow = 0;
  int rows = 0;
  int width = 0;

  Bf16* at(int channelTile, int row, int x = 0) const {
    return tiles + ((static_cast<size_t>(channelTile) * rows + (row - firstRow)) * width + x) * kTile;
  }
};

// A row of every `stride`th pixel into a panel; `row` counts rows of the panel's own grid.
inline void packRow(const Bf16* maps, const Maps& shape, int stride, PackBlock pack, const Panel& panel, int row, int height) {
  const int image = row / height;
  const int y = row % height * stride;
  for (int x = 0; x < panel.width; x++) {
    const Bf16* block = maps + shape.at(image, y, x * stride);
    for (int c = 0; c < shape.channelBlocks(); c++, block += kBlock) {
      pack(block, panel.at(2 * c, row, x), panel.at(2 * c + 1, row, x));
    }
  }
}

}  // namespace selfadapt::kernels
