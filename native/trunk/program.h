// A convolutional trunk as a list of steps, and the fused operations that it is computed by.
#pragma once

#include <cstdint>
#include <vector>

#include "../kernels/layout.h"

namespace selfadapt::trunk {

using kernels::Window;

// What a row of the program says: eight integers, the operation's number first. Value 0 is the images, row i makes value i + 1.
enum class StepKind { Convolve = 1, Norm, Relu, Add, MaxPool, Dropout, Mean, Maps };
constexpr int kRowLength = 8;

// Where a batch norm's numbers are: weight and bias, running mean and variance, eps and momentum, each pair side by side.
struct Norm {
  int parameter;
  int buffer;
  int number;
};

constexpr int kNone = -1;

// One summand of a blend: a stored value, through a batch norm where there is one.
struct Summand {
  int value = kNone;
  int norm = kNone;
};

enum class OperationKind { Images, Convolve, Blend, MaxPool, Mean, Maps };

// One fused operation; it computes one stored value.
struct Operation {
  OperationKind kind;
  int input = kNone;
  int output = kNone;
  Window window = {};

  // Convolve: conv [+ bias] [relu] [norm] [+ add] [lastRelu]; a norm is folded in for inference only.
  int weight = kNone;
  // Reads the images as columns of windows; where anything but one convolution reads them, they are stored as maps.
  bool columns = false;
  int bias = kNone;
  bool relu = false;
  int norm = kNone;
  int add = kNone;
  bool lastRelu = false;
  // Whether batch norms read the output, which then needs sums by channel.
  bool normed = false;

  // Blend: [dropout of] [relu of] first [+ second].
  Summand first = {};
  Summand second = {};
  // Where the probability is.
  int dropout = kNone;
};

struct Plan {
  std::vector<Operation> operations;
  std::vector<Norm> norms;
  int values = 0;
  // How many operations read each stored value.
  std::vector<int> readers;
};

// The operations of a program. `fold`: batch norms by running statistics become part of the convolutions, for inference.
// `dropping`: whether dropout drops. Throws `c10::Error` for rows that make no sense.
Plan planOf(const std::vector<int64_t>& rows, size_t parameters, size_t buffers, size_t numbers, bool fold, bool dropping);

}  // namespace selfadapt::trunk
