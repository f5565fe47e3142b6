// Pooling of packed maps: windows' maxima, and means over all pixels.
#pragma once

#include "layout.h"

namespace selfadapt::kernels {

struct MaxPool {
  const Bf16* input = nullptr;
  Maps inputShape;
  Bf16* output = nullptr;
  Maps outputShape;
  Window window;
  // The index of the largest tap (the first in a tie), one byte per output element; null without a backward pass.
  uint8_t* chosen = nullptr;
  int threads = 1;
};

void maxPool(const MaxPool& job);

// Here `input` is the output's gradient and `output` the input's: every input pixel sums the gradients of the windows that chose it.
struct MaxPoolGradient {
  const Bf16* outputGradient = nullptr;
  Maps outputShape;
  Bf16* inputGradient = nullptr;
  Maps inputShape;
  Window window;
  const uint8_t* chosen = nullptr;
  int threads = 1;
};

void maxPoolGradient(const MaxPoolGradient& job);

// features[image][channel] = mean over the pixels; the images and channels there are.
void meanOfPixels(const Maps& shape, const Bf16* maps, float* features, int threads);
// Every pixel gets an equal part of the feature gradient.
void meanGradient(const Maps& shape, const float* features, Bf16* gradient, int threads);

}  // namespace selfadapt::kernels
