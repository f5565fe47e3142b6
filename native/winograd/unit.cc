#include "unit.h"

#include "descent.h"
#include "gradient-taps.h"
#include "gradient-tiles.h"
#include "pixels.h"
#include "pooling.h"
#include "rate.h"
#include "weights.h"
#include "writers.h"

namespace selfadapt::winograd::SELFADAPT_UNIT {

namespace {

// Calls body with the algorithm that computes a convolution.
template <class Body>
auto withAlgorithm(const Convolution& job, const Body& body) {
  switch (kindOf(job.source.window)) {
    case Kind::Stride1: return body(TileConvolution<Stride1>(job));
    case Kind::Stride2:
      if (job.source.transposed) return body(TileConvolution<Stride2Back>(job));
      return body(TileConvolution<Stride2>(job));
    default: return body(TapConvolution(job));
  }
}

template <class Writer, class Epilogue>
void convolveWith(const Convolution& job, const Epilogue& epilogue) {
  const Writer writer = {epilogue, job.output, nullptr, job.shape.paddedChannels()};
  withAlgorithm(job, [&](const auto& algorithm) { algorithm.run(writer); });
}

void convolveForStatistics(const Convolution& job, const StatisticsEpilogue& epilogue) {
  const bool plain = !epilogue.bias && !epilogue.relu && !epilogue.add;
  if (plain) return convolveWith<StatisticsWriter<true>>(job, epilogue);
  convolveWith<StatisticsWriter<false>>(job, epilogue);
}

void convolveForInference(const Convolution& job, const InferenceEpilogue& epilogue) {
  convolveWith<InferenceWriter>(job, epilogue);
}

void convolveGradient(const Convolution& job, const GradientEpilogue& epilogue) {
  if (!epilogue.first) return convolveWith<GradientWriter<Mask::None>>(job, epilogue);
  if (epilogue.activation) return convolveWith<GradientWriter<Mask::Activation>>(job, epilogue);
  convolveWith<GradientWriter<Mask::Recomputed>>(job, epilogue);
}

template <class Body>
auto withGradient(const WeightGradient& job, const Body& body) {
  switch (kindOf(job.window)) {
    case Kind::Stride1: return body(TileWeightGradient<Stride1>(job));
    case Kind::Stride2: return body(TileWeightGradient<Stride2>(job));
    default: return body(TapWeightGradient(job));
  }
}

int convolutionTasks(const Convolution& job) {
  return withAlgorithm(job, [](const auto& algorithm) { return algorithm.tasks(); });
}
size_t convolutionScratch(const Convolution& job) {
  return job.threads * withAlgorithm(job, [](const auto& algorithm) { return algorithm.scratch(); });
}
size_t weightGradientScratch(const WeightGradient& job) {
  return withGradient(job, [](const auto& algorithm) { return algorithm.scratch(); });
}
void weightGradient(const WeightGradient& job) {
  withGradient(job, [](const auto& algorithm) { algorithm.run(); });
}

}  // namespace

const Unit& unit() {
  static constexpr Unit kUnit = {
      kInstructions,
      convolutionTasks,
      convolutionScratch,
      convolveForStatistics,
      convolveForInference,
      convolveGradient,
      weightGradientScratch,
      weightGradient,
      packedFloats,
      packWeights,
      passTasks,
      blend,
      blendGradient,
      normGradient,
      addMaps,
      maxPool,
      maxPoolGradient,
      meanOfPixels,
      meanGradient,
      descend,
      productRate,
  };
  return kUnit;
}

}  // namespace selfadapt::winograd::SELFADAPT_UNIT
