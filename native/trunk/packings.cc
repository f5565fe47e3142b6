// How each unit's weights are packed.
#include "packed-unit.h"
#include "winograd-unit.h"

namespace selfadapt::trunk {

using kernels::Bf16;
using kernels::WeightShape;

const Packing& PackedUnit::packing() {
  static const Packing packing = {
      kType, [](const WeightShape& shape) { return shape.packedSize(); },
      [](const float* weights, const WeightShape& shape, int block, void* forward, void* backward) {
        kernels::packWeights(weights, shape, block, {static_cast<Bf16*>(forward), static_cast<Bf16*>(backward)});
      }};
  return packing;
}

const Packing& WinogradUnit::packing() {
  static const Packing packing = {
      kType, [](const WeightShape& shape) { return winograd::bestUnit()->packedSize(shape); },
      [](const float* weights, const WeightShape& shape, int block, void* forward, void* backward) {
        winograd::bestUnit()->packWeights(weights, shape, block, {static_cast<float*>(forward), static_cast<float*>(backward)});
      }};
  return packing;
}

}  // namespace selfadapt::trunk
