#include "values.h"

#include <c10/util/Exception.h>

#include "handle.h"

namespace selfadapt {

napi_valuetype typeOf(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  return type;
}

bool isArray(napi_env env, napi_value value) {
  bool result = false;
  napi_is_array(env, value, &result);
  return result;
}

std::string textOf(napi_env env, napi_value value) {
  size_t length = 0;
  napi_get_value_string_utf8(env, value, nullptr, 0, &length);
  std::string text(length, '\0');
  napi_get_value_string_utf8(env, value, text.data(), length + 1, &length);
  return text;
}

std::string describe(napi_env env, napi_value value) {
  switch (typeOf(env, value)) {
    case napi_undefined: return "nothing";
    case napi_null: return "null";
    case napi_boolean: {
      bool flag = false;
      napi_get_value_bool(env, value, &flag);
      return flag ? "true" : "false";
    }
    case napi_number: {
      napi_value text = nullptr;
      napi_coerce_to_string(env, value, &text);
      return textOf(env, text);
    }
    case napi_string: {
      std::string text = textOf(env, value);
      if (text.size() > 40) text = text.substr(0, 40) + "...";
      return "\"" + text + "\"";
    }
    case napi_bigint: return "a bigint";
    case napi_function: return "a function";
    case napi_symbol: return "a symbol";
    case napi_external: {
      const Handle* handle = handleOf(env, value);
      if (handle == nullptr) return "an external of another addon";
      return handle->kind == Handle::Kind::Generator ? "a generator" : "a tensor";
    }
    default: return isArray(env, value) ? "an array" : "an object";
  }
}

namespace {

void expect(bool right, const Napi::Value& value, const char* what, const char* kind) {
  TORCH_CHECK(right, what, " is ", kind, ", received ", describe(value.Env(), value));
}

}  // namespace

std::string textGiven(const Napi::Value& value, const char* what) {
  expect(value.IsString(), value, what, "a string");
  return textOf(value.Env(), value);
}

bool flagGiven(const Napi::Value& value, const char* what) {
  expect(value.IsBoolean(), value, what, "true or false");
  return value.As<Napi::Boolean>();
}

Napi::Array listGiven(const Napi::Value& value, const char* what) {
  expect(value.IsArray(), value, what, "an array");
  return value.As<Napi::Array>();
}

}  // namespace selfadapt
