// A step of stochastic gradient descent over one tensor, in one pass over its memory.
#pragma once

#include "layout.h"

namespace selfadapt::kernels {

struct DescentOptions {
  float rate = 0;
  float momentum = 0;
  float weightDecay = 0;
  bool nesterov = false;
};

// d = g + weightDecay p;  b <- momentum b + d;  p <- p - rate b, with `nesterov` p <- p - rate (d + momentum b); without
// momentum (`sums` null) p <- p - rate d. Rounded where libtorch's own operators round. Returns the sum of g squared.
double descend(float* parameters, const float* gradients, float* sums, size_t count, const DescentOptions& options);

}  // namespace selfadapt::kernels
