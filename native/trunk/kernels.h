// Which kernels there are here, by name.
#pragma once

#include <c10/util/string_view.h>

#include <string>

#include "../kernels/tiles.h"

namespace selfadapt::trunk {

// "amx", "avx512", or "" where this machine has neither.
std::string bestKernels();

// Throws `c10::Error` for other names, and for kernels that this machine cannot run.
kernels::Unit unitNamed(c10::string_view name);

}  // namespace selfadapt::trunk
