// The weight gradient's sums: how they lie, what is added to them, and how they become weights.
#pragma once

#include <cstring>

#include "panels.h"
#include "weight-gradient.h"
#include "weight-taps.h"

namespace selfadapt::kernels {

constexpr int kSums = 256;
// This many input tiles and as many gradient tiles fit into the L1 cache.
constexpr int kNearPixels = 16;
// Of two input tiles and two output tiles, for nine taps.
constexpr int kMostPair = 4 * 9 * kSums;

struct Range {
  int first, last;
};

// The job, shared by all threads. Sums are tiles of 16 x 16 floats, [input tiles / 2][output tiles / 2][2 x 2][taps].
class WeightWork {
 public:
  explicit WeightWork(const WeightGradient& job)
      : job_(job),
        outputTiles_(2 * job.outputShape.channelBlocks()),
        taps_(job.window.taps()),
        stride_(job.window.stride) {}

  int inputTiles() const { return 2 * job_.inputShape.channelBlocks(); }
  int outputTiles() const { return outputTiles_; }
  int outputRows() const { return job_.outputShape.imageBlocks() * job_.outputShape.height; }
  size_t sumsCount() const { return static_cast<size_t>(inputTiles()) * outputTiles_ * taps_ * kSums; }

  // A 1 x 1 kernel reads the pixels under the output's grid only.
  int inputStep() const { return taps_ == 1 ? stride_ : 1; }
  int inputGridHeight() const { return taps_ == 1 ? job_.outputShape.height : job_.inputShape.height; }
  int inputGridWidth() const { return taps_ == 1 ? job_.outputShape.width : job_.inputShape.width; }
  int inputRows() const { return job_.inputShape.imageBlocks() * inputGridHeight(); }

  // The input rows that some output rows meet.
  Range inputRowsOf(Range rows) const {
    if (taps_ == 1) return rows;
    const int outputs = job_.outputShape.height;
    const int inputs = job_.inputShape.height;
    const int lastRow = rows.last - 1;
    const int first = rows.first / outputs * inputs + larger(0, rows.first % outputs * stride_ - 1);
    const int last = lastRow / outputs * inputs + smaller(inputs - 1, lastRow % outputs * stride_ + 1);
    return {first, last + 1};
  }

  void packInputRow(const Panel& panel, int row) const {
    packRow(job_.input, job_.inputShape, inputStep(), packTransposed, panel, row, inputGridHeight());
  }
  void packGradientRow(const Panel& panel, int row) const {
    packRow(job_.gradient, job_.outputShape, 1, packPairs, panel, row, job_.outputShape.height);
  }

  // Where the sums of two input tiles and two output tiles lie, and how many there are.
  float* pairOf(float* sums, int i, int j) const {
    return sums + (static_cast<size_t>(i / 2) * (outputTiles_ / 2) + j / 2) * pairSize();
  }
  size_t pairSize() const { return size_t{4} * taps_ * kSums; }

  // Adds the products of some output rows to such a pair of pairs.
  void accumulate(Tiles& tiles, const Panel& input, const Panel& gradient, Range rows, int i, int j, float* sums) const {
    if (taps_ == 1) return addPixels(tiles, input, gradient, rows, i, j, sums);
    for (int a = i; a < i + 2; a++) {
      for (int b = j; b < j + 2; b++) addRows(tiles, input, gradient, rows, a, b, sumsOf(sums, a, b));
    }
  }

  // A pair of pairs' sums, from `copies` sets that lie `distance` apart, as rows of weights. Rows and columns of sums are in the
  // order of the panels' channels (see packTransposed), where row r of the first tile (half 0) or second (half 1) is channel
  // 8 (r / 4) + 4 half + r % 4:
  //
  //                  outputs 0-3 8-11 ...                     inputs 0-3 8-11 ... (part 0)   4-7 12-15 ... (part 1)
  //     inputs 0-3  [                    ]                 output 0 [                     ] [                       ]
  //     inputs 8-11 [    sums of part    ]   transposed:   output 1 [       rows[0]       ] [        rows[1]        ]
  //     ...         [      0 or 1        ]                 ...      [                     ] [                       ]
  void writeOut(const float* sums, int copies, size_t distance, int inputBlock, int outputBlock) const {
    const int outputs = job_.outputShape.channels - outputBlock * kLanes;
    const int inputs = job_.inputShape.channels - inputBlock * kLanes;
    for (int tap = 0; tap < taps_; tap++) {
      for (int half = 0; half < 2; half++) {
        __m512i rows[2][16];
        for (int part = 0; part < 2; part++) {
          addCopies(sumsOf(sums, part, half) + tap * kSums, copies, distance, rows[part]);
          transpose(rows[part]);
        }
        for (int r = 0; r < 16; r++) {
          const int output = r / 4 * 8 + half * 4 + r % 4;
          if (output < outputs) writeRow(rows[0][r], rows[1][r], outputBlock * kLanes + output, tap, inputBlock, inputs);
        }
      }
    }
  }

 private:
  // Those of one tile of inputs and one of outputs, among a pair's.
  template <class Pointer>
  Pointer sumsOf(Pointer pair, int inputTile, int outputTile) const {
    return pair + (inputTile % 2 * 2 + outputTile % 2) * taps_ * kSums;
  }

  // Where an image's pixels fit into the nearest cache, they meet all taps before the next image comes.
  void addRows(Tiles& tiles, const Panel& input, const Panel& gradient, Range rows, int i, int j, float* sums) const {
    const int height = job_.inputShape.pixels() <= kNearPixels ? job_.outputShape.height : rows.last - rows.first;
    for (int row = rows.first; row < rows.last; row += height) {
      addTaps(tiles, input, gradient, {row, smaller(row + height, rows.last)}, i, j, sums);
    }
  }

  void addTaps(Tiles& tiles, const Panel& input, const Panel& gradient, Range rows, int i, int j, float* sums) const {
    for (int tapRow = 0; tapRow < 3; tapRow++, sums += 3 * kSums) {
      tiles.loadSums<0>(sums);
      tiles.loadSums<1>(sums + kSums);
      tiles.loadSums<2>(sums + 2 * kSums);
      for (int row = rows.first; row < rows.last; row++) addRow(tiles, input, gradient, row, i, j, tapRow);
      tiles.store<0>(sums);
      tiles.store<1>(sums + kSums);
      tiles.store<2>(sums + 2 * kSums);
    }
  }

  void addRow(Tiles& tiles, const Panel& input, const Panel& gradient, int row, int i, int j, int tapRow) const {
    const Maps& from = job_.inputShape;
    const Maps& to = job_.outputShape;
    const int y = row % to.height * stride_ + tapRow - 1;
    if (y < 0 || y >= from.height) return;
    const Bf16* pixels = input.at(i, row / to.height * from.height + y);
    const Bf16* gradients = gradient.at(j, row);
    const int group = stride_ == 1 ? 4 : 2;
    for (int x = 0; x < to.width; x += group) addGroup(tiles, pixels + x * stride_ * kTile, gradients + x * kTile, x);
  }

  void addGroup(Tiles& tiles, const Bf16* input, const Bf16* gradient, int x) const {
    const int left = job_.outputShape.width - x;
    const int width = job_.inputShape.width;
    if (stride_ == 2) {
      if (left >= 2) return strideGroup<2>(tiles, input, gradient, x > 0, 2 * x + 3 < width);
      return strideGroup<1>(tiles, input, gradient, x > 0, 2 * x + 1 < width);
    }
    if (left >= 4) return slideGroup<4>(tiles, input, gradient, x > 0, x + 4 < width);
    if (left == 3) return slideGroup<3>(tiles, input, gradient, x > 0, false);
    if (left == 2) return slideGroup<2>(tiles, input, gradient, x > 0, false);
    return slideGroup<1>(tiles, input, gradient, x > 0, false);
  }

  // 1 x 1: all four tiles of sums at a time.
  void addPixels(Tiles& tiles, const Panel& input, const Panel& gradient, Range rows, int i, int j, float* sums) const {
    float* const at[4] = {sums, sums + kSums, sums + 2 * kSums, sums + 3 * kSums};
    tiles.loadSums<0>(at[0]);
    tiles.loadSums<1>(at[1]);
    tiles.loadSums<2>(at[2]);
    tiles.loadSums<3>(at[3]);
    const Bf16* a[2] = {input.at(i, rows.first), input.at(i + 1, rows.first)};
    const Bf16* b[2] = {gradient.at(j, rows.first), gradient.at(j + 1, rows.first)};
    const int pixels = (rows.last - rows.first) * gradient.width;
    for (int p = 0; p < pixels; p++) {
      const size_t tile = static_cast<size_t>(p) * kTile;
      tiles.load<4>(a[0] + tile);
      tiles.load<6>(b[0] + tile);
      tiles.multiply<0, 4, 6>();
      tiles.load<7>(b[1] + tile);
      tiles.multiply<1, 4, 7>();
      tiles.load<5>(a[1] + tile);
      tiles.multiply<2, 5, 6>();
      tiles.multiply<3, 5, 7>();
    }
    tiles.store<0>(at[0]);
    tiles.store<1>(at[1]);
    tiles.store<2>(at[2]);
    tiles.store<3>(at[3]);
  }

  static void addCopies(const float* sums, int copies, size_t distance, __m512i* rows) {
    for (int r = 0; r < 16; r++) {
      __m512 row = _mm512_load_ps(sums + 16 * r);
      for (int copy = 1; copy < copies; copy++) row = _mm512_add_ps(row, _mm512_load_ps(sums + copy * distance + 16 * r));
      rows[r] = _mm512_castps_si512(row);
    }
  }

  // Sixteen inputs of the block's first tile and sixteen of its second, put back in order:
  //
  //     first   0-3  8-11 16-19 24-27        values[0]   0-3   4-7   8-11 12-15
  //     second  4-7 12-15 20-23 28-31   ->   values[1]  16-19 20-23 24-27 28-31
  void writeRow(__m512i first, __m512i second, int output, int tap, int inputBlock, int inputs) const {
    const __m512i low = _mm512_setr_epi32(0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
    const __m512i high = _mm512_setr_epi32(8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
    float* to = job_.result + (static_cast<size_t>(output) * taps_ + tap) * job_.inputShape.channels + inputBlock * kLanes;
    const __m512i values[2] = {_mm512_permutex2var_epi32(first, low, second), _mm512_permutex2var_epi32(first, high, second)};
    const bool whole = inputs >= kLanes && reinterpret_cast<uintptr_t>(to) % 64 == 0;
    for (int half = 0; half < 2; half++) {
      if (whole) _mm512_stream_si512(reinterpret_cast<__m512i*>(to + 16 * half), values[half]);
      else _mm512_mask_storeu_epi32(to + 16 * half, firstOf(inputs - 16 * half), values[half]);
    }
  }

  const WeightGradient& job_;
  int outputTiles_;
  int taps_;
  int stride_;
};

}  // namespace selfadapt::kernels
