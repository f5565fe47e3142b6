// The convolutions that are tested, by plain loops in double: the definition forward, and what it makes of gradients.
#pragma once

#include "kernels/convolve.h"
#include "kernels/weights.h"
#include "support.h"

namespace selfadapt::test {

struct Convolution {
  int images, inputs, outputs, height, width, kernel, stride;

  Window window() const { return {kernel, stride, (kernel - 1) / 2}; }
  Maps from() const { return {images, inputs, height, width}; }
  Maps to() const { return {images, outputs, window().outputSize(height), window().outputSize(width)}; }
  WeightShape weights() const { return {outputs, inputs, window()}; }
  std::string name() const;
};

// Weights that bf16 has, [outputs][taps][inputs], and their packed forms.
struct Weights {
  Weights(const WeightShape& shape, uint64_t seed);
  std::vector<float> values;
  Packed forward, backward;
};

Sums convolved(const Convolution& convolution, const Plain& input, const Weights& weights);
// Adds what reaches the input.
void addInputGradient(const Convolution& convolution, const Plain& gradient, const Weights& weights, Sums& sums);
// [outputs][taps][inputs]
std::vector<Sum> weightGradient(const Convolution& convolution, const Plain& input, const Plain& gradient);

// A job with one source whose output and sums by channel, `sumsOf` kinds of them, are not written yet.
struct Job {
  Job(const Maps& shape, int sumsOf, int threads);
  void gather(const Packed& maps, const Maps& shape, const Packed& weights, const Window& window, bool transposed);

  Gathering gathering;
  Packed output;
  Buffer<float> partial;
};

}  // namespace selfadapt::test
