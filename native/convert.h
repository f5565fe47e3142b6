// Converts JavaScript values to and from libtorch's boxed values, by the types of the operator schema.
#pragma once

#include <napi.h>

#include <ATen/core/function_schema.h>
#include <ATen/core/ivalue.h>

namespace selfadapt {

// One argument of an operator. With `integral` (the operator's first tensor has an integer type), whole numbers become
// integer scalars. Throws `c10::Error` naming the argument, the type expected and the value received.
c10::IValue toIValue(napi_env env, napi_value value, const c10::Argument& argument, bool integral);

// A result: tensors as handles, numbers, strings, booleans; lists and tuples as arrays; none as null.
napi_value fromIValue(napi_env env, const c10::IValue& value);

}  // namespace selfadapt
