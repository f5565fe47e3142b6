// What a JavaScript value is, and the kinds that the addon's own functions ask for.
#pragma once

#include <napi.h>

#include <string>

namespace selfadapt {

napi_valuetype typeOf(napi_env env, napi_value value);
bool isArray(napi_env env, napi_value value);
std::string textOf(napi_env env, napi_value value);

// The value in words, for messages: `null`, `1.5`, `"text"`, `a tensor`, `an object`.
std::string describe(napi_env env, napi_value value);

// Each throws `c10::Error`, saying what `what` is and what was received, where the value is of another kind.
std::string textGiven(const Napi::Value& value, const char* what);
bool flagGiven(const Napi::Value& value, const char* what);
Napi::Array listGiven(const Napi::Value& value, const char* what);

}  // namespace selfadapt
