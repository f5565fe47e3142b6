// Feature maps packed for the weight gradient's products: rows of pixels, as tiles in which 32 images are the inner side.
#pragma once

#include "vectors.h"

namespace selfadapt::kernels {

// Interleaving works in lanes of eight channels, the lower four of each lane apart from the upper four. So a block's 32 channels
// come to lie in the order 0-3, 8-11, 16-19, 24-27 in its first tile, and 4-7, 12-15, 20-23, 28-31 in its second:
//
//     even image   0  1  2  3 | 4  5  6  7 | 8  9 10 11 |12 13 14 15 |16 ...      channels of an even image, e, and of the
//     odd image    0  1  2  3 | 4  5  6  7 | 8  9 10 11 |12 13 14 15 |16 ...      odd one that follows, o
//     low          e0 o0 e1 o1 e2 o2 e3 o3 | e8 o8 e9 o9 e10 o10 e11 o11 | e16 ...
//     high         e4 o4 e5 o5 e6 o6 e7 o7 | e12 o12 e13 o13 ...         | e20 ...
//
// 32 images x 32 channels to two tiles of 16 channels by 32 images. The pairs of `low`, as 32-bit values, transposed:
//
//                  channel 0   1   2   3   8  ...                      images 0 1   2 3   4 5  ...  30 31
//     images 0 1 [       e o e o e o e o e o  ... ]        channel  0 [       e o   e o   e o  ...  e o ]
//     images 2 3 [       e o e o e o e o e o  ... ]   ->   channel  1 [       e o   e o   e o  ...  e o ]
//     ...                                                  ...                      (0-3, 8-11, 16-19, 24-27)
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

// 32 images x 32 channels to two tiles of 32 images (in interleaved pairs) by 16 channels: `low` and `high` as they are, a row for
// each pair of images.
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
