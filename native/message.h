// Error messages of libtorch for JavaScript.
#pragma once

#include <string>

namespace selfadapt {

// One line from a libtorch message, without source positions, stack frames and advice for C++ programmers.
std::string cleanMessage(const std::string& message);

}  // namespace selfadapt
