// The parameters' gradients as a backward pass finds them; those that nobody wants are not kept.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace selfadapt::trunk {

class ParameterGradients {
 public:
  ParameterGradients(const std::vector<at::Tensor>& parameters, const std::vector<bool>& wanted)
      : parameters_(parameters), wanted_(wanted), gradients_(wanted.size()) {}

  bool wants(int parameter) const { return wanted_[parameter]; }

  // A parameter that several steps share gets the sum of what they say.
  void give(int parameter, at::Tensor gradient) {
    at::Tensor& known = gradients_[parameter];
    if (known.defined()) known.add_(gradient);
    else known = std::move(gradient);
  }

  // The first of the values, one a channel, for a parameter of so many numbers.
  void give(int parameter, const std::vector<double>& values) {
    if (!wants(parameter)) return;
    at::Tensor gradient = at::empty_like(parameters_[parameter], at::kFloat);
    std::copy_n(values.begin(), gradient.numel(), static_cast<float*>(gradient.data_ptr()));
    give(parameter, std::move(gradient));
  }

  std::vector<at::Tensor> take() { return std::move(gradients_); }

 private:
  const std::vector<at::Tensor>& parameters_;
  const std::vector<bool>& wanted_;
  std::vector<at::Tensor> gradients_;
};

}  // namespace selfadapt::trunk
