// A convolutional trunk as a list of steps, and the fused operations that it is computed by.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "../kernels/layout.h"
#include "steps.h"

namespace selfadapt::trunk {

using kernels::Window;

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
  // Where the input is max(norm(maps), 0) and nothing else reads it: those maps and the norm, computed as they are read.
  Summand unnormed = {};

  // Blend: [dropout of] [relu of] first [+ second].
  Summand first = {};
  Summand second = {};
  // Where the probability is.
  int dropout = kNone;
  // The convolution that reads the output computes it: it is not stored.
  bool byReader = false;

  // The stored values that the forward pass reads here; kNone where there are fewer.
  std::array<int, 4> reads() const {
    if (byReader) return {kNone, kNone, kNone, kNone};
    return {unnormed.value == kNone ? input : unnormed.value, add, first.value, second.value};
  }
};

// Where a gradient is written: into new memory, over the sum so far, or over the value's own maps. The last holds for the last
// pass back only, which may reuse what it has read; the others take new memory.
enum class Place { New, Sum, Maps };

// How a gradient is added to a value's: it is the first and becomes the sum itself; it is added to the sum; or to a copy of the
// sum, which something else still reads.
enum class Joining { First, Add, AddToCopy };

// A blend's gradient on its way to one summand.
struct SummandStep {
  // Through a batch norm.
  Place place = Place::New;
  // The convolution whose own ReLU and bias are seen to on the way, because nothing else adds to its gradient.
  int convolution = kNone;
  // Without a batch norm.
  Joining joining = Joining::First;
};

// What the backward step of an operation does with memory.
struct BackwardStep {
  // Where convolutions gather the output's gradient.
  Place gathered = Place::New;
  // Whether the gradient, which is about to be masked, is read by others and copied first.
  bool copied = false;
  // Blend: the epilogue of the gathering convolutions takes the mask and the sums ...
  bool fused = false;
  // ... and the batch norm as well, which is a factor by channel with nothing to add.
  bool scaled = false;
  SummandStep first, second;
  // Convolve: its own ReLU and bias have been seen to.
  bool finished = false;
  // Mean, Maps, MaxPool: to the input. Convolve: to what it added.
  Joining joining = Joining::First;
  // The values whose maps nothing reads after this step.
  std::vector<int> released;
};

struct Plan {
  std::vector<Operation> operations;
  std::vector<Norm> norms;
  int values = 0;
  // How many operations read each stored value in the forward pass.
  std::vector<int> readers;
  // One an operation, where a backward pass may follow.
  std::vector<BackwardStep> backward;
};

// Whether a unit's convolutions of a window can read maps through a batch norm and its ReLU.
using ReadsNorms = bool (*)(const Window&);

// The operations of a program. `fold`: batch norms by running statistics become part of the convolutions, for inference.
// `dropping`: whether dropout drops. Throws `c10::Error` for rows that make no sense.
Plan planOf(const std::vector<int64_t>& rows, size_t parameters, size_t buffers, size_t numbers, bool fold, bool dropping,
            ReadsNorms readsNorms);

}  // namespace selfadapt::trunk
