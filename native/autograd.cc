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

namespace selfadapt {

namespace {

std::vector<at::Tensor> tensorsOf(const Napi::Value& value) {
  std::vector<at::Tensor> tensors;
  if (value.IsNull() || value.IsUndefined()) return tensors;
  const auto array = value.As<Napi::Array>();
  for (uint32_t i = 0; i < array.Length(); i++) tensors.push_back(tensorOf(value.Env(), array.Get(i)));
  return tensors;
}

// backward(outputs[], gradOutputs[] | null, retainGraph, createGraph)
Napi::Value backward(const Napi::CallbackInfo& info) {
  torch::autograd::backward(tensorsOf(info[0]), tensorsOf(info[1]), info[2].As<Napi::Boolean>().Value(),
                            info[3].As<Napi::Boolean>().Value());
  return info.Env().Undefined();
}

// grad(outputs[], inputs[], gradOutputs[] | null, retainGraph, createGraph): one gradient an input; null where unused.
Napi::Value grad(const Napi::CallbackInfo& info) {
  const auto inputs = tensorsOf(info[1]);
  TORCH_CHECK(!inputs.empty(), "grad needs at least one input");
  const auto gradients =
      torch::autograd::grad(tensorsOf(info[0]), inputs, tensorsOf(info[2]), info[3].As<Napi::Boolean>().Value(),
                            info[4].As<Napi::Boolean>().Value(), /*allow_unused=*/true);
  Napi::Array results = Napi::Array::New(info.Env(), gradients.size());
  for (uint32_t i = 0; i < gradients.size(); i++) {
    results.Set(i, Napi::Value(info.Env(), wrapTensor(info.Env(), gradients[i])));
  }
  return results;
}

// setAutocast(deviceType, enabled, dtype)
Napi::Value setAutocast(const Napi::CallbackInfo& info) {
  const auto device = deviceNamed(info[0].As<Napi::String>()).type();
  const bool enabled = info[1].As<Napi::Boolean>().Value();
  const auto type = scalarTypeNamed(info[2].As<Napi::String>());
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
  at::autocast::set_autocast_dtype(device, type);
  at::autocast::set_autocast_enabled(device, enabled);
#else
  if (device == c10::DeviceType::CPU) {
    at::autocast::set_autocast_cpu_dtype(type);
    at::autocast::set_cpu_enabled(enabled);
  } else {
    TORCH_CHECK(device == c10::DeviceType::CUDA, "autocast knows the devices cpu and cuda");
    at::autocast::set_autocast_gpu_dtype(type);
    at::autocast::set_enabled(enabled);
  }
#endif
  // Casts of parameters made before an optimiser step would be stale after it.
  at::autocast::clear_cache();
  return info.Env().Undefined();
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
  expose(exports, "setRequiresGrad", [](const Napi::CallbackInfo& info) -> Napi::Value {
    tensorOf(info.Env(), info[0]).set_requires_grad(info[1].As<Napi::Boolean>().Value());
    return info.Env().Undefined();
  });
  expose(exports, "gradient", [](const Napi::CallbackInfo& info) -> Napi::Value {
    return Napi::Value(info.Env(), wrapTensor(info.Env(), tensorOf(info.Env(), info[0]).grad()));
  });
  expose(exports, "setGradient", [](const Napi::CallbackInfo& info) -> Napi::Value {
    const at::Tensor& tensor = tensorOf(info.Env(), info[0]);
    tensor.mutable_grad() = info[1].IsNull() ? at::Tensor() : tensorOf(info.Env(), info[1]);
    return info.Env().Undefined();
  });
  // setData(handle, source): the tensor takes over the source's storage, element type and device; its identity stays.
  expose(exports, "setData", [](const Napi::CallbackInfo& info) -> Napi::Value {
    tensorOf(info.Env(), info[0]).set_data(tensorOf(info.Env(), info[1]).detach());
    return info.Env().Undefined();
  });
}

}  // namespace selfadapt
