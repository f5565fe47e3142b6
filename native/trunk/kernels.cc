#include "kernels.h"

#include <c10/util/Exception.h>

#include "../kernels/cpu.h"
#include "../winograd/unit.h"

namespace selfadapt::trunk {

std::vector<std::string> availableKernels() {
  std::vector<std::string> names;
  if (kernels::hasMatrixUnit()) names.push_back("amx");
  if (kernels::hasVectorUnit()) names.push_back("avx512");
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
