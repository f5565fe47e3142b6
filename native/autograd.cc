// Derivatives: backward, gradients of outputs by inputs, and the modes that switch recording.
#include <ATen/autocast_mode.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>
#include <torch/version.h>

#include "guard.h"
#include "handle.h"
#include "parts.h"
#include "types.h"
#include "values.h"

namespace selfadapt {

namespace {

std::vector<at::Tensor> tensorsOf(const Napi::Value& value) {
  std::vector<at::Tensor> tensors;
  if (value.IsNull() || value.IsUndefined()) return tensors;
  const auto array = listGiven(value, "a list of tensors");
  for (uint32_t i = 0; i < array.Length(); i++) tensors.push_back(tensorOf(value.Env(), array.Get(i)));
  return tensors;
}

// backward(outputs[], gradOutputs[] | null, retainGraph, createGraph)
Napi::Value backward(const Napi::CallbackInfo& info) {
  torch::autograd::backward(tensorsOf(info[0]), tensorsOf(info[1]), flagGiven(info[2], "retainGraph"),
                            flagGiven(info[3], "createGraph"));
  return info.Env().Undefined();
}

// grad(outputs[], inputs[], gradOutputs[] | null, retainGraph, createGraph): one gradient an input; null where unused.
Napi::Value grad(const Napi::CallbackInfo& info) {
  const auto inputs = tensorsOf(info[1]);
  TORCH_CHECK(!inputs.empty(), "grad needs at least one input");
  const auto gradients =
      torch::autograd::grad(tensorsOf(info[0]), inputs, tensorsOf(info[2]), flagGiven(info[3], "retainGraph"),
                            flagGiven(info[4], "createGraph"), /*allow_unused=*/true);
  Napi::Array results = Napi::Array::New(info.Env(), gradients.size());
  for (uint32_t i = 0; i < gradients.size(); i++) {
    results.Set(i, Napi::Value(info.Env(), wrapTensor(info.Env(), gradients[i])));
  }
  return results;
}

struct Autocast {
  bool enabled;
  c10::ScalarType type;
};

// Sets autocast for a device type and returns the previous setting.
Autocast exchangeAutocast(c10::DeviceType device, Autocast next) {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
  const Autocast before{at::autocast::is_autocast_enabled(device), at::autocast::get_autocast_dtype(device)};
  at::autocast::set_autocast_dtype(device, next.type);
  at::autocast::set_autocast_enabled(device, next.enabled);
  return before;
#else
  if (device == c10::DeviceType::CPU) {
    const Autocast before{at::autocast::is_cpu_enabled(), at::autocast::get_autocast_cpu_dtype()};
    at::autocast::set_autocast_cpu_dtype(next.type);
    at::autocast::set_cpu_enabled(next.enabled);
    return before;
  }
  const Autocast before{at::autocast::is_enabled(), at::autocast::get_autocast_gpu_dtype()};
  at::autocast::set_autocast_gpu_dtype(next.type);
  at::autocast::set_enabled(next.enabled);
  return before;
#endif
}

// setAutocast(deviceType, enabled, dtype): the previous { enabled, dtype }
Napi::Value setAutocast(const Napi::CallbackInfo& info) {
  const auto device = deviceNamed(textGiven(info[0], "the device")).type();
  const Autocast next{flagGiven(info[1], "enabled"), scalarTypeNamed(textGiven(info[2], "the dtype"))};
  TORCH_CHECK(next.type == at::kBFloat16 || next.type == at::kHalf, "autocast computes in bfloat16 or float16, not in ",
              nameOf(next.type));
  const Autocast before = exchangeAutocast(device, next);
  // Cached casts of parameters would be stale after an optimizer step.
  at::autocast::clear_cache();
  Napi::Object setting = Napi::Object::New(info.Env());
  setting.Set("enabled", before.enabled);
  setting.Set("dtype", nameOf(before.type));
  return setting;
}

// libtorch does not check a gradient when it accumulates into it.
const at::Tensor& gradientFor(const at::Tensor& tensor, const at::Tensor& gradient) {
  TORCH_CHECK(gradient.sizes() == tensor.sizes(), "a gradient has its tensor's shape ", tensor.sizes(), ", received ",
              gradient.sizes());
  TORCH_CHECK(gradient.scalar_type() == tensor.scalar_type(), "a gradient has its tensor's element type ",
              nameOf(tensor.scalar_type()), ", received ", nameOf(gradient.scalar_type()));
  TORCH_CHECK(gradient.device() == tensor.device(), "a gradient is on its tensor's device ", tensor.device(),
              ", received one on ", gradient.device());
  return gradient;
}

}  // namespace

void registerAutograd(Napi::Object exports) {
  expose(exports, "backward", backward);
  expose(exports, "grad", grad);
  expose(exports, "setAutocast", setAutocast);
  expose(exports, "gradEnabled", [](const Napi::CallbackInfo& info) -> Napi::Value {
    return Napi::Boolean::New(info.Env(), c10::GradMode::is_enabled());
  });
  expose(exports, "setGradEnabled", [](const Napi::CallbackInfo& info) -> Napi::Value {
    c10::GradMode::set_enabled(info[0].As<Napi::Boolean>().Value());
    return info.Env().Undefined();
  });
  expose(exports, "requiresGrad", [](const Napi::CallbackInfo& info) -> Napi::Value {
    return Napi::Boolean::New(info.Env(), tensorOf(info.Env(), info[0]).requires_grad());
  });
  expose(exports, "isLeaf", [](const Napi::CallbackInfo& info) -> Napi::Value {
    return Napi::Boolean::New(info.Env(), tensorOf(info.Env(), info[0]).is_leaf());
  });
  expose(exports, "setRequiresGrad", [](const Napi::CallbackInfo& info) -> Napi::Value {
    const at::Tensor& tensor = tensorOf(info.Env(), info[0]);
    const bool required = flagGiven(info[1], "requiresGrad");
    TORCH_CHECK(required || tensor.is_leaf(), "requiresGrad can be turned off for leaves only; expected detach() for a result");
    tensor.set_requires_grad(required);
    return info.Env().Undefined();
  });
  expose(exports, "gradient", [](const Napi::CallbackInfo& info) -> Napi::Value {
    return Napi::Value(info.Env(), wrapTensor(info.Env(), tensorOf(info.Env(), info[0]).grad()));
  });
  expose(exports, "setGradient", [](const Napi::CallbackInfo& info) -> Napi::Value {
    const at::Tensor& tensor = tensorOf(info.Env(), info[0]);
    TORCH_CHECK(info[1].IsNull() || !tensorOf(info.Env(), info[1]).is_same(tensor), "a tensor is not its own gradient");
    tensor.mutable_grad() = info[1].IsNull() ? at::Tensor() : gradientFor(tensor, tensorOf(info.Env(), info[1]));
    return info.Env().Undefined();
  });
  // setData(handle, source): the tensor takes over the source's storage, element type and device, but keeps its identity. The
  // version is increased, which libtorch does not do, because caches are keyed by it.
  expose(exports, "setData", [](const Napi::CallbackInfo& info) -> Napi::Value {
    const at::Tensor& tensor = tensorOf(info.Env(), info[0]);
    tensor.set_data(tensorOf(info.Env(), info[1]).detach());
    tensor.unsafeGetTensorImpl()->bump_version();
    return info.Env().Undefined();
  });
}

}  // namespace selfadapt
