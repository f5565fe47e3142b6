// How each unit's weights are packed.
#include "winograd-unit.h"

#if defined(SELFADAPT_AMX)
#include "packed-unit.h"
#endif

namespace selfadapt::trunk {

using kernels::WeightShape;

#if defined(SELFADAPT_AMX)
const Packing& PackedUnit::packing() {
  static const Packing packing = {
      kType, [](const WeightShape& shape) { return shape.packedSize(); },
      [](const float* weights, const WeightShape& shape, int block, void* forward, void* backward) {
        kernels::packWeights(weights, shape, block, {static_cast<Element*>(forward), static_cast<Element*>(backward)});
      },
      true};
  return packing;
}
#endif

const Packing& WinogradUnit::packing() {
  static const Packing packing = {
      kType, [](const WeightShape& shape) { return winograd::bestUnit()->packedSize(shape); },
      [](const float* weights, const WeightShape& shape, int block, void* forward, void* backward) {
        winograd::bestUnit()->packWeights(weights, shape, block, {static_cast<float*>(forward), static_cast<float*>(backward)});
      },
      false};
  return packing;
}

}  // namespace selfadapt::trunk
