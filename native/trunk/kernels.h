// Which kernels for trunks there are here, by name.
#pragma once

#include <c10/util/string_view.h>

#include <string>
#include <vector>

#include "../kernels/tiles.h"

namespace selfadapt::trunk {

// Of "amx" and "avx512" (bf16) and "winograd" (fp32, AVX2 or AVX-512), those that this CPU can run.
std::vector<std::string> availableKernels();

// Throws `c10::Error` for names that are not available here.
void checkKernels(c10::string_view name);

inline bool isWinograd(c10::string_view name) { return name == "winograd"; }
// Of the bf16 kernels.
inline kernels::Unit unitNamed(c10::string_view name) {
  return name == "amx" ? kernels::Unit::Amx : kernels::Unit::Vector;
}

}  // namespace selfadapt::trunk
