#include "kernels.h"

#include <c10/util/Exception.h>

#include "../winograd/unit.h"

#if defined(SELFADAPT_AMX)
#include "../kernels/cpu.h"
#endif

namespace selfadapt::trunk {

std::vector<std::string> availableKernels() {
  std::vector<std::string> names;
#if defined(SELFADAPT_AMX)
  if (kernels::hasAmx()) names.push_back("amx");
#endif
  if (winograd::bestUnit() != nullptr) names.push_back("winograd");
  return names;
}

void checkKernels(c10::string_view name) {
  std::string expected;
  for (const std::string& available : availableKernels()) {
    if (name == available) return;
    expected += (expected.empty() ? "" : ", ") + available;
  }
  TORCH_CHECK(false, "there are no kernels called \"", name, "\" for this CPU; expected ", expected.empty() ? "none" : expected);
}

}  // namespace selfadapt::trunk
