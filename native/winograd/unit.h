// The fp32 kernels as a table, one for each vector width that they are compiled for.
#pragma once

#include "jobs.h"

namespace selfadapt::winograd {

struct Unit {
  const char* instructions;

  // Rows of sums, and scratch, of a convolution.
  int (*convolutionTasks)(const Convolution&);
  size_t (*convolutionScratch)(const Convolution&);
  void (*convolveForStatistics)(const Convolution&, const StatisticsEpilogue&);
  void (*convolveForInference)(const Convolution&, const InferenceEpilogue&);
  void (*convolveGradient)(const Convolution&, const GradientEpilogue&);

  size_t (*weightGradientScratch)(const WeightGradient&);
  void (*weightGradient)(const WeightGradient&);

  size_t (*packedSize)(const WeightShape&);
  // Packs one block of 32 outputs of fp32 [outputs][taps][inputs]; the blocks are independent of each other.
  void (*packWeights)(const float* weights, const WeightShape&, int outputBlock, PackedWeights);

  int (*passTasks)(const Maps&);
  void (*blend)(const Blend&);
  void (*blendGradient)(const BlendGradient&);
  void (*normGradient)(const NormGradient&);
  void (*addMaps)(const Maps&, float* to, const float* from, int threads);

  void (*maxPool)(const MaxPool&);
  void (*maxPoolGradient)(const MaxPoolGradient&);
  void (*meanOfPixels)(const Maps&, const float* maps, float* features, int threads);
  void (*meanGradient)(const Maps&, const float* features, float* gradient, int threads);

  // `sums` is null where there is no momentum. Returns the sum of the gradients' squares.
  double (*descend)(float* parameters, const float* gradients, float* sums, size_t count, const DescentOptions&);

  // Multiplications and additions a second that vectors held in registers reach.
  double (*productRate)(int threads);
};

namespace avx2 {
const Unit& unit();
}
namespace avx512 {
const Unit& unit();
}
namespace neon {
const Unit& unit();
}

// The widest of those that this CPU can run, or null. ATEN_CPU_CAPABILITY=avx2 restricts it as it restricts libtorch.
const Unit* bestUnit();

}  // namespace selfadapt::winograd
