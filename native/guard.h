// Every entry from JavaScript passes through `guarded`: no C++ exception crosses the boundary, and denormal numbers are
// flushed inside native calls only (on the main thread the setting would change JavaScript's own arithmetic).
#pragma once

#include <napi.h>

#include <c10/util/Exception.h>

#include <exception>
#include <new>

#include "message.h"

#if defined(__SSE__) || defined(_M_X64)
#include <xmmintrin.h>
#endif

namespace selfadapt {

class FlushDenormals {
 public:
#if defined(__SSE__) || defined(_M_X64)
  FlushDenormals() : saved_(_mm_getcsr()) { _mm_setcsr(saved_ | 0x8040); }
  ~FlushDenormals() { _mm_setcsr(saved_); }

 private:
  unsigned saved_;
#else
  FlushDenormals() {}
  ~FlushDenormals() {}
#endif
};

template <typename Body>
Napi::Value guarded(const Napi::CallbackInfo& info, Body body) {
  try {
    FlushDenormals flush;
    return body();
  } catch (const Napi::Error&) {
    throw;
  } catch (const c10::Error& error) {
    throw Napi::Error::New(info.Env(), cleanMessage(error.what_without_backtrace()));
  } catch (const std::bad_alloc&) {
    throw Napi::Error::New(info.Env(), "out of memory");
  } catch (const std::exception& error) {
    throw Napi::Error::New(info.Env(), cleanMessage(error.what()));
  } catch (...) {
    throw Napi::Error::New(info.Env(), "libtorch failed with an exception of unknown type");
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
