// Weights from fp32 [outputs][taps][inputs] (channels_last OIHW) to the products' right factors, for both directions: transformed
// to 36 groups for 3 x 3 of stride 1 and 2, tap by tap for all others.
#pragma once

#include "convolve-tiles.h"
#include "taps.h"

namespace selfadapt::winograd::SELFADAPT_UNIT {

enum class Kind { Stride1, Stride2, Taps };

static SELFADAPT_INLINE Kind kindOf(const Window& window) {
  if (!byTiles(window)) return Kind::Taps;
  return window.stride == 1 ? Kind::Stride1 : Kind::Stride2;
}

static size_t packedFloats(const WeightShape& shape) {
  if (kindOf(shape.window) != Kind::Taps) return kGroups * packedGroup(shape.inputs, shape.outputs);
  return static_cast<size_t>(shape.window.taps()) * paddedTo16(shape.inputs) * paddedTo16(shape.outputs);
}

// Where a row's vector of columns lies in panels.
static SELFADAPT_INLINE size_t packedAt(int row, int column, int rows, int columns) {
  const int panel = column / kPanel * kPanel;
  return panelAt(panel, rows) + static_cast<size_t>(row) * panelWidth(panel, columns) + (column - panel);
}

// Weights of kWidth outputs by kWidth inputs, a vector of inputs an output, in both orders.
struct WeightBlock {
  int output, input, outputs, inputs;
  // taps[tap][output], each a vector of inputs.
  Vector taps[9][kWidth];

  void read(const float* weights, const WeightShape& shape) {
    const int count = shape.window.taps();
    for (int t = 0; t < count; t++) {
      for (int o = 0; o < kWidth; o++) {
        const bool exists = output + o < shape.outputs && input < shape.inputs;
        const float* from = weights + (static_cast<size_t>(output + o) * count + t) * shape.inputs + input;
        taps[t][o] = exists ? loadFirst(from, shape.inputs - input) : Vector{};
      }
    }
  }
  void turn(int count) {
    for (int t = 0; t < count; t++) transpose(taps[t]);
  }
};

// kWidth rows of one vector of columns each, transformed to 36 groups. `turned`: taps in reverse, for the way back.
template <class Weights>
static void packRows(const WeightBlock& block, bool turned, int row, int column, int rows, int columns, float* to) {
  const size_t group = packedGroup(rows, columns);
  for (int r = 0; r < kWidth; r++) {
    float* at = to + packedAt(row + r, column, rows, columns);
    transform<Weights>([&](int y, int x) { return block.taps[turned ? 8 - (y * 3 + x) : y * 3 + x][r]; },
                       [&](int y, int x, Vector v) { store(at + (y * 6 + x) * group, v); });
  }
}

static void packRowsOf(Kind kind, const WeightBlock& block, bool back, int taps, int row, int column, int rows, int columns, float* to) {
  if (kind == Kind::Stride1) return packRows<Weights43>(block, back, row, column, rows, columns, to);
  if (kind == Kind::Stride2) return packRows<WeightsStrided>(block, back, row, column, rows, columns, to);
  for (int t = 0; t < taps; t++) {
    float* tap = to + static_cast<size_t>(t) * rows * columns;
    for (int r = 0; r < kWidth; r++) store(tap + packedAt(row + r, column, rows, columns), block.taps[t][r]);
  }
}

static void packWeights(const float* weights, const WeightShape& shape, int outputBlock, PackedWeights packed) {
  const Kind kind = kindOf(shape.window);
  const int outputs = paddedTo16(shape.outputs), inputs = paddedTo16(shape.inputs), taps = shape.window.taps();
  const int last = smaller(outputs, (outputBlock + 1) * kernels::kLanes);
  WeightBlock block{};
  for (block.output = outputBlock * kernels::kLanes; block.output < last; block.output += kWidth) {
    for (block.input = 0; block.input < inputs; block.input += kWidth) {
      block.read(weights, shape);
      if (packed.backward) {
        packRowsOf(kind, block, true, taps, block.output, block.input, outputs, inputs, packed.backward);
      }
      if (!packed.forward) continue;
      block.turn(taps);
      packRowsOf(kind, block, false, taps, block.input, block.output, inputs, outputs, packed.forward);
    }
  }
}

}  // namespace selfadapt::winograd::SELFADAPT_UNIT
