// Tensors and generators as JavaScript holds them: opaque externals that can be emptied at once (`release`), and that a
// finalizer empties if nobody did.
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

// The handle behind a value, or null where the value is none of ours; an external of another addon is told by its missing mark,
// its memory is not read.
Handle* handleOf(napi_env env, napi_value value);

// The tensor behind a value. Throws `c10::Error` for anything else, and for one that was released.
const at::Tensor& tensorOf(napi_env env, napi_value value, const char* what = "the argument");

// Empties a tensor handle; a second call does nothing. Throws `c10::Error` for anything else.
void release(napi_env env, napi_value value);

}  // namespace selfadapt
