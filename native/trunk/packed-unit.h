// The bf16 kernels (native/kernels) as a trunk calls them.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "../kernels/convolve.h"
#include "../kernels/images.h"
#include "../kernels/normalize.h"
#include "../kernels/pool.h"
#include "../kernels/weight-gradient.h"
#include "packed-weights.h"
#include "sums.h"

namespace selfadapt::trunk {

class PackedUnit {
 public:
  using Element = kernels::Bf16;
  using Maps = kernels::Maps;
  using Window = kernels::Window;
  using Source = kernels::Source;
  using StatisticsEpilogue = kernels::StatisticsEpilogue;
  using InferenceEpilogue = kernels::InferenceEpilogue;
  using GradientEpilogue = kernels::GradientEpilogue;
  using Term = kernels::Term;
  using Blend = kernels::Blend;
  using BlendGradient = kernels::BlendGradient;
  using NormGradient = kernels::NormGradient;
  using MaxPool = kernels::MaxPool;
  using MaxPoolGradient = kernels::MaxPoolGradient;
  static constexpr at::ScalarType kType = at::kBFloat16;
  static constexpr size_t kMostSources = kernels::kMostSources;

  explicit PackedUnit(int threads) : threads_(threads) {}

  static const Packing& packing();
  // Images as dropout's factors count them.
  static int64_t paddedImages(const Maps& shape) { return shape.imageBlocks() * kernels::kLanes; }
  static bool gathersAtOnce(const std::vector<Window>& windows) {
    std::vector<Source> sources(windows.size());
    for (size_t i = 0; i < windows.size(); i++) sources[i].window = windows[i];
    return kernels::partsOf(sources.data(), sources.size()) == 1;
  }
  // The tiles of AMX are loaded from memory: nothing can be computed on the way.
  static bool readsNorms(const Window&) { return false; }
  static Source sourceOf(const Element* maps, const Maps& shape, const Element* weights, const Window& window,
                         const kernels::Reading&) {
    return {maps, shape, weights, window, false};
  }

  // Each returns its sums by channel, in rows of the padded channels.
  std::vector<double> convolve(const std::vector<Source>& sources, Element* output, const Maps& shape,
                               const StatisticsEpilogue& epilogue) const {
    return convolveWith(sources, output, shape, epilogue, 2);
  }
  std::vector<double> convolve(const std::vector<Source>& sources, Element* output, const Maps& shape,
                               const InferenceEpilogue& epilogue) const {
    return convolveWith(sources, output, shape, epilogue, 0);
  }
  std::vector<double> convolve(const std::vector<Source>& sources, Element* output, const Maps& shape,
                               const GradientEpilogue& epilogue) const {
    return convolveWith(sources, output, shape, epilogue, epilogue.first == nullptr ? 0 : epilogue.second == nullptr ? 2 : 3);
  }

  void weightGradient(const Element* input, const Maps& inputShape, const kernels::Reading&, const Element* gradient,
                      const Maps& outputShape, const Window& window, float* result) const {
    kernels::WeightGradient job;
    job.input = input;
    job.inputShape = inputShape;
    job.gradient = gradient;
    job.outputShape = outputShape;
    job.window = window;
    job.result = result;
    job.threads = threads_;
    const at::Tensor scratch = at::empty({static_cast<int64_t>(job.scratchBytes())}, at::kByte);
    job.scratch = scratch.data_ptr();
    kernels::computeWeightGradient(job);
  }

  void blend(Blend job) const {
    job.threads = threads_;
    kernels::blend(job);
  }
  std::vector<double> blendGradient(BlendGradient job) const {
    PartialSums partial(kernels::passTasks(job.shape), 3 * job.shape.paddedChannels());
    job.partial = partial.rows();
    job.threads = threads_;
    kernels::blendGradient(job);
    return partial.added();
  }
  std::vector<double> normGradient(NormGradient job, bool sums) const {
    PartialSums partial(sums ? kernels::passTasks(job.shape) : 0, job.shape.paddedChannels());
    job.partial = sums ? partial.rows() : nullptr;
    job.threads = threads_;
    kernels::normGradient(job);
    return partial.added();
  }
  void addMaps(const Maps& shape, Element* to, const Element* from) const { kernels::addMaps(shape, to, from, threads_); }

  void maxPool(MaxPool job) const {
    job.threads = threads_;
    kernels::maxPool(job);
  }
  void maxPoolGradient(MaxPoolGradient job) const {
    job.threads = threads_;
    kernels::maxPoolGradient(job);
  }
  void meanOfPixels(const Maps& shape, const Element* maps, float* features) const {
    kernels::meanOfPixels(shape, maps, features, threads_);
  }
  void meanGradient(const Maps& shape, const float* features, Element* gradient) const {
    kernels::meanGradient(shape, features, gradient, threads_);
  }

  Maps columnShape(const kernels::Images& images, const Window& window) const { return kernels::columnShape(images, window); }
  void toColumns(const kernels::Images& images, const Window& window, Element* columns) const {
    const at::Tensor framed = at::empty({static_cast<int64_t>(framedSize(images, window))}, at::kBFloat16);
    kernels::toColumns(images, window, static_cast<Element*>(framed.data_ptr()), columns, threads_);
  }
  void fromColumnGradient(const Element* columns, const Window& window, const kernels::Images& images) const {
    const at::Tensor framed = at::empty({static_cast<int64_t>(framedSize(images, window))}, at::kFloat);
    kernels::fromColumnGradient(columns, window, static_cast<float*>(framed.data_ptr()), images, threads_);
  }
  void toMaps(const kernels::Images& images, Element* maps) const { kernels::toMaps(images, maps, threads_); }
  void fromMaps(const Element* maps, const kernels::Images& images) const { kernels::fromMaps(maps, images, threads_); }

 private:
  template <class Epilogue>
  std::vector<double> convolveWith(const std::vector<Source>& sources, Element* output, const Maps& shape,
                                   const Epilogue& epilogue, int sums) const {
    kernels::Gathering job;
    for (const Source& source : sources) job.sources[job.count++] = source;
    job.output = output;
    job.shape = shape;
    job.threads = threads_;
    PartialSums partial(sums == 0 ? 0 : job.tasks(), static_cast<size_t>(sums) * shape.paddedChannels());
    job.partial = partial.rows();
    kernels::convolve(job, epilogue);
    return partial.added();
  }

  int threads_;
};

}  // namespace selfadapt::trunk
