// The operations between convolutions: batch norm, residual sums, ReLU and channel dropout, forward and backward, each in one
// pass over the maps. Padding images of a block of 32 are written as zeros, so that they do not affect statistics or gradients.
#pragma once

#include "layout.h"

namespace selfadapt::kernels {

// One summand: maps times scale plus shift, by channel; just the maps where `scale` is null.
struct Term {
  const Bf16* maps = nullptr;
  const float* scale = nullptr;
  const float* shift = nullptr;
};

// output = max(first [+ second], 0 if relu) [times dropout]
struct Blend {
  Maps shape;
  Term first;
  Term second;
  bool relu = false;
  // [padded images][padded channels], or null.
  const float* dropout = nullptr;
  Bf16* output = nullptr;
  int threads = 1;
};

void blend(const Blend& job);

// gradient <- gradient [times dropout], 0 where activation <= 0; sums by channel of it, and of it times first and second (zeros
// where these are null; there is no second without a first).
struct BlendGradient {
  Maps shape;
  Bf16* gradient = nullptr;
  const float* dropout = nullptr;
  const Bf16* activation = nullptr;
  const Bf16* first = nullptr;
  const Bf16* second = nullptr;
  // passTasks(shape) rows of 3 x the padded channels, all written.
  float* partial = nullptr;
  int threads = 1;
};

void blendGradient(const BlendGradient& job);

// output = gradient a + maps b + c [+ add], by channel; 0 where relu and maps <= 0; sums by channel of the output.
// Through batch norm a, b, c follow from the sums; `maps` are what was normalized. `output` may be maps, gradient or add.
struct NormGradient {
  Maps shape;
  const Bf16* gradient = nullptr;
  const Bf16* maps = nullptr;
  const float* a = nullptr;
  const float* b = nullptr;
  const float* c = nullptr;
  const Bf16* add = nullptr;
  bool relu = false;
  // passTasks(shape) rows of the padded channels, or null.
  float* partial = nullptr;
  Bf16* output = nullptr;
  int threads = 1;
};

void normGradient(const NormGradient& job);

// to <- to + from
void addMaps(const Maps& shape, Bf16* to, const Bf16* from, int threads);

// The number of tasks of a pass; it depends only on the shape, so that sums are the same on any machine.
int passTasks(const Maps& shape);

}  // namespace selfadapt::kernels
