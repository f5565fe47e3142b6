// Checks the available memory.
#pragma once

#include <cstddef>

namespace selfadapt {

// Throws `c10::Error` when the machine has less memory available.
void refuseBeyondMemory(size_t bytes);

}  // namespace selfadapt
