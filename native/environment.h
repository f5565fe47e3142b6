// The state of the addon in one JavaScript environment (the main thread or a worker).
#pragma once

#include <napi.h>

#include <cstdint>
#include <memory>

namespace selfadapt {

struct Environment {
  // Handles that are not released yet.
  int64_t liveTensors = 0;
};

// Shared with every handle, because finalizers may run after the environment has freed its data.
using SharedEnvironment = std::shared_ptr<Environment>;

inline const SharedEnvironment& environmentOf(napi_env env) {
  void* data = nullptr;
  napi_get_instance_data(env, &data);
  return *static_cast<SharedEnvironment*>(data);
}

}  // namespace selfadapt
