// Calls any registered operator through libtorch's dispatcher, by the types of its schema.
#include <ATen/core/dispatch/Dispatcher.h>

#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "convert.h"
#include "guard.h"
#include "handle.h"
#include "parts.h"

namespace selfadapt {

namespace {

// The operators used so far, numbered in order of first use; shared by all environments of the process.
class OperatorTable {
 public:
  size_t find(const std::string& name, const std::string& overload) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto known = numbers_.find({name + "." + overload});
    if (known != numbers_.end()) return known->second;
    operators_.push_back(c10::Dispatcher::singleton().findSchemaOrThrow(name.c_str(), overload.c_str()));
    numbers_.emplace(name + "." + overload, operators_.size() - 1);
    return operators_.size() - 1;
  }

  c10::OperatorHandle at(size_t number) {
    const std::lock_guard<std::mutex> lock(mutex_);
    TORCH_CHECK(number < operators_.size(), "no operator has the number ", number);
    return operators_[number];
  }

 private:
  std::mutex mutex_;
  std::vector<c10::OperatorHandle> operators_;
  std::unordered_map<std::string, size_t> numbers_;
};

OperatorTable& table() {
  static OperatorTable operators;
  return operators;
}

bool holdsIntegers(const at::Tensor& tensor) {
  return c10::isIntegralType(tensor.scalar_type(), /*includeBool=*/true);
}

// Whether the first tensor among the arguments, or in a list among them, holds integers.
bool firstTensorIsIntegral(const c10::Stack& stack) {
  for (const c10::IValue& value : stack) {
    if (value.isTensor()) return holdsIntegers(value.toTensor());
    if (value.isTensorList() && !value.toTensorList().empty()) return holdsIntegers(value.toTensorList().get(0));
  }
  return false;
}

// Arguments that are missing or undefined take the schema's default, else None where the type is optional; else it is an error.
c10::Stack stackOf(napi_env env, const c10::FunctionSchema& schema, napi_value values) {
  uint32_t given = 0;
  TORCH_CHECK(napi_get_array_length(env, values, &given) == napi_ok, "the arguments are not an array");
  const auto& arguments = schema.arguments();
  TORCH_CHECK(given <= arguments.size(), schema.name(), " takes ", arguments.size(), " arguments, received ", given);
  c10::Stack stack;
  stack.reserve(arguments.size());
  for (uint32_t i = 0; i < arguments.size(); i++) {
    napi_value value = nullptr;
    napi_valuetype type = napi_undefined;
    if (i < given) {
      napi_get_element(env, values, i, &value);
      napi_typeof(env, value, &type);
    }
    const c10::Argument& argument = arguments[i];
    if (type != napi_undefined) {
      const bool scalar = argument.real_type()->kind() == c10::TypeKind::NumberType;
      stack.push_back(toIValue(env, value, argument, scalar && firstTensorIsIntegral(stack)));
    } else if (argument.default_value()) {
      stack.push_back(*argument.default_value());
    } else {
      TORCH_CHECK(argument.real_type()->kind() == c10::TypeKind::OptionalType, "argument \"", argument.name(),
                  "\" is missing; it is a ", argument.real_type()->str());
      stack.emplace_back();
    }
  }
  return stack;
}

Napi::Value call(const Napi::CallbackInfo& info) {
  const napi_env env = info.Env();
  const auto op = table().at(info[0].As<Napi::Number>().Int64Value());
  const auto& schema = op.schema();
  c10::Stack stack = stackOf(env, schema, info[1]);
  op.callBoxed(&stack);
  if (stack.empty()) return info.Env().Undefined();
  if (stack.size() == 1) return Napi::Value(env, fromIValue(env, stack[0]));
  Napi::Array results = Napi::Array::New(env, stack.size());
  for (uint32_t i = 0; i < stack.size(); i++) results.Set(i, Napi::Value(env, fromIValue(env, stack[i])));
  return results;
}

Napi::Object describe(Napi::Env env, const c10::Argument& argument) {
  Napi::Object entry = Napi::Object::New(env);
  entry.Set("name", argument.name());
  entry.Set("type", argument.real_type()->str());
  entry.Set("optional", argument.default_value().has_value());
  entry.Set("keywordOnly", argument.kwarg_only());
  entry.Set("repeats", argument.N().has_value());
  return entry;
}

Napi::Value signature(const Napi::CallbackInfo& info) {
  const auto op = table().at(info[0].As<Napi::Number>().Int64Value());
  Napi::Array entries = Napi::Array::New(info.Env());
  for (const auto& argument : op.schema().arguments()) entries.Set(entries.Length(), describe(info.Env(), argument));
  return entries;
}

Napi::Value operatorNames(const Napi::CallbackInfo& info) {
  Napi::Array names = Napi::Array::New(info.Env());
  for (const auto& name : c10::Dispatcher::singleton().getAllOpNames()) {
    const auto found = c10::Dispatcher::singleton().findSchema(name);
    if (!found.has_value()) continue;
    names.Set(names.Length(), name.overload_name.empty() ? name.name : name.name + "." + name.overload_name);
  }
  return names;
}

}  // namespace

void registerDispatch(Napi::Object exports) {
  expose(exports, "find", [](const Napi::CallbackInfo& info) -> Napi::Value {
    const size_t number = table().find(info[0].As<Napi::String>(), info[1].As<Napi::String>());
    return Napi::Number::New(info.Env(), static_cast<double>(number));
  });
  expose(exports, "schema", [](const Napi::CallbackInfo& info) -> Napi::Value {
    const auto op = table().at(info[0].As<Napi::Number>().Int64Value());
    return Napi::String::New(info.Env(), c10::str(op.schema()));
  });
  expose(exports, "call", call);
  expose(exports, "signature", signature);
  expose(exports, "operatorNames", operatorNames);
}

}  // namespace selfadapt
