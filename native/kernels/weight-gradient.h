// The gradient of a convolution's weights: for every tap, the sum over images and pixels of input times output gradient.
// Input pixels are packed transposed and gradients in interleaved pairs, so that 32 images are the products' inner side.
#pragma once

#include "layout.h"

namespace selfadapt::kernels {

// Kernels of 3 x 3 (padding 1) and 1 x 1 (padding 0).
struct WeightGradient {
  const Bf16* input = nullptr;
  Maps inputShape;
  const Bf16* gradient = nullptr;
  Maps outputShape;
  Window window;
  // [outputs][taps][inputs], the channels there are.
  float* result = nullptr;
  // scratchBytes() of them, 64-byte aligned.
  void* scratch = nullptr;
  int threads = 1;

  size_t scratchBytes() const;
};

// The same bits for the same number of threads.
void computeWeightGradient(const WeightGradient& job);

}  // namespace selfadapt::kernels
