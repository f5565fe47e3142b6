// What the fp32 kernels are asked to do: plain structs, shared by the code for either vector width and by the trunk.
//
// Feature maps are [image][height][width][channels], channels padded to multiples of 16 with zeros: an ordinary channels_last
// tensor wherever the number of channels is such a multiple.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../kernels/images.h"
#include "../kernels/layout.h"
#include "../kernels/weights.h"

namespace selfadapt::winograd {

using kernels::Images;
using kernels::Reading;
using kernels::WeightShape;
using kernels::Window;

#define SELFADAPT_INLINE inline __attribute__((always_inline))

constexpr int kLanes = 16;

constexpr int paddedTo16(int channels) { return (channels + kLanes - 1) / kLanes * kLanes; }

struct Maps {
  int images = 0;
  int channels = 0;
  int height = 0;
  int width = 0;

  SELFADAPT_INLINE int paddedChannels() const { return paddedTo16(channels); }
  SELFADAPT_INLINE int pixels() const { return height * width; }
  SELFADAPT_INLINE size_t allPixels() const { return static_cast<size_t>(images) * pixels(); }
  SELFADAPT_INLINE size_t elements() const { return allPixels() * paddedChannels(); }
  // The first element of a pixel.
  SELFADAPT_INLINE size_t at(int image, int y, int x) const {
    return ((static_cast<size_t>(image) * height + y) * width + x) * paddedChannels();
  }
};

// What an output is gathered from. Forward: the pixels under the window. To the input (`transposed`): the output pixels whose
// windows cover this one; `maps` is then the output's gradient and `weights` the packed backward form.
struct Source {
  const float* maps = nullptr;
  Maps shape;
  const float* weights = nullptr;
  Window window;
  bool transposed = false;
  // Forward, by tiles.
  Reading reading = {};
};

// v = conv [+ bias, max(v, 0) if relu] [+ add]; sums of v and of v squared, by channel.
struct StatisticsEpilogue {
  const float* bias = nullptr;
  bool relu = false;
  const float* add = nullptr;
};

// v = conv + bias; v = max(v, 0) if relu; v = v scale + shift; v = v + add; v = max(v, 0) if lastRelu.
struct InferenceEpilogue {
  const float* bias = nullptr;
  bool relu = false;
  const float* scale = nullptr;
  const float* shift = nullptr;
  const float* add = nullptr;
  bool lastRelu = false;
};

// A gradient that reaches a ReLU: v = (conv [+ add]) where the ReLU let through, else 0; sums of v, v first and v second.
// The ReLU's output is `activation`, or where that is null first scale + shift. Without `first`, plain v = conv [+ add].
struct GradientEpilogue {
  const float* add = nullptr;
  const float* activation = nullptr;
  const float* scale = nullptr;
  const float* shift = nullptr;
  const float* first = nullptr;
  const float* second = nullptr;
  // Without `activation`: what is stored is v slope, by channel, where batch norm is no more than that; sums are of v.
  const float* slope = nullptr;
};

// Whether a convolution is computed by tiles (tiles.h), which alone can read through a batch norm; else by taps.
inline bool byTiles(const Window& window) { return window.kernel == 3 && window.padding == 1 && window.stride <= 2; }

// Sums by channel in rows of `sums` x the padded channels, one row a task, zeroed before.
struct Partial {
  float* rows = nullptr;
  int sums = 0;
};

// One convolution. `output` may be what the epilogue's `add` or mask is read from.
struct Convolution {
  Source source;
  float* output = nullptr;
  Maps shape;
  Partial partial;
  // `scratchFloats` numbers a worker.
  float* scratch = nullptr;
  int threads = 1;
};

// The gradient of a convolution's weights: for every tap, the sum over images and pixels of input times output gradient.
struct WeightGradient {
  const float* input = nullptr;
  Maps inputShape;
  const float* gradient = nullptr;
  Maps outputShape;
  Window window;
  // Of the input, by tiles.
  Reading reading = {};
  // [outputs][taps][inputs], the channels there are.
  float* result = nullptr;
  float* scratch = nullptr;
  int threads = 1;
};

// One summand: maps times scale plus shift, by channel; just the maps where `scale` is null.
struct Term {
  const float* maps = nullptr;
  const float* scale = nullptr;
  const float* shift = nullptr;
};

// output = max(first [+ second], 0 if relu) [times dropout, [images][padded channels]]
struct Blend {
  Maps shape;
  Term first;
  Term second;
  bool relu = false;
  const float* dropout = nullptr;
  float* output = nullptr;
  int threads = 1;
};

// gradient <- gradient [times dropout], 0 where activation <= 0; sums by channel of it, and of it times first and second.
struct BlendGradient {
  Maps shape;
  float* gradient = nullptr;
  const float* dropout = nullptr;
  const float* activation = nullptr;
  const float* first = nullptr;
  const float* second = nullptr;
  // passTasks(shape) rows of 3 x the padded channels.
  float* partial = nullptr;
  int threads = 1;
};

// output = gradient a + maps b + c [+ add], by channel; 0 where relu and maps <= 0; sums by channel of the output.
struct NormGradient {
  Maps shape;
  const float* gradient = nullptr;
  const float* maps = nullptr;
  const float* a = nullptr;
  const float* b = nullptr;
  const float* c = nullptr;
  const float* add = nullptr;
  bool relu = false;
  // passTasks(shape) rows of the padded channels, or null.
  float* partial = nullptr;
  float* output = nullptr;
  int threads = 1;
};

struct MaxPool {
  const float* input = nullptr;
  Maps inputShape;
  float* output = nullptr;
  Maps outputShape;
  Window window;
  // The tap that was largest (the first of equals), one byte an output element; null where no gradient will be computed.
  uint8_t* chosen = nullptr;
  int threads = 1;
};

// Every input pixel sums the gradients of the windows that chose it.
struct MaxPoolGradient {
  const float* outputGradient = nullptr;
  Maps outputShape;
  float* inputGradient = nullptr;
  Maps inputShape;
  Window window;
  const uint8_t* chosen = nullptr;
  int threads = 1;
};

// d = g + weightDecay p;  b <- momentum b + d;  p <- p - rate b, with `nesterov` p <- p - rate (d + momentum b); without
// momentum p <- p - rate d.
struct DescentOptions {
  float rate = 0;
  float momentum = 0;
  float weightDecay = 0;
  bool nesterov = false;
};

// The packed forms, see weights.h; one that is not wanted is null.
struct PackedWeights {
  float* forward = nullptr;
  float* backward = nullptr;
};

}  // namespace selfadapt::winograd
