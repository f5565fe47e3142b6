#include "convolutions.h"

#include <cstdio>

namespace selfadapt::test {

std::string Convolution::name() const {
  char text[128];
  snprintf(text, sizeof text, "%d images of %d x %d, %d -> %d, kernel %d, stride %d", images, height, width, inputs, outputs,
           kernel, stride);
  return text;
}

Weights::Weights(const WeightShape& shape, uint64_t seed)
    : values(shape.size()), forward(shape.packedSize()), backward(shape.packedSize()) {
  Random random(seed);
  for (float& value : values) value = random.rounded();
  for (int block = 0; block < blocksOf(shape.outputs); block++) {
    packWeights(values.data(), shape, block, {forward.data(), backward.data()});
  }
}

Sums convolved(const Convolution& convolution, const Plain& input, const Weights& weights) {
  const int taps = convolution.window().taps();
  Sums sums(convolution.to());
  eachTap(convolution.from(), convolution.window(), [&](int y, int x, int tap, int fromY, int fromX) {
    for (int n = 0; n < convolution.images; n++) {
      const double* from = input.at(n, fromY, fromX);
      Sum* to = sums.at(n, y, x);
      for (int o = 0; o < convolution.outputs; o++) {
        const float* row = weights.values.data() + (static_cast<size_t>(o) * taps + tap) * convolution.inputs;
        for (int i = 0; i < convolution.inputs; i++) to[o].add(from[i] * row[i]);
      }
    }
  });
  return sums;
}

void addInputGradient(const Convolution& convolution, const Plain& gradient, const Weights& weights, Sums& sums) {
  const int taps = convolution.window().taps();
  eachTap(convolution.from(), convolution.window(), [&](int y, int x, int tap, int toY, int toX) {
    for (int n = 0; n < convolution.images; n++) {
      const double* from = gradient.at(n, y, x);
      Sum* to = sums.at(n, toY, toX);
      for (int o = 0; o < convolution.outputs; o++) {
        const float* row = weights.values.data() + (static_cast<size_t>(o) * taps + tap) * convolution.inputs;
        for (int i = 0; i < convolution.inputs; i++) to[i].add(from[o] * row[i]);
      }
    }
  });
}

std::vector<Sum> weightGradient(const Convolution& convolution, const Plain& input, const Plain& gradient) {
  const int taps = convolution.window().taps();
  std::vector<Sum> sums(convolution.weights().size());
  eachTap(convolution.from(), convolution.window(), [&](int y, int x, int tap, int fromY, int fromX) {
    for (int n = 0; n < convolution.images; n++) {
      const double* from = input.at(n, fromY, fromX);
      const double* slopes = gradient.at(n, y, x);
      for (int o = 0; o < convolution.outputs; o++) {
        Sum* row = sums.data() + (static_cast<size_t>(o) * taps + tap) * convolution.inputs;
        for (int i = 0; i < convolution.inputs; i++) row[i].add(from[i] * slopes[o]);
      }
    }
  });
  return sums;
}

Job::Job(const Maps& shape, int sumsOf, int threads) : output(shape.elements()), partial(0) {
  gathering.shape = shape;
  gathering.output = output.data();
  gathering.threads = threads;
  partial = Buffer<float>(static_cast<size_t>(gathering.tasks()) * sumsOf * shape.paddedChannels());
  gathering.partial = partial.data();
}

void Job::gather(const Packed& maps, const Maps& shape, const Packed& weights, const Window& window, bool transposed) {
  gathering.sources[gathering.count++] = {maps.data(), shape, weights.data(), window, transposed};
}

}  // namespace selfadapt::test
