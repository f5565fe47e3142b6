// Convolutions, forward and to their input: every output pixel gathers input pixels, tap by tap, in one kernel. What follows
// a convolution is done while its result is still in registers (the epilogue).
#pragma once

#include "layout.h"

namespace selfadapt::kernels {

// What an output is gathered from. Forward: the pixels under the window. To the input (`transposed`): the output pixels whose
// windows cover this one; `maps` is then the output's gradient and `weights` the packed backward form.
struct Source {
  const Bf16* maps = nullptr;
  Maps shape;
  const Bf16* weights = nullptr;
  Window window;
  bool transposed = false;
};

constexpr int kMostSources = 4;

// How a convolution in training ends: v = conv [+ bias, max(v, 0)] [+ add]; sums of v and of v squared, by channel.
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

// A gradient that reaches a ReLU: v = (conv [+ add]) where the ReLU let through, else 0; sums of v, v first and v second.
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

// In how many parts these sources are gathered, each over the result of the one before; with one part alone may the output be
// what the epilogue's mask is read from.
int partsOf(const Source* sources, size_t count);

}  // namespace selfadapt::kernels
