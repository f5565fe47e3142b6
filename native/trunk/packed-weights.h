// Convolution weights in the kernels' form, remembered for as long as the parameter lives and does not change.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/ScalarType.h>

#include "../kernels/weights.h"

namespace selfadapt::trunk {

// How a unit's kernels want weights.
struct Packing {
  at::ScalarType type;
  // Elements of either form.
  size_t (*size)(const kernels::WeightShape& shape);
  // Packs one block of 32 outputs; `backward` is null where no gradient is passed on.
  void (*pack)(const float* weights, const kernels::WeightShape& shape, int outputBlock, void* forward, void* backward);
  // Whether training keeps both forms from step to step. Winograd's are eight times as large as the weights: each is packed just
  // before its use, and `pack` takes null for `forward` as well.
  bool keptInTraining;
};

enum class Direction { Forward, Backward };

struct PackedTensors {
  at::Tensor forward;
  // Undefined where no gradient is passed on.
  at::Tensor backward;
};

// The shape of a convolution's weights, (outputs, inputs, kernel, kernel), for a window. The first convolution reads columns:
// to the kernels it is 1 x 1 with as many inputs as a window has values.
kernels::WeightShape weightShapeOf(const at::Tensor& weight, const kernels::Window& window, bool columns);

// The packed form of a parameter; packed now where it changed since the last time.
PackedTensors packedWeights(const at::Tensor& weight, const kernels::WeightShape& shape, const Packing& packing, bool backward,
                            int threads);

// One form, packed now for a use that follows at once, and not remembered.
at::Tensor packedForUse(const at::Tensor& weight, const kernels::WeightShape& shape, const Packing& packing, Direction direction,
                        int threads);

// Packs one block of 32 outputs into the forms that are defined.
void packBlock(const float* weights, const kernels::WeightShape& shape, const Packing& packing, int outputBlock,
               const PackedTensors& packed);

// For who changes a parameter and packs it again on the way. The place to pack to, where the parameter was ever packed, lies
// as the kernels read it and is kept packed in training (else false) ...
struct Repacking {
  PackedTensors packed;
  kernels::WeightShape shape;
  const Packing* packing;
};
bool takeForRepacking(const at::Tensor& weight, Repacking& repacking);
// ... and the word that it is done, when the parameter's version has been raised.
void repacked(const at::Tensor& weight, const Repacking& repacking);

}  // namespace selfadapt::trunk
