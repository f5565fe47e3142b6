// The two convolution kernels: windows that slide along a row of pixels, and lists of taps for everything else.
#pragma once

#include "convolve.h"
#include "epilogues.h"
#include "parallel.h"
#include "tiles.h"
#include "vectors.h"

namespace selfadapt::kernels {

// The part of the output of one task: rows of pixels of one block of images, and blocks of output channels.
struct Share {
  int index;
  int imageBlock;
  int firstRow, lastRow;
  int firstBlock, lastBlock;
};

constexpr int kPixels = 4;

// Adds one kernel row's products for up to four neighboring pixels: their sums in tiles 0 to 3, the row's three weight
// tiles in 4 to 6, one input tile at a time in 7. `left` and `right` say whether there is a pixel beyond.
template <int Pixels>
void slideRow(Tiles& tiles, const Bf16* input, size_t pixelStride, const Bf16* weights, int blocks, bool left,
              bool right) {
  for (int block = 0; block < blocks; block++, input += kBlock, weights += 3 * kTile) {
    tiles.load<4>(weights);
    tiles.load<5>(weights + kTile);
    if (left) {
      tiles.stream<7>(input - pixelStride);
      tiles.multiply<0, 7, 4>();
    }
    tiles.stream<7>(input);
    if constexpr (Pixels > 1) tiles.multiply<1, 7, 4>();
    tiles.multiply<0, 7, 5>();
    tiles.load<6>(weights + 2 * kTile);
    if constexpr (Pixels > 1) {
      tiles.stream<7>(input + pixelStride);
      if constexpr (Pixels > 2) tiles.multiply<2, 7, 4>();
      tiles.multiply<1, 7, 5>();
      tiles.multiply<0, 7, 6>();
    }
    if constexpr (Pixels > 2) {
      tiles.stream<7>(input + 2 * pixelStride);
      if constexpr (Pixels > 3) tiles.multiply<3, 7, 4>();
      tiles.multiply<2, 7, 5>();
      tiles.multiply<1, 7, 6>();
    }
    if constexpr (Pixels > 3) {
      tiles.stream<7>(input + 3 * pixelStride);
      tiles.multiply<3, 7, 5>();
      tiles.multiply<2, 7, 6>();
    }
    if (right) {
      tiles.stream<7>(input + Pixels * pixelStride);
      tiles.multiply<Pixels - 1, 7, 6>();
    }
  }
}

// The sums of up to four pixels, sixteen images and 32 channels: [2 halves of the channels][pixels].
struct Sums {
  alignas(64) float of[2][kPixels][256];
};

template <int Pixels>
void slidePixels(Tiles& tiles, const Source& source, int imageBlock, int y, int x, int half, int block, Sums& sums) {
  const Maps& maps = source.shape;
  const int blocks = maps.channelBlocks();
  for (int part = 0; part < 2; part++) {
    tiles.zero<0>();
    if constexpr (Pixels > 1) tiles.zero<1>();
    if constexpr (Pixels > 2) tiles.zero<2>();
    if constexpr (Pixels > 3) tiles.zero<3>();
    const Bf16* weights = source.weights + static_cast<size_t>(block * 2 + part) * 9 * blocks * kTile;
    for (int row = 0; row < 3; row++, weights += 3 * blocks * kTile) {
      const int from = y + row - 1;
      if (from < 0 || from >= maps.height) continue;
      const Bf16* input = source.maps + maps.at(imageBlock, from, x) + half * kTile;
      slideRow<Pixels>(tiles, input, maps.pixelStride(), weights, blocks, x > 0, x + Pixels < maps.width);
    }
    tiles.store<0>(sums.of[part][0]);
    if constexpr (Pixels > 1) tiles.store<1>(sums.of[part][1]);
    if constexpr (Pixels > 2) tiles.store<2>(sums.of[part][2]);
    if constexpr (Pixels > 3) tiles.store<3>(sums.of[part][3]);
  }
}

template <class Rows>
inline void finishTile(Rows& rows, const float* low, const float* high, Bf16* output, size_t element, int firstImage) {
  for (int r = 0; r < 16; r++, element += kLanes) {
    const Row value = {_mm512_load_ps(low + 16 * r), _mm512_load_ps(high + 16 * r)};
    const Row result = rows(value, {element, firstImage + r});
    if (Rows::kStreams) streamRow(output + element, result);
    else storeRow(output + element, result);
  }
}

// A block of output channels of a share, by sliding windows.
template <class Rows>
void slideBlock(Tiles& tiles, Rows& rows, const Gathering& job, const Share& share, int block) {
  const Maps& shape = job.shape;
  Sums sums;
  for (int y = share.firstRow; y < share.lastRow; y++) {
    for (int x = 0; x < shape.width; x += kPixels) {
      const int pixels = smaller(kPixels, shape.width - x);
      for (int half = 0; half < 2; half++) {
        const auto slide = pixels == 4   ? slidePixels<4>
                           : pixels == 3 ? slidePixels<3>
                           : pixels == 2 ? slidePixels<2>
                                         : slidePixels<1>;
        slide(tiles, job.sources[0], share.imageBlock, y, x, half, block, sums);
        size_t element = shape.at(share.imageBlock, y, x) + static_cast<size_t>(block) * kBlock + half * kTile;
        for (int pixel = 0; pixel < pixels; pixel++, element += shape.pixelStride()) {
          finishTile(rows, sums.of[0][pixel], sums.of[1][pixel], job.output, element, 16 * half);
        }
      }
    }
  }
}

// One tap of one output pixel: blocks of input channels, and their weight tiles in pairs.
struct Tap {
  const Bf16* input;
  const Bf16* weights;
  int blocks;
};

constexpr int kMostTaps = 9 * kMostSources;

// The input coordinate of a tap, or -1 where there is none.
inline int inputCoordinate(const Source& source, int output, int tap, int size) {
  const Window& window = source.window;
  int from = output * window.stride + tap - window.padding;
  if (source.transposed) {
    from = output + window.padding - tap;
    if (from % window.stride != 0) return -1;
    from /= window.stride;
  }
  return from >= 0 && from < size ? from : -1;
}

inline int tapsOf(const Gathering& job, int imageBlock, int y, int x, int block, Tap* taps) {
  int count = 0;
  for (int i = 0; i < job.count; i++) {
    const Source& source = job.sources[i];
    const int kernel = source.window.kernel;
    const int blocks = source.shape.channelBlocks();
    const Bf16* weights = source.weights + static_cast<size_t>(block) * source.window.taps() * blocks * kBlock;
    for (int row = 0; row < kernel; row++) {
      const int fromY = inputCoordinate(source, y, row, source.shape.height);
      if (fromY < 0) continue;
      for (int column = 0; column < kernel; column++) {
        const int fromX = inputCoordinate(source, x, column, source.shape.width);
        if (fromX < 0) continue;
        const size_t tap = static_cast<size_t>(row * kernel + column);
        taps[count++] = {source.maps + source.shape.at(imageBlock, fromY, fromX), weights + tap * blocks * kBlock, blocks};
      }
    }
  }
  return count;
}

// A block of output channels of a share, from lists of taps: 32 images by 32 channels of a pixel in tiles 0 to 3.
template <class Rows>
void tapBlock(Tiles& tiles, Rows& rows, const Gathering& job, const Share& share, int block) {
  alignas(64) float sums[4][256];
  Tap taps[kMostTaps];
  for (int y = share.firstRow; y < share.lastRow; y++) {
    for (int x = 0; x < job.shape.width; x++) {
      const int count = tapsOf(job, share.imageBlock, y, x, block, taps);
      tiles.zero<0>();
      tiles.zero<1>();
      tiles.zero<2>();
      tiles.zero<3>();
      for (int i = 0; i < count; i++) {
        const Bf16* input = taps[i].input;
        const Bf16* weights = taps[i].weights;
        for (int c = 0; c < taps[i].blocks; c++, input += kBlock, weights += kBlock) {
          tiles.load<4>(input);
          tiles.load<6>(weights);
          tiles.multiply<0, 4, 6>();
          tiles.load<7>(weights + kTile);
          tiles.multiply<1, 4, 7>();
          tiles.load<5>(input + kTile);
          tiles.multiply<2, 5, 6>();
          tiles.multiply<3, 5, 7>();
        }
      }
      tiles.store<0>(sums[0]);
      tiles.store<1>(sums[1]);
      tiles.store<2>(sums[2]);
      tiles.store<3>(sums[3]);
      const size_t element = job.shape.at(share.imageBlock, y, x) + static_cast<size_t>(block) * kBlock;
      finishTile(rows, sums[0], sums[1], job.output, element, 0);
      finishTile(rows, sums[2], sums[3], job.output, element + kTile, 16);
    }
  }
}

template <class Rows, class Epilogue>
void computeShare(const Gathering& job, const Epilogue& epilogue, const Share& share) {
  Tiles tiles;
  const int channels = job.shape.paddedChannels();
  const bool slides = job.sources[0].window.slides();
  for (int block = share.firstBlock; block < share.lastBlock; block++) {
    Rows rows(epilogue, job, block, job.shape.imagesIn(share.imageBlock));
    if (slides) slideBlock(tiles, rows, job, share, block);
    else tapBlock(tiles, rows, job, share, block);
    if constexpr (Rows::kSums > 0) {
      rows.end(job.partial + static_cast<size_t>(share.index) * Rows::kSums * channels + block * kLanes, channels);
    }
  }
}

// Bands of rows of every block of images, and where these are too few for the threads, groups of output channels.
template <class Rows, class Epilogue>
void gather(const Gathering& job, const Epilogue& epilogue) {
  const int blocks = job.shape.channelBlocks();
  const int bands = job.tasks() / job.shape.imageBlocks();
  const int groups = smaller(blocks, (2 * job.threads + job.tasks() - 1) / job.tasks());
  const int rows = job.rowsInBand();
  parallelFor(job.tasks() * groups, job.threads, [&](int task) {
    const int index = task / groups;
    const int group = task % groups;
    const int first = index % bands * rows;
    computeShare<Rows>(job, epilogue,
                              {index, index / bands, first, smaller(first + rows, job.shape.height),
                               group * blocks / groups, (group + 1) * blocks / groups});
  });
}

}  // namespace selfadapt::kernels
