// One pass of a trunk, forward and, where gradients are wanted, backward.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "../kernels/convolve.h"
#include "../kernels/images.h"
#include "../kernels/layout.h"
#include "packed-weights.h"
#include "program.h"

namespace selfadapt::trunk {

using kernels::Bf16;
using kernels::Maps;

struct Inputs {
  at::Tensor images;
  std::vector<at::Tensor> parameters;
  std::vector<at::Tensor> buffers;
  std::vector<int64_t> rows;
  std::vector<double> numbers;
  // Batch statistics, which move the running ones, and dropout; else running statistics.
  bool training = false;
  kernels::Unit unit = kernels::Unit::Amx;
  // Whether a backward pass may follow.
  bool recorded = false;
};

// A batch norm of this pass: y scale + shift, and what its gradient needs; by channel, filled up to blocks.
struct NormState {
  std::vector<float> scale, shift, mean, inverse;
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
  // Throws `c10::Error` for tensors and programs that do not fit together.
  explicit Run(Inputs inputs);

  at::Tensor forward();

  // `mayOverwrite`: this is the last pass back, so what it has read it may reuse.
  Gradients backward(const at::Tensor& gradient, const Wanted& wanted, bool mayOverwrite);

 private:
  friend class Backward;

  void images();
  void convolve(const Operation& operation);
  void blend(const Operation& operation);
  void pool(const Operation& operation);
  at::Tensor mean(const Operation& operation);
  at::Tensor maps(const Operation& operation);

  void readColumns(const Operation& operation);
  void finishStatistics(const Operation& operation, const std::vector<float>& partial, int tasks);
  void prepareNorm(int norm, int value);
  void drawDropout(const Operation& operation, const Maps& shape);
  void releaseRead(const Operation& operation);

  Bf16* mapsOf(int value) { return value == kNone ? nullptr : static_cast<Bf16*>(maps_[value].data_ptr()); }
  const float* parameter(int index) const { return static_cast<const float*>(inputs_.parameters[index].data_ptr()); }
  kernels::Images imagesAt(const at::Tensor& tensor) const;
  // A per-channel parameter, filled up with zeros.
  std::vector<float> padded(int index) const;
  at::Tensor store(int value, const Maps& shape);

  Inputs inputs_;
  int threads_;
  Plan plan_;
  // By value: stored maps and their shapes. Value 0 holds the images' columns where one convolution reads them.
  std::vector<at::Tensor> maps_;
  std::vector<Maps> shapes_;
  // By operation.
  std::vector<PackedTensors> packed_;
  std::vector<at::Tensor> chosen_;
  std::vector<at::Tensor> dropouts_;
  // By norm, and by value: sums and sums of squares over images and pixels.
  std::vector<NormState> norms_;
  std::vector<std::vector<double>> sums_;
  std::vector<int> unread_;
};

at::Tensor newMaps(const Maps& shape);
// Adds `tasks` rows of `width` numbers.
std::vector<double> addRows(const std::vector<float>& rows, int tasks, size_t width);

}  // namespace selfadapt::trunk
