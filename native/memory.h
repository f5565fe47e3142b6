// Whether the machine has the memory.
#pragma once

#include <cstddef>

namespace selfadapt {

// Throws `c10::Error` where the machine has not got that much left.
void refuseBeyondMemory(size_t bytes);

}  // namespace selfadapt
