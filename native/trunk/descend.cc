// `selfadapt::descend_`: a step of stochastic gradient descent over all parameters in one pass over their memory, after which
// convolution weights lie packed for the next forward pass already.
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty_like.h>
#include <torch/library.h>

#include <cmath>

#include "../kernels/parallel.h"
#include "../winograd/unit.h"
#include "packed-weights.h"

namespace selfadapt::trunk {

namespace {

constexpr int64_t kChunk = int64_t{1} << 16;

// A stretch of one parameter's memory; of a convolution's, the weights of 32 outputs, to be packed.
struct Stretch {
  size_t parameter;
  int64_t first, count;
  int block;
};

void checkSame(const at::Tensor& tensor, const at::Tensor& parameter, const char* what) {
  TORCH_CHECK(tensor.device().is_cpu() && tensor.scalar_type() == at::kFloat && tensor.sizes() == parameter.sizes(), "a ", what,
              " is float32 on the CPU, of its parameter's shape ", parameter.sizes(), ", received ", tensor.sizes(), " ",
              tensor.scalar_type());
}

// The tensor's values in the order in which the parameter's lie in memory.
at::Tensor ordered(const at::Tensor& tensor, const at::Tensor& parameter) {
  return tensor.strides() == parameter.strides() ? tensor : at::empty_like(parameter).copy_(tensor);
}

class Step {
 public:
  Step(at::TensorList parameters, at::TensorList gradients, at::TensorList sums, winograd::DescentOptions options)
      : parameters_(parameters), sums_(sums), options_(options), repackings_(parameters.size()), packs_(parameters.size()) {
    TORCH_CHECK(gradients.size() == parameters.size() && (sums.empty() || sums.size() == parameters.size()),
                "descend_ takes a gradient a parameter, and a sum a parameter where there is momentum");
    for (size_t i = 0; i < parameters.size(); i++) {
      const at::Tensor& parameter = parameters[i];
      checkSame(parameter, parameter, "parameter");
      checkSame(gradients[i], parameter, "gradient");
      TORCH_CHECK(parameter.is_non_overlapping_and_dense(), "a parameter to descend lies densely in memory");
      gradients_.push_back(ordered(gradients[i], parameter));
      if (sums.empty()) continue;
      checkSame(sums[i], parameter, "sum");
      TORCH_CHECK(sums[i].strides() == parameter.strides(), "a sum lies in memory as its parameter does");
    }
    for (size_t i = 0; i < parameters.size(); i++) addStretches(i);
  }

  // Returns the gradients' common 2-norm.
  double take() {
    std::vector<double> squares(stretches_.size());
    kernels::parallelFor(static_cast<int>(stretches_.size()), at::get_num_threads(),
                         [&](int task) { squares[task] = descend(stretches_[task]); });
    for (size_t i = 0; i < parameters_.size(); i++) {
      parameters_[i].unsafeGetTensorImpl()->bump_version();
      if (!sums_.empty()) sums_[i].unsafeGetTensorImpl()->bump_version();
      if (packs_[i]) repacked(parameters_[i], repackings_[i]);
    }
    double sum = 0;
    for (const double square : squares) sum += square;
    return std::sqrt(sum);
  }

 private:
  void addStretches(size_t i) {
    const at::Tensor& parameter = parameters_[i];
    packs_[i] = takeForRepacking(parameter, repackings_[i]);
    const int64_t outputs = packs_[i] ? parameter.size(0) : 0;
    const int64_t size = packs_[i] ? kernels::kLanes * parameter.numel() / outputs : kChunk;
    for (int64_t first = 0, block = 0; first < parameter.numel(); first += size, block++) {
      stretches_.push_back({i, first, std::min(size, parameter.numel() - first), static_cast<int>(block)});
    }
  }

  double descend(const Stretch& stretch) const {
    const size_t i = stretch.parameter;
    const auto* gradients = static_cast<const float*>(gradients_[i].data_ptr());
    auto* values = static_cast<float*>(parameters_[i].data_ptr());
    float* sums = sums_.empty() ? nullptr : static_cast<float*>(sums_[i].data_ptr()) + stretch.first;
    const double squares =
        winograd::bestUnit()->descend(values + stretch.first, gradients + stretch.first, sums, stretch.count, options_);
    const Repacking& repacking = repackings_[i];
    if (packs_[i]) packBlock(values, repacking.shape, *repacking.packing, stretch.block, repacking.packed);
    return squares;
  }

  at::TensorList parameters_, sums_;
  winograd::DescentOptions options_;
  std::vector<at::Tensor> gradients_;
  std::vector<Repacking> repackings_;
  std::vector<char> packs_;
  std::vector<Stretch> stretches_;
};

double descend_(at::TensorList parameters, at::TensorList gradients, at::TensorList sums, double rate, double momentum,
                double weightDecay, bool nesterov) {
  TORCH_CHECK(winograd::bestUnit() != nullptr, "descend_ needs a CPU with AVX2");
  return Step(parameters, gradients, sums,
              {static_cast<float>(rate), static_cast<float>(momentum), static_cast<float>(weightDecay), nesterov})
      .take();
}

TORCH_LIBRARY_FRAGMENT(selfadapt, library) {
  library.def(
      "descend_(Tensor(a!)[] parameters, Tensor[] gradients, Tensor(b!)[] sums, float rate, float momentum, float weight_decay, "
      "bool nesterov) -> float");
}

TORCH_LIBRARY_IMPL(selfadapt, CPU, library) { library.impl("descend_", descend_); }
TORCH_LIBRARY_IMPL(selfadapt, AutogradCPU, library) { library.impl("descend_", descend_); }

}  // namespace

}  // namespace selfadapt::trunk
