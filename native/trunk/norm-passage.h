// The way back through a batch norm: its parameters' gradients, and what becomes of the gradient behind it.
#pragma once

#include <vector>

#include "run.h"

namespace selfadapt::trunk {

// The gradient of what was normalized, by channel: gradient a + maps b + c.
struct NormFactors {
  std::vector<float> a, b, c;
};

struct NormPassage {
  NormFactors factors;
  std::vector<double> weight, bias;
};

// `count`: images by pixels. From the sums d of a gradient over images and pixels, and those of its products with the maps y that were normalized:
// dWeight = (sum d y - mean sum d) inverse, dBias = sum d. In training the batch's statistics depend on every value:
// dy = scale (d - sum d / n - (y - mean) inverse dWeight / n); else dy = scale d.
NormPassage passNorm(const NormState& state, double count, const double* sums, const double* dots, bool training);

}  // namespace selfadapt::trunk
