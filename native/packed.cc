// The packed kernels for JavaScript: which are available, and the peak rates of the machine.
#include <ATen/Parallel.h>

#include <chrono>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "guard.h"
#include "parts.h"
#include "values.h"

#if defined(SELFADAPT_PACKED)
#include "trunk/kernels.h"
#include "winograd/unit.h"
#endif
#if defined(SELFADAPT_AMX)
#include "kernels/rate.h"
#endif

namespace selfadapt {

namespace {

std::vector<std::string> available() {
#if defined(SELFADAPT_PACKED)
  return trunk::availableKernels();
#else
  return {};
#endif
}

double rateOf(const std::string& name) {
#if defined(SELFADAPT_PACKED)
  trunk::checkKernels(name);
#if defined(SELFADAPT_AMX)
  if (!trunk::isWinograd(name)) return kernels::productRate(at::get_num_threads());
#endif
  return winograd::bestUnit()->productRate(at::get_num_threads());
#else
  TORCH_CHECK(false, "there are no packed kernels called \"", name, "\" in this build");
#endif
}

// Bytes per second, read and written, of copies larger than any cache: the best of many short trials over the memory.
double copyBandwidth() {
  constexpr int64_t kBytes = int64_t{256} << 20, kPart = int64_t{16} << 20;
  const auto from = std::make_unique<char[]>(kBytes);
  const auto to = std::make_unique<char[]>(kBytes);
  std::memset(from.get(), 1, kBytes);
  double best = 0;
  for (int64_t at = 0; at < 4 * kBytes; at += kPart) {
    const auto began = std::chrono::steady_clock::now();
    at::parallel_for(at % kBytes, at % kBytes + kPart, 1 << 20,
                     [&](int64_t first, int64_t last) { std::memcpy(to.get() + first, from.get() + first, last - first); });
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - began;
    best = std::max(best, 2.0 * kPart / seconds.count());
  }
  return best;
}

}  // namespace

void registerPacked(Napi::Object exports) {
  expose(exports, "packedKernels", [](const Napi::CallbackInfo& info) -> Napi::Value {
    const std::vector<std::string> names = available();
    Napi::Array result = Napi::Array::New(info.Env(), names.size());
    for (size_t i = 0; i < names.size(); i++) result.Set(static_cast<uint32_t>(i), Napi::String::New(info.Env(), names[i]));
    return result;
  });
  expose(exports, "packedRate", [](const Napi::CallbackInfo& info) -> Napi::Value {
    return Napi::Number::New(info.Env(), rateOf(textGiven(info[0], "the kernels")));
  });
  expose(exports, "copyBandwidth", [](const Napi::CallbackInfo& info) -> Napi::Value {
    return Napi::Number::New(info.Env(), copyBandwidth());
  });
}

}  // namespace selfadapt
