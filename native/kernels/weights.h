// Convolution weights from fp32 [outputs][taps][inputs] (channels_last OIHW) to bf16 tiles, for both directions.
#pragma once

#include "layout.h"

namespace selfadapt::kernels {

struct WeightShape {
  int outputs = 0;
  int inputs = 0;
  Window window;

  size_t size() const { return static_cast<size_t>(outputs) * window.taps() * inputs; }
  // Elements of either packed form.
  size_t packedSize() const {
    return static_cast<size_t>(blocksOf(outputs)) * blocksOf(inputs) * window.taps() * kBlock;
  }
};

// Packed forms: tiles of 32 inputs (in interleaved pairs) by 16 outputs, zeros beyond the channels there are.
//   sliding windows: [outputs / 16][kernel rows][inputs / 32][kernel columns]
//   others:          [outputs / 32][taps][inputs / 32][2 halves of the outputs]
// `backward` is for the transposed convolution: inputs and outputs are swapped, and a sliding window's taps are reversed.
struct PackedWeights {
  Bf16* forward = nullptr;
  // Null where no gradient is passed on.
  Bf16* backward = nullptr;
};

// Packs one block of 32 outputs; the blocks are independent of each other.
void packWeights(const float* weights, const WeightShape& shape, int outputBlock, PackedWeights packed);

}  // namespace selfadapt::kernels
