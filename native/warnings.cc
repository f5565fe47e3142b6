// How loud libtorch is: its warnings become one line each on stderr, once a process, where it would print its own source
// positions; its errors come without stack frames; its log is as loud as TORCH_CPP_LOG_LEVEL says.
#include <c10/util/Exception.h>
#include <c10/util/Logging.h>
#include <torch/version.h>

#include <functional>
#include <iostream>
#include <mutex>
#include <set>
#include <string>

#include "message.h"
#include "parts.h"

namespace selfadapt {

namespace {

// Messages may hold figures that differ each time, so their number is bounded.
constexpr size_t kMostWarnings = 100;

void logOnce(const std::string& message) {
  static std::mutex mutex;
  static std::set<std::string> logged;
  const std::lock_guard<std::mutex> lock(mutex);
  if (logged.size() < kMostWarnings && logged.insert(message).second) {
    std::cerr << "libtorch warns: " << cleanMessage(message) << std::endl;
  }
}

class OneLineHandler final : public c10::WarningHandler {
 public:
#if TORCH_VERSION_MAJOR >= 2
  void process(const c10::Warning& warning) override { logOnce(warning.msg()); }
#else
  void process(const c10::SourceLocation&, const std::string& message, const bool) override { logOnce(message); }
#endif
};

}  // namespace

void quietLibtorch() {
  static std::once_flag once;
  // Walking the stack takes a hundred times as long as a refused call, and the frames are never shown.
  std::call_once(once, [] {
    c10::SetStackTraceFetcher(std::function<std::string()>([] { return std::string(); }));
    // Only Python's module asks for this otherwise: without it TORCH_CPP_LOG_LEVEL is not read.
    c10::initLogging();
  });
  static OneLineHandler handler;
#if TORCH_VERSION_MAJOR >= 2
  c10::WarningUtils::set_warning_handler(&handler);
#else
  c10::Warning::set_warning_handler(&handler);
#endif
}

}  // namespace selfadapt
