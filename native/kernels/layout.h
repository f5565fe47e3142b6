// The memory layout of feature maps for the packed kernels: [images / 32][height][width][channels / 32][32 images][32 channels],
// bf16. Sixteen images of one pixel's 32 channels are a contiguous kilobyte: one tile of the matrix unit. Images and channels
// are filled up to multiples of 32 with zeros. One block, c a channel, its two tiles one behind the other in memory:
//
//                 c0  c1  c2  ... c31
//     image  0  [                     ]
//            .  [   first tile: 1 KB  ]  a row: 64 bytes
//     image 15  [                     ]
//     image 16  [                     ]
//            .  [  second tile: 1 KB  ]
//     image 31  [                     ]
#pragma once

#include <cstddef>
#include <cstdint>

namespace selfadapt::kernels {

// The upper half of a float32's bits.
using Bf16 = uint16_t;

// Images, and channels, of a block.
constexpr int kLanes = 32;
// Elements of a block: 32 images by 32 channels of one pixel.
constexpr int kBlock = kLanes * kLanes;
// Elements of a tile, half a block: sixteen rows of 32.
constexpr int kTile = kBlock / 2;

constexpr int blocksOf(int count) { return (count + kLanes - 1) / kLanes; }
constexpr int smaller(int a, int b) { return a < b ? a : b; }
constexpr int larger(int a, int b) { return a > b ? a : b; }

struct Maps {
  int images = 0;
  int channels = 0;
  int height = 0;
  int width = 0;

  int imageBlocks() const { return blocksOf(images); }
  int channelBlocks() const { return blocksOf(channels); }
  int paddedChannels() const { return channelBlocks() * kLanes; }
  int pixels() const { return height * width; }
  // Elements from a pixel to the next.
  size_t pixelStride() const { return static_cast<size_t>(channelBlocks()) * kBlock; }
  size_t elements() const { return static_cast<size_t>(imageBlocks()) * pixels() * pixelStride(); }
  // The first element of a pixel.
  size_t at(int imageBlock, int y, int x) const {
    return ((static_cast<size_t>(imageBlock) * height + y) * width + x) * pixelStride();
  }
  // How many of a block's 32 images there are.
  int imagesIn(int imageBlock) const { return smaller(kLanes, images - imageBlock * kLanes); }
};

// A square convolution: odd kernels keep the size at stride 1.
struct Window {
  int kernel = 1;
  int stride = 1;
  int padding = 0;

  int taps() const { return kernel * kernel; }
  int outputSize(int size) const { return (size + 2 * padding - kernel) / stride + 1; }
  // Convolutions that use the sliding-window kernel.
  bool slides() const { return kernel == 3 && stride == 1 && padding == 1; }
};

// What maps become as they are read: max(v scale + shift, 0), by channel; what is stored where `scale` is null.
struct Reading {
  const float* scale = nullptr;
  const float* shift = nullptr;
};

}  // namespace selfadapt::kernels
