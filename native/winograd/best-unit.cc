#include <cstdlib>
#include <cstring>

#include "../kernels/cpu.h"
#include "unit.h"

namespace selfadapt::winograd {

const Unit* bestUnit() {
  const char* capability = std::getenv("ATEN_CPU_CAPABILITY");
  const bool restricted = capability != nullptr && std::strcmp(capability, "avx2") == 0;
  if (kernels::hasAvx512() && !restricted) return &avx512::unit();
  return kernels::hasAvx2() ? &avx2::unit() : nullptr;
}

}  // namespace selfadapt::winograd
