// Which kernels for trunks there are here, by name.
#pragma once

#include <c10/util/string_view.h>

#include <string>
#include <vector>

namespace selfadapt::trunk {

// Of "amx" (bf16) and "winograd" (fp32; AVX2, AVX-512 or NEON), those that this CPU can run.
std::vector<std::string> availableKernels();

// Throws `c10::Error` for names that are not available here.
void checkKernels(c10::string_view name);

inline bool isWinograd(c10::string_view name) { return name == "winograd"; }

}  // namespace selfadapt::trunk
