// A step of stochastic gradient descent over one tensor, in one pass over its memory, rounded where libtorch's operators round.
#pragma once

#include "vector.h"

namespace selfadapt::winograd::SELFADAPT_UNIT {

typedef double Doubles __attribute__((vector_size(8 * kWidth)));

static double descend(float* parameters, const float* gradients, float* sums, size_t count, const DescentOptions& options) {
  Doubles squares{};
  for (size_t i = 0; i < count; i += kWidth) {
    const int left = count - i < kWidth ? static_cast<int>(count - i) : kWidth;
    const Vector parameter = loadFirst(parameters + i, left), gradient = loadFirst(gradients + i, left);
    const Doubles wide = __builtin_convertvector(gradient, Doubles);
    squares += wide * wide;
    Vector direction = parameter * all(options.weightDecay) + gradient;
    if (sums) {
      Vector decayed = loadFirst(sums + i, left) * all(options.momentum);
      // Keeps the product from being fused with the sum: it is rounded by itself.
      asm("" : "+" SELFADAPT_VECTOR_REGISTER(decayed));
      const Vector sum = decayed + direction;
      storeFirst(sums + i, sum, left);
      direction = options.nesterov ? sum * all(options.momentum) + direction : sum;
    }
    storeFirst(parameters + i, direction * all(-options.rate) + parameter, left);
  }
  double total = 0;
  for (int i = 0; i < kWidth; i++) total += squares[i];
  return total;
}

}  // namespace selfadapt::winograd::SELFADAPT_UNIT
