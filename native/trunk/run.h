// One pass of a trunk, forward and, where gradients are wanted, backward.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <memory>
#include <string>
#include <vector>

#include "../kernels/images.h"
#include "packed-weights.h"
#include "program.h"

namespace selfadapt::trunk {

struct Inputs {
  at::Tensor images;
  std::vector<at::Tensor> parameters;
  std::vector<at::Tensor> buffers;
  std::vector<int64_t> rows;
  std::vector<double> numbers;
  // Batch statistics, which move the running ones, and dropout; else running statistics.
  bool training = false;
  // By name, see kernels.h.
  std::string kernels;
  // Whether a backward pass may follow.
  bool recorded = false;
};

// A batch norm of this pass: y scale + shift, and what its gradient needs; by channel, filled up to blocks.
struct NormState {
  std::vector<float> scale, shift, mean, inverse;
};

// Of the values of each channel in a batch; the variance is biased.
struct BatchStatistics {
  std::vector<double> mean, variance;
};

struct Gradients {
  at::Tensor images;
  // One a parameter; undefined where none was wanted.
  std::vector<at::Tensor> parameters;
};

struct Wanted {
  bool images = false;
  std::vector<bool> parameters;
};

// Holds what the backward pass reads.
class Run {
 public:
  virtual ~Run() = default;

  virtual at::Tensor forward() = 0;

  // `mayOverwrite`: this is the last pass back, so what it has read it may reuse.
  virtual Gradients backward(const at::Tensor& gradient, const Wanted& wanted, bool mayOverwrite) = 0;
};

// A run by the kernels that are named. Throws `c10::Error` for tensors and programs that do not fit together.
std::unique_ptr<Run> newRun(Inputs inputs);

template <class Unit>
class Backward;

// A run by one unit's kernels, PackedUnit or WinogradUnit.
template <class Unit>
class RunBy final : public Run {
 public:
  using Element = typename Unit::Element;
  using Maps = typename Unit::Maps;

  RunBy(Inputs inputs, Unit unit);

  at::Tensor forward() override;
  Gradients backward(const at::Tensor& gradient, const Wanted& wanted, bool mayOverwrite) override;

 private:
  friend class Backward<Unit>;

  void images();
  void convolve(const Operation& operation);
  void blend(const Operation& operation);
  void pool(const Operation& operation);
  at::Tensor mean(const Operation& operation);
  at::Tensor maps(const Operation& operation);

  kernels::Reading readingOf(const Operation& operation) const;
  // What a convolution reads: its input's maps, or those that it puts through the input's batch norm and ReLU.
  Element* readMapsOf(const Operation& operation) {
    return mapsOf(operation.unnormed.value == kNone ? operation.input : operation.unnormed.value);
  }
  void readColumns(const Operation& operation);
  BatchStatistics statisticsOf(int value);
  void prepareNorm(int norm, int value);
  // In libtorch's layout.
  at::Tensor plainMaps(int value);
  void drawDropout(const Operation& operation, const Maps& shape);
  void releaseRead(const Operation& operation);

  Element* mapsOf(int value) { return value == kNone ? nullptr : static_cast<Element*>(maps_[value].data_ptr()); }
  const float* parameter(int index) const { return static_cast<const float*>(inputs_.parameters[index].data_ptr()); }
  kernels::Images imagesAt(const at::Tensor& tensor) const;
  // A per-channel parameter, padded with zeros.
  std::vector<float> padded(int index, const Maps& shape) const;
  at::Tensor store(int value, const Maps& shape);
  static at::Tensor newMaps(const Maps& shape) { return at::empty({static_cast<int64_t>(shape.elements())}, Unit::kType); }

  Inputs inputs_;
  Unit unit_;
  int threads_;
  Plan plan_;
  // By value: stored maps and their shapes. Value 0 holds the images' columns where one convolution reads them.
  std::vector<at::Tensor> maps_;
  std::vector<Maps> shapes_;
  // By operation. The packed weights, where they are kept; the weights' version in the forward pass.
  std::vector<PackedTensors> packed_;
  std::vector<uint32_t> versions_;
  std::vector<at::Tensor> chosen_;
  std::vector<at::Tensor> dropouts_;
  // By norm, and by value: sums and sums of squares over images and pixels.
  std::vector<NormState> norms_;
  std::vector<std::vector<double>> sums_;
  std::vector<int> unread_;
};

}  // namespace selfadapt::trunk
