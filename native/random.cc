// Random state: seeds and states of the default generators of devices, and separate generators.
#include <ATen/Context.h>
#include <ATen/core/Tensor.h>

#include <mutex>

#include "guard.h"
#include "handle.h"
#include "parts.h"
#include "types.h"
#include "values.h"

namespace selfadapt {

namespace {

at::Generator defaultGenerator(const Napi::Value& device) {
  return at::globalContext().defaultGenerator(deviceNamed(textGiven(device, "the device")));
}

void seed(at::Generator generator, const Napi::Value& value) {
  const double number = value.As<Napi::Number>().DoubleValue();
  TORCH_CHECK(number >= 0 && number <= kMaxSafeInteger, "a seed is a whole number from 0 to 2^53 - 1");
  const std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_current_seed(static_cast<uint64_t>(number));
}

}  // namespace

void registerRandom(Napi::Object exports) {
  // manualSeed(device, seed)
  expose(exports, "manualSeed", [](const Napi::CallbackInfo& info) -> Napi::Value {
    seed(defaultGenerator(info[0]), info[1]);
    return info.Env().Undefined();
  });
  // randomState(device): a byte tensor
  expose(exports, "randomState", [](const Napi::CallbackInfo& info) -> Napi::Value {
    at::Generator generator = defaultGenerator(info[0]);
    const std::lock_guard<std::mutex> lock(generator.mutex());
    return Napi::Value(info.Env(), wrapTensor(info.Env(), generator.get_state()));
  });
  // setRandomState(device, state)
  expose(exports, "setRandomState", [](const Napi::CallbackInfo& info) -> Napi::Value {
    at::Generator generator = defaultGenerator(info[0]);
    const at::Tensor& state = tensorOf(info.Env(), info[1], "the random state");
    const std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_state(state);
    return info.Env().Undefined();
  });
  // generator(device, seed)
  expose(exports, "generator", [](const Napi::CallbackInfo& info) -> Napi::Value {
    at::Generator generator = defaultGenerator(info[0]).clone();
    seed(generator, info[1]);
    return Napi::Value(info.Env(), wrapGenerator(info.Env(), generator));
  });
}

}  // namespace selfadapt
