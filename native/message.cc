#include "message.h"

#include <algorithm>
#include <regex>
#include <utility>

namespace selfadapt {

namespace {

constexpr size_t kLongest = 500;

// The ends of the relevant part of a message.
constexpr const char* kEnds[] = {"\nException raised from", " This could be because the operator doesn't exist",
                                 "\nCPU: registered at", ", but no fallback function is registered",
                                 " PyTorch splits its backend into two shared libraries"};

std::string replaced(const std::string& text, const char* pattern, const char* by) {
  return std::regex_replace(text, std::regex(pattern), by);
}

}  // namespace

std::string cleanMessage(const std::string& message) {
  std::string text = message;
  for (const char* end : kEnds) text.resize(std::min(text.size(), text.find(end)));
  // std::regex is recursive, so the length of its input is limited.
  const bool cut = text.size() > 4 * kLongest;
  if (cut) text.resize(4 * kLongest);
  text = replaced(text, "(INTERNAL )?ASSERT FAILED at \"[^\"]*\":\\d+(, please report a bug to PyTorch)?\\.?",
                  "does not hold.");
  text = replaced(text, "\\(Could this error message be improved\\?[^)]*\\)", "");
  text = replaced(text, "\\(?(at )?\"?[\\w./+-]+\\.(cpp|cc|cu|cuh|h|hpp)\"?:\\d+\\)?:? ?", "");
  text = replaced(text, "\\b(c10|at)::", "");
  text = replaced(replaced(text, "\\s+", " "), "^ | $", "");
  if (cut || text.size() > kLongest) text = text.substr(0, kLongest) + "...";
  return text.empty() ? "libtorch failed without a message" : text;
}

}  // namespace selfadapt
