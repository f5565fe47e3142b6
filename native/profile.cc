// Times every operator that this thread calls, forward and backward, by libtorch's own observer (RecordFunction).
#include <ATen/record_function.h>

#include <chrono>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "guard.h"
#include "parts.h"

namespace selfadapt {

namespace {

using Clock = std::chrono::steady_clock;

struct OperatorTime {
  int64_t calls = 0;
  double seconds = 0;
  double selfSeconds = 0;
};

// One call under way. Calls nest: the time of the inner ones is not the outer one's own.
struct Call : at::ObserverContext {
  explicit Call(Call* outer) : outer(outer), began(Clock::now()) {}
  Call* outer;
  Clock::time_point began;
  double inner = 0;
};

// The calls of one thread; libtorch hands the observer to the threads on which it computes gradients, each with its own.
thread_local Call* current = nullptr;

std::mutex timesMutex;
std::unordered_map<std::string, OperatorTime> times;
thread_local at::CallbackHandle handle = at::INVALID_CALLBACK_HANDLE;

// The engine's own frame around every node of a backward pass, which is recorded by itself.
bool isFrame(const at::RecordFunction& function) {
  return std::strncmp(function.name(), "autograd::engine::", 18) == 0;
}

std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction& function) {
  if (isFrame(function)) return nullptr;
  auto call = std::make_unique<Call>(current);
  current = call.get();
  return call;
}

void end(const at::RecordFunction& function, at::ObserverContext* context) {
  if (context == nullptr) return;
  auto* call = static_cast<Call*>(context);
  const double seconds = std::chrono::duration<double>(Clock::now() - call->began).count();
  current = call->outer;
  if (current != nullptr) current->inner += seconds;
  const std::lock_guard<std::mutex> lock(timesMutex);
  OperatorTime& time = times[function.name()];
  time.calls++;
  time.seconds += seconds;
  time.selfSeconds += seconds - call->inner;
}

void stop() {
  if (handle != at::INVALID_CALLBACK_HANDLE) at::removeCallback(handle);
  handle = at::INVALID_CALLBACK_HANDLE;
}

void start() {
  stop();
  at::RecordFunctionCallback callback(begin, end);
  callback.scopes({at::RecordScope::FUNCTION, at::RecordScope::BACKWARD_FUNCTION});
  handle = at::addThreadLocalCallback(callback);
}

// The times since the last call, and forgets them.
Napi::Value take(Napi::Env env) {
  const std::lock_guard<std::mutex> lock(timesMutex);
  Napi::Array rows = Napi::Array::New(env, times.size());
  uint32_t i = 0;
  for (const auto& [name, time] : times) {
    Napi::Object row = Napi::Object::New(env);
    row.Set("operator", name);
    row.Set("calls", static_cast<double>(time.calls));
    row.Set("seconds", time.seconds);
    row.Set("selfSeconds", time.selfSeconds);
    rows.Set(i++, row);
  }
  times.clear();
  return rows;
}

}  // namespace

void registerProfile(Napi::Object exports) {
  expose(exports, "timeOperators", [](const Napi::CallbackInfo& info) -> Napi::Value {
    if (info[0].As<Napi::Boolean>().Value()) {
      start();
    } else {
      stop();
    }
    return info.Env().Undefined();
  });
  expose(exports, "takeOperatorTimes", [](const Napi::CallbackInfo& info) { return take(info.Env()); });
}

}  // namespace selfadapt
