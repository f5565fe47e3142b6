// The capabilities of the machine and of libtorch, and the number of threads.
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <torch/version.h>

#include "guard.h"
#include "parts.h"

namespace selfadapt {

void registerDevices(Napi::Object exports) {
  expose(exports, "libtorchVersion", [](const Napi::CallbackInfo& info) -> Napi::Value {
    return Napi::String::New(info.Env(), TORCH_VERSION);
  });
  expose(exports, "buildConfiguration", [](const Napi::CallbackInfo& info) -> Napi::Value {
    return Napi::String::New(info.Env(), at::show_config());
  });
  expose(exports, "cudaDevices", [](const Napi::CallbackInfo& info) -> Napi::Value {
    const size_t count = at::globalContext().hasCUDA() ? at::getNumGPUs() : 0;
    return Napi::Number::New(info.Env(), static_cast<double>(count));
  });
  expose(exports, "threads", [](const Napi::CallbackInfo& info) -> Napi::Value {
    return Napi::Number::New(info.Env(), at::get_num_threads());
  });
  expose(exports, "setThreads", [](const Napi::CallbackInfo& info) -> Napi::Value {
    const int count = info[0].As<Napi::Number>().Int32Value();
    TORCH_CHECK(count >= 1 && count <= 1024, "the number of threads is from 1 to 1024, received ", count);
    at::set_num_threads(count);
    return info.Env().Undefined();
  });
}

}  // namespace selfadapt
