// Convolutions, forward and backward to the input: every output pixel gathers input pixels, tap by tap, in one kernel. The
// operations after a convolution are fused into its epilogue, while the result is in registers.
#pragma once

#include "layout.h"

namespace selfadapt::kernels {

// The source of an output. Forward: the pixels under the window. Backward (`transposed`): the output pixels whose windows cover
// this one; `maps` is then the output gradient and `weights` the packed backward form.
struct Source {
  const Bf16* maps = nullptr;
  Maps shape;
  const Bf16* weights = nullptr;
  Window window;
  bool transposed = false;
};

constexpr int kMostSources = 4;

// The training epilogue: v = conv [+ bias, max(v, 0)] [+ add]; sums of v and of v squared, by channel.
struct StatisticsEpilogue {
  const float* bias = nullptr;
  bool relu = false;
  const Bf16* add = nullptr;
};

// Inference: v = conv + bias; v = max(v, 0) if relu; v = v scale + shift; v = v + add; v = max(v, 0) if lastRelu.
struct InferenceEpilogue {
  const float* bias = nullptr;
  bool relu = false;
  const float* scale = nullptr;
  const float* shift = nullptr;
  const Bf16* add = nullptr;
  bool lastRelu = false;
};

// The gradient through a ReLU: v = (conv [+ add]) where its output is positive, else 0; sums of v, v first and v second.
// The ReLU's output is `activation`, or where that is null first scale + shift. Without `first`, plain v = conv [+ add].
struct GradientEpilogue {
  const Bf16* add = nullptr;
  const Bf16* activation = nullptr;
  const float* scale = nullptr;
  const float* shift = nullptr;
  const Bf16* first = nullptr;
  const Bf16* second = nullptr;
  // Without `activation`: what is stored is v slope, by channel, where batch norm is no more than that; sums are of v.
  const float* slope = nullptr;
};

struct Gathering {
  Source sources[kMostSources];
  int count = 0;
  Bf16* output = nullptr;
  // Of the output; channels filled up hold zeros.
  Maps shape;
  // For sums by channel: tasks() rows of `sumsOf` x the padded channels, one row a task, each written by that task alone.
  float* partial = nullptr;
  int threads = 1;

  int rowsInBand() const { return larger(1, smaller(shape.height, 128 / shape.width)); }
  int tasks() const { return shape.imageBlocks() * ((shape.height + rowsInBand() - 1) / rowsInBand()); }
};

// `per-channel` arrays are padded to the channel blocks. `output` may be what `add` is.
void convolve(const Gathering& job, const StatisticsEpilogue& epilogue);
void convolve(const Gathering& job, const InferenceEpilogue& epilogue);
void convolve(const Gathering& job, const GradientEpilogue& epilogue);

// The number of passes over these sources, each adding to the result of the one before; only with a single pass may the output
// alias the epilogue's mask.
int partsOf(const Source* sources, size_t count);

}  // namespace selfadapt::kernels
