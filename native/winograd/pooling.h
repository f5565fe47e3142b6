// Pooling: windows' maxima, and means over all pixels, forward and backward.
#pragma once

#include "vector.h"

namespace selfadapt::winograd::SELFADAPT_UNIT {

typedef uint8_t Bytes __attribute__((vector_size(kWidth)));
typedef uint8_t LooseBytes __attribute__((vector_size(kWidth), aligned(1), may_alias));

// The largest of a window's taps (the first of equals; what is not a number counts as larger), and which one it was.
static SELFADAPT_INLINE void poolPixel(const MaxPool& job, int image, int y, int x, int channel) {
  const auto& [kernel, stride, padding] = job.window;
  const Maps& shape = job.inputShape;
  Vector largest = all(-__builtin_inff());
  Integers tap{};
  for (int row = 0; row < kernel; row++) {
    const int fromY = y * stride + row - padding;
    if (fromY < 0 || fromY >= shape.height) continue;
    for (int column = 0; column < kernel; column++) {
      const int fromX = x * stride + column - padding;
      if (fromX < 0 || fromX >= shape.width) continue;
      const Vector v = load(job.input + shape.at(image, fromY, fromX) + channel);
      const Integers replaces = (v > largest) | (v != v);
      largest = replaces ? v : largest;
      tap = replaces ? row * kernel + column - Integers{} : tap;
    }
  }
  const size_t element = job.outputShape.at(image, y, x) + channel;
  store(job.output + element, largest);
  if (job.chosen) *reinterpret_cast<LooseBytes*>(job.chosen + element) = __builtin_convertvector(tap, Bytes);
}

static void maxPool(const MaxPool& job) {
  const Maps& shape = job.outputShape;
  parallelFor(shape.images * shape.height, job.threads, [&](int task) {
    for (int x = 0; x < shape.width; x++) {
      for (int channel = 0; channel < shape.paddedChannels(); channel += kWidth) {
        poolPixel(job, task / shape.height, task % shape.height, x, channel);
      }
    }
  });
}

// The window that has an input coordinate at this tap, or -1.
static SELFADAPT_INLINE int windowOf(const Window& window, int from, int tap, int size) {
  const int shifted = from + window.padding - tap;
  if (shifted < 0 || shifted % window.stride != 0) return -1;
  return shifted / window.stride < size ? shifted / window.stride : -1;
}

static SELFADAPT_INLINE Vector poolGradientOf(const MaxPoolGradient& job, int image, int y, int x, int channel) {
  const int kernel = job.window.kernel;
  Vector sum{};
  for (int row = 0; row < kernel; row++) {
    const int outputY = windowOf(job.window, y, row, job.outputShape.height);
    if (outputY < 0) continue;
    for (int column = 0; column < kernel; column++) {
      const int outputX = windowOf(job.window, x, column, job.outputShape.width);
      if (outputX < 0) continue;
      const size_t element = job.outputShape.at(image, outputY, outputX) + channel;
      const Bytes chosen = *reinterpret_cast<const LooseBytes*>(job.chosen + element);
      const Integers taps = __builtin_convertvector(chosen, Integers);
      sum += taps == row * kernel + column ? load(job.outputGradient + element) : Vector{};
    }
  }
  return sum;
}

static void maxPoolGradient(const MaxPoolGradient& job) {
  const Maps& shape = job.inputShape;
  parallelFor(shape.images * shape.height, job.threads, [&](int task) {
    const int image = task / shape.height, y = task % shape.height;
    for (int x = 0; x < shape.width; x++) {
      for (int channel = 0; channel < shape.paddedChannels(); channel += kWidth) {
        store(job.inputGradient + shape.at(image, y, x) + channel, poolGradientOf(job, image, y, x, channel));
      }
    }
  });
}

// features[image][channel], the channels there are: means over the pixels.
static void meanOfPixels(const Maps& shape, const float* maps, float* features, int threads) {
  parallelFor(shape.images, threads, [&](int image) {
    for (int channel = 0; channel < shape.channels; channel += kWidth) {
      const float* from = maps + shape.at(image, 0, 0) + channel;
      Vector sum{};
      for (int pixel = 0; pixel < shape.pixels(); pixel++, from += shape.paddedChannels()) sum += load(from);
      storeFirst(features + static_cast<size_t>(image) * shape.channels + channel, sum * all(1.0f / shape.pixels()),
                 shape.channels - channel);
    }
  });
}

static void meanGradient(const Maps& shape, const float* features, float* gradient, int threads) {
  parallelFor(shape.images, threads, [&](int image) {
    for (int channel = 0; channel < shape.paddedChannels(); channel += kWidth) {
      const int count = larger(0, shape.channels - channel);
      const Vector v = loadFirst(features + static_cast<size_t>(image) * shape.channels + channel, count);
      float* to = gradient + shape.at(image, 0, 0) + channel;
      for (int pixel = 0; pixel < shape.pixels(); pixel++, to += shape.paddedChannels()) store(to, v * all(1.0f / shape.pixels()));
    }
  });
}

}  // namespace selfadapt::winograd::SELFADAPT_UNIT
