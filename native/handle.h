// Tensors and generators as opaque JavaScript externals, emptied by `release` or by a finalizer.
#pragma once

#include <napi.h>

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include "environment.h"

namespace selfadapt {

struct Handle {
  enum class Kind { Tensor, Generator };
  Kind kind;
  SharedEnvironment owner;
  at::Tensor tensor;
  at::Generator generator;
};

// A new handle; null for an undefined tensor.
napi_value wrapTensor(napi_env env, at::Tensor tensor);
napi_value wrapGenerator(napi_env env, at::Generator generator);

// The handle behind a value, or null for other values; externals of other addons are recognized by their missing type tag,
// without reading their memory.
Handle* handleOf(napi_env env, napi_value value);

// The tensor behind a value. Throws `c10::Error` for anything else, and for one that was released.
const at::Tensor& tensorOf(napi_env env, napi_value value, const char* what = "the argument");

// Empties a tensor handle; a second call does nothing. Throws `c10::Error` for anything else.
void release(napi_env env, napi_value value);

}  // namespace selfadapt
