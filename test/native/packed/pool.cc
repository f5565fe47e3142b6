// Pools and means, forward and backward.
#include "kernels/pool.h"

#include "support.h"

namespace selfadapt::test {

namespace {

constexpr Maps kShapes[] = {{1, 1, 2, 2}, {31, 16, 5, 4}, {33, 33, 7, 6}, {70, 3, 4, 9}};
constexpr Window kWindows[] = {{2, 2, 0}, {3, 2, 1}, {3, 1, 1}, {2, 1, 0}, {2, 2, 1}};

struct Pooled {
  explicit Pooled(const Maps& shape) : values(shape), taps(values.values.size(), -1) {}
  Plain values;
  // Which tap was the first of the largest.
  std::vector<int> taps;
};

Pooled pooled(const Plain& input, const Maps& to, const Window& window) {
  Pooled result(to);
  eachTap(input.shape, window, [&](int y, int x, int tap, int fromY, int fromX) {
    for (int n = 0; n < to.images; n++) {
      for (int c = 0; c < to.channels; c++) {
        int& chosen = result.taps[result.values.place(n, y, x, c)];
        double& largest = result.values.at(n, y, x)[c];
        const double value = input.at(n, fromY, fromX)[c];
        if (chosen >= 0 && value <= largest) continue;
        chosen = tap;
        largest = value;
      }
    }
  });
  return result;
}

Sums pooledGradient(const Pooled& pooled, const Plain& gradient, const Maps& input, const Window& window) {
  Sums sums(input);
  eachTap(input, window, [&](int y, int x, int tap, int fromY, int fromX) {
    for (int n = 0; n < input.images; n++) {
      for (int c = 0; c < input.channels; c++) {
        if (pooled.taps[gradient.place(n, y, x, c)] != tap) continue;
        sums.at(n, fromY, fromX)[c].add(gradient.at(n, y, x)[c]);
      }
    }
  });
  return sums;
}

void testWindow(const Maps& from, const Window& window) {
  const Maps to = {from.images, from.channels, window.outputSize(from.height), window.outputSize(from.width)};
  // A step this coarse makes many of a window's values equal.
  const Given input(from, 4, 0.25f), gradient(to, 5);
  const Pooled expected = pooled(input.plain, to, window);
  const Sums expectedGradient = pooledGradient(expected, gradient.plain, from, window);
  for (const int threads : kThreads) {
    begin("pool of %d x %d x %d x %d, window %d/%d/%d, %d threads", from.images, from.channels, from.height, from.width,
          window.kernel, window.stride, window.padding, threads);
    Packed output(to.elements()), alone(to.elements()), inputGradient(from.elements());
    Buffer<uint8_t> chosen(to.elements());
    maxPool({input.packed.data(), from, output.data(), to, window, chosen.data(), threads});
    maxPool({input.packed.data(), from, alone.data(), to, window, nullptr, threads});
    expectSame("without a gradient", alone, output);
    expectMaps("largest", output, to, [&](int n, int y, int x, int c) { return Sum{expected.values.at(n, y, x)[c], 0}; }, kExact);
    maxPoolGradient({gradient.packed.data(), to, inputGradient.data(), from, window, chosen.data(), threads});
    expectMaps("gradient", inputGradient, from, [&](int n, int y, int x, int c) { return expectedGradient.at(n, y, x)[c]; });
  }
}

void testMean(const Maps& shape, int threads) {
  begin("mean of %d x %d x %d x %d, %d threads", shape.images, shape.channels, shape.height, shape.width, threads);
  const Given input(shape, 6);
  Buffer<float> features(static_cast<size_t>(shape.images) * shape.channels);
  meanOfPixels(shape, input.packed.data(), features.data(), threads);
  for (int n = 0; n < shape.images; n++) {
    for (int c = 0; c < shape.channels; c++) {
      Sum mean;
      for (int y = 0; y < shape.height; y++) {
        for (int x = 0; x < shape.width; x++) mean.add(input.plain.at(n, y, x)[c] / shape.pixels());
      }
      const size_t place = static_cast<size_t>(n) * shape.channels + c;
      expectClose("mean", place, features[place], mean, kFloat);
    }
  }
  Packed gradient(shape.elements());
  meanGradient(shape, features.data(), gradient.data(), threads);
  expectMaps("mean's gradient", gradient, shape, [&](int n, int, int, int c) {
    return Sum{features[static_cast<size_t>(n) * shape.channels + c] / static_cast<double>(shape.pixels()), 0};
  });
}

}  // namespace

void testPool() {
  for (const Maps& shape : kShapes) {
    for (const Window& window : kWindows) {
      if (shape.height + 2 * window.padding >= window.kernel) testWindow(shape, window);
    }
    for (const int threads : kThreads) testMean(shape, threads);
  }
}

}  // namespace selfadapt::test
