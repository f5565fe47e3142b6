#include "unit.h"

#if defined(__x86_64__)
#include <cstdlib>
#include <cstring>

#include "../kernels/cpu.h"
#endif

namespace selfadapt::winograd {

#if defined(__aarch64__)

// Every such CPU has NEON.
const Unit* bestUnit() { return &neon::unit(); }

#else

const Unit* bestUnit() {
  const char* capability = std::getenv("ATEN_CPU_CAPABILITY");
  const bool restricted = capability != nullptr && std::strcmp(capability, "avx2") == 0;
  if (kernels::hasAvx512() && !restricted) return &avx512::unit();
  return kernels::hasAvx2() ? &avx2::unit() : nullptr;
}

#endif

}  // namespace selfadapt::winograd
