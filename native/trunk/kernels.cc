#include "kernels.h"

#include <c10/util/Exception.h>

#include "../kernels/cpu.h"

namespace selfadapt::trunk {

std::string bestKernels() {
  if (kernels::hasMatrixUnit()) return "amx";
  return kernels::hasVectorUnit() ? "avx512" : "";
}

kernels::Unit unitNamed(c10::string_view name) {
  if (name == "amx" && kernels::hasMatrixUnit()) return kernels::Unit::Amx;
  if (name == "avx512" && kernels::hasVectorUnit()) return kernels::Unit::Vector;
  TORCH_CHECK(false, "there are no packed kernels called \"", name, "\" for this CPU; expected ",
              kernels::hasMatrixUnit() ? "amx or avx512" : kernels::hasVectorUnit() ? "avx512" : "none of them");
}

}  // namespace selfadapt::trunk
