// What is done with a vector of a convolution's result before it is stored. A writer is called for every pixel of a run at one
// vector of channels, between `begin` and `end`; sums go to the task's row.
#pragma once

#include "vector.h"

namespace selfadapt::winograd::SELFADAPT_UNIT {

static SELFADAPT_INLINE void addTo(float* sum, Vector v) { store(sum, load(sum) + v); }

template <bool kPlain>
struct StatisticsWriter {
  static constexpr int kSums = 2;
  StatisticsEpilogue epilogue;
  float* output;
  float* sums;
  int channels;

  struct State {
    Vector sum{}, squares{}, bias{};
  };
  SELFADAPT_INLINE void begin(State& s, int channel) const {
    if (!kPlain && epilogue.bias) s.bias = load(epilogue.bias + channel);
  }
  SELFADAPT_INLINE void operator()(State& s, Vector v, size_t element) const {
    if (!kPlain) {
      v += s.bias;
      if (epilogue.relu) v = relu(v);
      if (epilogue.add) v += load(epilogue.add + element);
    }
    s.sum += v;
    s.squares += v * v;
    store(output + element, v);
  }
  SELFADAPT_INLINE void end(const State& s, int channel) const {
    addTo(sums + channel, s.sum);
    addTo(sums + channels + channel, s.squares);
  }
  SELFADAPT_INLINE void prefetch(size_t element) const { __builtin_prefetch(output + element, 1, 3); }
};

struct InferenceWriter {
  static constexpr int kSums = 0;
  InferenceEpilogue epilogue;
  float* output;
  float* sums;
  int channels;

  struct State {
    Vector bias{}, scale{}, shift{};
  };
  SELFADAPT_INLINE void begin(State& s, int channel) const {
    if (epilogue.bias) s.bias = load(epilogue.bias + channel);
    s.scale = epilogue.scale ? load(epilogue.scale + channel) : all(1);
    if (epilogue.scale) s.shift = load(epilogue.shift + channel);
  }
  SELFADAPT_INLINE void operator()(State& s, Vector v, size_t element) const {
    v += s.bias;
    if (epilogue.relu) v = relu(v);
    v = v * s.scale + s.shift;
    if (epilogue.add) v += load(epilogue.add + element);
    store(output + element, epilogue.lastRelu ? relu(v) : v);
  }
  SELFADAPT_INLINE void end(const State&, int) const {}
  SELFADAPT_INLINE void prefetch(size_t element) const { __builtin_prefetch(output + element, 1, 3); }
};

enum class Mask { None, Recomputed, Activation };

template <Mask kMask>
struct GradientWriter {
  static constexpr int kSums = kMask == Mask::None ? 0 : 3;
  GradientEpilogue epilogue;
  float* output;
  float* sums;
  int channels;

  struct State {
    Vector sum{}, first{}, second{}, scale{}, shift{}, slope{};
  };
  SELFADAPT_INLINE void begin(State& s, int channel) const {
    if (kMask != Mask::Recomputed) return;
    s.scale = load(epilogue.scale + channel);
    s.shift = load(epilogue.shift + channel);
    s.slope = epilogue.slope ? load(epilogue.slope + channel) : all(1);
  }
  SELFADAPT_INLINE void operator()(State& s, Vector v, size_t element) const {
    if (epilogue.add) v += load(epilogue.add + element);
    if (kMask != Mask::None) {
      const Vector first = load(epilogue.first + element);
      v = wherePositive(v, kMask == Mask::Recomputed ? first * s.scale + s.shift : load(epilogue.activation + element));
      s.sum += v;
      s.first += v * first;
      if (epilogue.second) s.second += v * load(epilogue.second + element);
    }
    store(output + element, kMask == Mask::Recomputed ? v * s.slope : v);
  }
  SELFADAPT_INLINE void end(const State& s, int channel) const {
    if (kMask == Mask::None) return;
    addTo(sums + channel, s.sum);
    addTo(sums + channels + channel, s.first);
    if (epilogue.second) addTo(sums + 2 * channels + channel, s.second);
  }
  SELFADAPT_INLINE void prefetch(size_t element) const {
    __builtin_prefetch(output + element, 1, 3);
    if (kMask == Mask::None) return;
    __builtin_prefetch(epilogue.first + element, 0, 3);
    if (kMask == Mask::Activation) __builtin_prefetch(epilogue.activation + element, 0, 3);
  }
};

}  // namespace selfadapt::winograd::SELFADAPT_UNIT
