// The steps of a trunk's program by number: the one table of them. src/torch/generated/step-rows.ts is generated from it by
// scripts/generate-steps.mjs, which reads a line a step: its number, and what follows the number in its row.
#pragma once

namespace selfadapt::trunk {

// A row is so many integers, filled up with zeros.
constexpr int kRowLength = 8;

// `x` and `y` are values: 0 is the images, row i makes value i + 1. The others are indices in the lists of parameters, buffers and
// numbers (of the first of two side by side: weight and bias, running mean and variance, eps and momentum), or numbers themselves.
// A bias may be -1, for none. The last two end a program.
enum class StepKind {
  Convolve = 1,  // x weight bias kernel stride padding
  Norm = 2,      // x weightAndBias meanAndVariance epsAndMomentum
  Relu = 3,      // x
  Add = 4,       // x y
  MaxPool = 5,   // x kernel stride padding
  Dropout = 6,   // x probability
  Mean = 7,      // x
  Maps = 8,      // x
};
constexpr StepKind kLastStep = StepKind::Maps;

}  // namespace selfadapt::trunk
