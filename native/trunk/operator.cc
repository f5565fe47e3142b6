// `selfadapt::trunk`: a convolutional trunk as one operator with a derivative of its own.
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/engine.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/csrc/autograd/graph_task.h>
#include <torch/library.h>

#include <mutex>

#include "autograd-node.h"
#include "kernels.h"
#include "run.h"

namespace selfadapt::trunk {

namespace {

using torch::autograd::variable_list;

class TrunkBackward final : public torch::autograd::Node {
 public:
  std::string name() const override { return "SelfadaptTrunkBackward"; }

  void hold(std::unique_ptr<Run> run) { run_ = std::move(run); }

  void release_variables() override {
    const std::lock_guard<std::mutex> lock(mutex_);
    run_.reset();
  }

  variable_list apply(variable_list&& gradients) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    TORCH_CHECK(run_ != nullptr,
                "Trying to backward through the graph a second time, but its values have been freed; keep them with retainGraph");
    TORCH_CHECK(!at::GradMode::is_enabled(), "the packed kernels have no second derivatives; use the stock kernels for them");
    variable_list results(num_outputs());
    if (!gradients[0].defined()) return results;
    Wanted wanted;
    wanted.images = task_should_compute_output(0);
    for (size_t i = 1; i < num_outputs(); i++) wanted.parameters.push_back(task_should_compute_output(i));
    Gradients computed = run_->backward(gradients[0], wanted, !torch::autograd::get_current_graph_task_keep_graph());
    results[0] = std::move(computed.images);
    for (size_t i = 1; i < num_outputs(); i++) results[i] = std::move(computed.parameters[i - 1]);
    return results;
  }

 private:
  std::mutex mutex_;
  std::unique_ptr<Run> run_;
};

at::Tensor trunk(const at::Tensor& images, at::TensorList parameters, at::TensorList buffers, at::IntArrayRef program,
                 at::ArrayRef<double> numbers, bool training, c10::string_view kernels) {
  variable_list inputs = {images};
  inputs.insert(inputs.end(), parameters.begin(), parameters.end());
  Inputs given;
  for (const at::Tensor& input : inputs) {
    TORCH_CHECK(input.defined() && input.device().is_cpu() && input.scalar_type() == at::kFloat,
                "a trunk reads float32 tensors on the CPU, received ", input.toString());
  }
  given.images = images;
  given.parameters = parameters.vec();
  given.buffers = buffers.vec();
  given.rows = program.vec();
  given.numbers = numbers.vec();
  given.training = training;
  checkKernels(kernels);
  given.kernels = std::string(kernels.data(), kernels.size());
  given.recorded = at::GradMode::is_enabled() && torch::autograd::any_variable_requires_grad(inputs);

  const bool recorded = given.recorded;
  std::unique_ptr<Run> run = newRun(std::move(given));
  at::Tensor features;
  {
    const at::AutoDispatchBelowADInplaceOrView below;
    features = run->forward();
  }
  if (training) {
    for (const at::Tensor& buffer : buffers) buffer.unsafeGetTensorImpl()->bump_version();
  }
  if (!recorded) return features;
  auto* node = new TrunkBackward;
  const NodePointer owner = ownNode(node);
  node->set_next_edges(torch::autograd::collect_next_edges(inputs));
  node->hold(std::move(run));
  torch::autograd::set_history(features, owner);
  return features;
}

// Whether the packed kernels can run a program; the reasons against are those for which `trunk` would throw.
bool takesTrunk(at::IntArrayRef program, int64_t parameters, int64_t buffers, int64_t numbers) {
  try {
    planOf(program.vec(), parameters, buffers, numbers, /*fold=*/false, /*dropping=*/true,
           /*readsNorms=*/[](const Window&) { return false; });
    return true;
  } catch (const c10::Error&) {
    return false;
  }
}

TORCH_LIBRARY_FRAGMENT(selfadapt, library) {
  library.def("takes_trunk(int[] program, int parameters, int buffers, int numbers) -> bool", takesTrunk);
  library.def(
      "trunk(Tensor images, Tensor[] parameters, Tensor(a!)[] buffers, int[] program, float[] numbers, bool training, "
      "str kernels) -> Tensor");
}

// One kernel for both keys: it records its own derivative.
TORCH_LIBRARY_IMPL(selfadapt, CPU, library) { library.impl("trunk", trunk); }
TORCH_LIBRARY_IMPL(selfadapt, AutogradCPU, library) { library.impl("trunk", trunk); }

}  // namespace

}  // namespace selfadapt::trunk
