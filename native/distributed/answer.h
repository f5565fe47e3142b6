// A promise that any thread may settle, once.
#pragma once

#include <napi.h>

#include <string>

namespace selfadapt {

class Answer {
 public:
  explicit Answer(Napi::Env env)
      : deferred_(Napi::Promise::Deferred::New(env)),
        settle_(Napi::ThreadSafeFunction::New(env, Napi::Function(), "collective", 0, 1)) {}

  // Node may end before it is settled.
  void unref(Napi::Env env) { settle_.Unref(env); }

  Napi::Value promise() { return deferred_.Promise(); }

  // Resolves the promise, or rejects it with `error` where that is not empty. Ends the life of this object, except where the
  // environment is being closed: then nobody waits any more.
  void settle(std::string error) {
    settle_.BlockingCall([this, error](Napi::Env env, Napi::Function) {
      if (error.empty()) {
        deferred_.Resolve(env.Undefined());
      } else {
        deferred_.Reject(Napi::Error::New(env, error).Value());
      }
      settle_.Release();
      delete this;
    });
  }

 private:
  Napi::Promise::Deferred deferred_;
  Napi::ThreadSafeFunction settle_;
};

}  // namespace selfadapt
