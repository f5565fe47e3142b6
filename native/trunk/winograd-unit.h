// The fp32 kernels (native/winograd) as a trunk calls them.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <vector>

#include "../winograd/images.h"
#include "../winograd/unit.h"
#include "packed-weights.h"
#include "sums.h"

namespace selfadapt::trunk {

class WinogradUnit {
 public:
  using Element = float;
  using Maps = winograd::Maps;
  using Window = winograd::Window;
  using Source = winograd::Source;
  using StatisticsEpilogue = winograd::StatisticsEpilogue;
  using InferenceEpilogue = winograd::InferenceEpilogue;
  using GradientEpilogue = winograd::GradientEpilogue;
  using Term = winograd::Term;
  using Blend = winograd::Blend;
  using BlendGradient = winograd::BlendGradient;
  using NormGradient = winograd::NormGradient;
  using MaxPool = winograd::MaxPool;
  using MaxPoolGradient = winograd::MaxPoolGradient;
  static constexpr at::ScalarType kType = at::kFloat;
  static constexpr size_t kMostSources = size_t{1} << 20;

  explicit WinogradUnit(int threads) : unit_(*winograd::bestUnit()), threads_(threads) {}

  static const Packing& packing();
  static int64_t paddedImages(const Maps& shape) { return shape.images; }
  static bool gathersAtOnce(const std::vector<Window>& windows) { return windows.size() == 1; }
  static bool readsNorms(const Window& window) { return winograd::byTiles(window); }
  static Source sourceOf(const float* maps, const Maps& shape, const float* weights, const Window& window,
                         const kernels::Reading& reading) {
    return {maps, shape, weights, window, false, reading};
  }

  std::vector<double> convolve(const std::vector<Source>& sources, float* output, const Maps& shape,
                               const StatisticsEpilogue& epilogue) const {
    return one(sources[0], output, shape, 2, [&](const auto& job) { unit_.convolveForStatistics(job, epilogue); });
  }
  std::vector<double> convolve(const std::vector<Source>& sources, float* output, const Maps& shape,
                               const InferenceEpilogue& epilogue) const {
    return one(sources[0], output, shape, 0, [&](const auto& job) { unit_.convolveForInference(job, epilogue); });
  }
  // One source after the other adds to the output; the last one ends it.
  std::vector<double> convolve(const std::vector<Source>& sources, float* output, const Maps& shape,
                               GradientEpilogue epilogue) const {
    for (size_t i = 0; i + 1 < sources.size(); i++) {
      one(sources[i], output, shape, 0, [&](const auto& job) { unit_.convolveGradient(job, {epilogue.add}); });
      epilogue.add = output;
    }
    const int sums = epilogue.first == nullptr ? 0 : 3;
    return one(sources.back(), output, shape, sums, [&](const auto& job) { unit_.convolveGradient(job, epilogue); });
  }

  void weightGradient(const float* input, const Maps& inputShape, const kernels::Reading& reading, const float* gradient,
                      const Maps& outputShape, const Window& window, float* result) const {
    winograd::WeightGradient job = {input, inputShape, gradient, outputShape, window, reading, result, nullptr, threads_};
    const at::Tensor scratch = floats(unit_.weightGradientScratch(job));
    job.scratch = static_cast<float*>(scratch.data_ptr());
    unit_.weightGradient(job);
  }

  void blend(Blend job) const {
    job.threads = threads_;
    unit_.blend(job);
  }
  std::vector<double> blendGradient(BlendGradient job) const {
    PartialSums partial(unit_.passTasks(job.shape), 3 * job.shape.paddedChannels());
    job.partial = partial.rows();
    job.threads = threads_;
    unit_.blendGradient(job);
    return partial.added();
  }
  std::vector<double> normGradient(NormGradient job, bool sums) const {
    PartialSums partial(sums ? unit_.passTasks(job.shape) : 0, job.shape.paddedChannels());
    job.partial = sums ? partial.rows() : nullptr;
    job.threads = threads_;
    unit_.normGradient(job);
    return partial.added();
  }
  void addMaps(const Maps& shape, float* to, const float* from) const { unit_.addMaps(shape, to, from, threads_); }

  void maxPool(MaxPool job) const {
    job.threads = threads_;
    unit_.maxPool(job);
  }
  void maxPoolGradient(MaxPoolGradient job) const {
    job.threads = threads_;
    unit_.maxPoolGradient(job);
  }
  void meanOfPixels(const Maps& shape, const float* maps, float* features) const {
    unit_.meanOfPixels(shape, maps, features, threads_);
  }
  void meanGradient(const Maps& shape, const float* features, float* gradient) const {
    unit_.meanGradient(shape, features, gradient, threads_);
  }

  Maps columnShape(const winograd::Images& images, const Window& window) const {
    return winograd::columnShape(images, window);
  }
  void toColumns(const winograd::Images& images, const Window& window, float* columns) const {
    winograd::toColumns(images, window, columns, threads_);
  }
  void fromColumnGradient(const float* columns, const Window& window, const winograd::Images& images) const {
    winograd::fromColumnGradient(columns, window, images, threads_);
  }
  void toMaps(const winograd::Images& images, float* maps) const { winograd::toMaps(images, maps, threads_); }
  void fromMaps(const float* maps, const winograd::Images& images) const { winograd::fromMaps(maps, images, threads_); }

 private:
  static at::Tensor floats(size_t count) { return at::empty({static_cast<int64_t>(count)}, at::kFloat); }

  template <class Convolve>
  std::vector<double> one(const Source& source, float* output, const Maps& shape, int sums, const Convolve& convolve) const {
    winograd::Convolution job;
    job.source = source;
    job.output = output;
    job.shape = shape;
    job.threads = threads_;
    PartialSums partial(sums == 0 ? 0 : unit_.convolutionTasks(job), static_cast<size_t>(sums) * shape.paddedChannels());
    job.partial = {partial.rows(), sums};
    const at::Tensor scratch = floats(unit_.convolutionScratch(job));
    job.scratch = static_cast<float*>(scratch.data_ptr());
    convolve(job);
    return partial.added();
  }

  const winograd::Unit& unit_;
  int threads_;
};

}  // namespace selfadapt::trunk
