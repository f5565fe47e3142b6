// Every entry from JavaScript passes through `guarded`: no C++ exception crosses the boundary, and denormal numbers are
// flushed inside native calls only (on the main thread the setting would change JavaScript's own arithmetic).
#pragma once

#include <napi.h>

#include <c10/util/Exception.h>

#include <exception>
#include <new>

#include "denormals.h"
#include "message.h"

namespace selfadapt {

// Throws in JavaScript, except while the thread is being terminated.
inline Napi::Value raise(napi_env env, const std::string& message) {
  napi_throw_error(env, nullptr, message.c_str());
  return {};
}

template <typename Body>
Napi::Value guarded(const Napi::CallbackInfo& info, Body body) {
  const napi_env env = info.Env();
  try {
    const FlushedDenormals flushed;
    return body();
  } catch (const Napi::Error& error) {
    napi_throw(env, error.Value());
    return {};
  } catch (const c10::Error& error) {
    return raise(env, cleanMessage(error.what_without_backtrace()));
  } catch (const std::bad_alloc&) {
    return raise(env, "out of memory");
  } catch (const std::exception& error) {
    return raise(env, cleanMessage(error.what()));
  } catch (...) {
    return raise(env, "libtorch failed with an exception of unknown type");
  }
}

// A guarded function under its name on the addon's exports.
template <typename Body>
void expose(Napi::Object exports, const char* name, Body body) {
  exports.Set(name, Napi::Function::New(
                        exports.Env(),
                        [body](const Napi::CallbackInfo& info) -> Napi::Value {
                          return guarded(info, [&]() -> Napi::Value { return body(info); });
                        },
                        name));
}

}  // namespace selfadapt
