// What JavaScript is told when libtorch refuses.
#pragma once

#include <string>

namespace selfadapt {

// One line out of a libtorch message, without its source positions, stack frames and advice to C++ programmers.
std::string cleanMessage(const std::string& message);

}  // namespace selfadapt
