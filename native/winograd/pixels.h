// What lies between convolutions, each one pass over the maps: batch norm, residual sums, ReLU, dropout, and their gradients.
#pragma once

#include "vector.h"

namespace selfadapt::winograd::SELFADAPT_UNIT {

// Pixels at one vector of channels at a time, so that factors by channel stay in registers.
constexpr int kPixels = 32;

// By image, because dropout has factors by image.
static SELFADAPT_INLINE int pixelsInTask(const Maps& shape) {
  const int wanted = (1 << 15) / shape.paddedChannels() / kPixels * kPixels;
  return larger(kPixels, smaller(wanted, shape.pixels()));
}
static int passTasks(const Maps& shape) { return shape.images * partsOf(shape.pixels(), pixelsInTask(shape)); }

// Calls body(task, image, channel, first element, pixels) for short runs of pixels at one vector of channels.
template <class Body>
static void pass(const Maps& shape, int threads, const Body& body) {
  const int size = pixelsInTask(shape), parts = partsOf(shape.pixels(), size), channels = shape.paddedChannels();
  parallelFor(passTasks(shape), threads, [&](int task) {
    const int image = task / parts, last = smaller(shape.pixels(), (task % parts + 1) * size);
    for (int pixel = task % parts * size; pixel < last; pixel += kPixels) {
      const size_t element = shape.at(image, 0, 0) + static_cast<size_t>(pixel) * channels;
      for (int channel = 0; channel < channels; channel += kWidth) {
        body(task, image, channel, element + channel, smaller(kPixels, last - pixel));
      }
    }
  });
}

struct TermVectors {
  TermVectors(const Term& term, int channel)
      : maps(term.maps), scaled(term.scale != nullptr), scale(scaled ? load(term.scale + channel) : Vector{}),
        shift(scaled ? load(term.shift + channel) : Vector{}) {}
  SELFADAPT_INLINE Vector at(size_t element) const {
    const Vector v = load(maps + element);
    return scaled ? v * scale + shift : v;
  }
  const float* maps;
  bool scaled;
  Vector scale, shift;
};

template <bool kSecond>
static void blendWith(const Blend& job) {
  const size_t channels = job.shape.paddedChannels();
  pass(job.shape, job.threads, [&](int, int image, int channel, size_t element, int pixels) {
    const TermVectors first(job.first, channel), second(job.second, channel);
    const Vector kept = job.dropout ? load(job.dropout + image * channels + channel) : all(1);
    for (int p = 0; p < pixels; p++, element += channels) {
      Vector v = first.at(element);
      if (kSecond) v += second.at(element);
      if (job.relu) v = relu(v);
      store(job.output + element, v * kept);
    }
  });
}

static void blend(const Blend& job) {
  if (job.second.maps) blendWith<true>(job);
  else blendWith<false>(job);
}

static SELFADAPT_INLINE void addSum(float* sums, Vector v) { store(sums, load(sums) + v); }

static void blendGradient(const BlendGradient& job) {
  const size_t channels = job.shape.paddedChannels();
  pass(job.shape, job.threads, [&](int task, int image, int channel, size_t element, int pixels) {
    const Vector kept = job.dropout ? load(job.dropout + image * channels + channel) : all(1);
    Vector sum{}, first{}, second{};
    for (int p = 0; p < pixels; p++, element += channels) {
      Vector v = load(job.gradient + element) * kept;
      if (job.activation) v = wherePositive(v, load(job.activation + element));
      if (job.dropout || job.activation) store(job.gradient + element, v);
      sum += v;
      if (job.first) first += v * load(job.first + element);
      if (job.second) second += v * load(job.second + element);
    }
    float* sums = job.partial + task * 3 * channels + channel;
    addSum(sums, sum);
    addSum(sums + channels, first);
    addSum(sums + 2 * channels, second);
  });
}

static void normGradient(const NormGradient& job) {
  const size_t channels = job.shape.paddedChannels();
  pass(job.shape, job.threads, [&](int task, int, int channel, size_t element, int pixels) {
    const Vector a = load(job.a + channel), b = load(job.b + channel), c = load(job.c + channel);
    Vector sum{};
    for (int p = 0; p < pixels; p++, element += channels) {
      const Vector maps = load(job.maps + element);
      Vector v = load(job.gradient + element) * a + (maps * b + c);
      if (job.add) v += load(job.add + element);
      if (job.relu) v = wherePositive(v, maps);
      sum += v;
      store(job.output + element, v);
    }
    if (job.partial) addSum(job.partial + task * channels + channel, sum);
  });
}

static void addMaps(const Maps& shape, float* to, const float* from, int threads) {
  const size_t channels = shape.paddedChannels();
  pass(shape, threads, [&](int, int, int, size_t element, int pixels) {
    for (int p = 0; p < pixels; p++, element += channels) store(to + element, load(to + element) + load(from + element));
  });
}

}  // namespace selfadapt::winograd::SELFADAPT_UNIT
