// The gradient of a 3 x 3 convolution's weights by tiles: 36 sums [output][input] over all tiles, transformed back at the end.
// Where sums are small, a fixed number of runs of tiles keep sums of their own; where they are large, tasks own groups of them.
#pragma once

#include "convolve-tiles.h"

namespace selfadapt::winograd::SELFADAPT_UNIT {

template <class Shape>
class TileWeightGradient {
 public:
  explicit TileWeightGradient(const WeightGradient& job)
      : job_(job),
        tiles_(job.outputShape),
        inputs_(job.inputShape.paddedChannels()),
        outputs_(job.outputShape.paddedChannels()),
        block_(smaller(tiles_.count, tilesInGradientBlock(larger(inputs_, outputs_)))),
        blocks_(partsOf(tiles_.count, block_)),
        runs_(sumsFloats() <= kSmallSums ? smaller(blocks_, kMostRuns) : 1) {}

  size_t scratch() const { return runs_ * sumsFloats() + (shared() ? 1 : job_.threads) * blockFloats(); }

  void run() const {
    if (shared()) runShared();
    else runApart();
    const int rows = partsOf(job_.outputShape.channels, kShares);
    parallelFor(partsOf(job_.outputShape.channels, rows), job_.threads, [&](int task) {
      for (int output = task * rows; output < smaller(job_.outputShape.channels, (task + 1) * rows); output++) finish(output);
    });
  }

 private:
  static constexpr size_t kSmallSums = size_t{1} << 20;
  static constexpr int kMostRuns = 16;

  static int tilesInGradientBlock(int channels) {
    if (Shape::kSlots == 81) return channels <= 128 ? 24 : 48;
    return channels <= 64 ? 48 : channels <= 128 ? 128 : 512;
  }
  bool shared() const { return runs_ == 1; }
  size_t sumsFloats() const { return Rows::floats(kGroups, outputs_, inputs_); }
  size_t gradientFloats() const { return Rows::floats(Shape::kSlots, block_, outputs_); }
  size_t blockFloats() const {
    return (gradientFloats() + Panels::floats(Shape::kSlots, block_, inputs_) + 15) / 16 * 16;
  }
  Rows sumsOf(int run) const { return {job_.scratch + run * sumsFloats(), outputs_, inputs_}; }
  float* blockAt(int worker) const { return job_.scratch + runs_ * sumsFloats() + worker * blockFloats(); }

  void runApart() const {
    parallelWorkers(runs_, job_.threads, [&](int run, int worker) {
      const int begin = static_cast<int>(static_cast<long>(blocks_) * run / runs_);
      const int end = static_cast<int>(static_cast<long>(blocks_) * (run + 1) / runs_);
      for (int block = begin; block < end; block++) {
        const int first = block * block_, count = smaller(block_, tiles_.count - first);
        const Rows gradient(blockAt(worker), count, outputs_);
        const Panels input(blockAt(worker) + gradientFloats(), count, inputs_);
        read(gradient, input, first, 0, count);
        for (int group = 0; group < kGroups; group++) product(gradient, input, sumsOf(run), group, 0, inputs_, block > begin);
      }
    });
  }

  void runShared() const {
    const int columns = larger(kPanel, inputs_ / 4 / kPanel * kPanel), parts = partsOf(inputs_, columns);
    for (int block = 0; block < blocks_; block++) {
      const int first = block * block_, count = smaller(block_, tiles_.count - first);
      const Rows gradient(blockAt(0), count, outputs_);
      const Panels input(blockAt(0) + gradientFloats(), count, inputs_);
      parallelFor(kShares, job_.threads, [&](int task) {
        const auto share = [&](int part) { return static_cast<int>(static_cast<long>(count) * part / kShares); };
        read(gradient, input, first, share(task), share(task + 1));
      });
      parallelFor(kGroups * parts, job_.threads, [&](int task) {
        const int column = task % parts * columns;
        product(gradient, input, sumsOf(0), task / parts, column, smaller(inputs_, column + columns), block > 0);
      });
    }
  }

  void read(const Rows& gradient, const Panels& input, int first, int begin, int end) const {
    readRows<typename Shape::Spread, Shape::kSlots, kTile, 0, AsStored>(job_.gradient, job_.outputShape, {}, tiles_, first, begin,
                                                                        end, gradient);
    if (job_.reading.scale) readInput<Normed>(input, first, begin, end);
    else readInput<AsStored>(input, first, begin, end);
  }

  template <class Read>
  void readInput(const Panels& to, int first, int begin, int end) const {
    readPanels<typename Shape::Read, Shape::kSlots, Shape::kReadStep, Shape::kBefore, Read>(job_.input, job_.inputShape, job_.reading,
                                                                                            tiles_, first, begin, end, to);
  }

  void product(const Rows& gradient, const Panels& input, const Rows& sums, int group, int begin, int end, bool add) const {
    constexpr auto& groups = kGroupsOf<Shape::kSlots>;
    const int first = groups.first[group];
    multiplyTransposed({gradient.slot(first, group), gradient.row, input.group(first, group), sums.slot(group, group), sums.row,
                        outputs_, inputs_, groups.count[group] * gradient.tiles, add},
                       begin, end);
  }

  // Adds up the runs' sums of one output, and transforms them to weights.
  void finish(int output) const {
    const int channels = job_.inputShape.channels;
    float* to = job_.result + static_cast<size_t>(output) * 9 * channels;
    for (int input = 0; input < channels; input += kWidth) {
      transform<typename Shape::ToWeights>(
          [&](int y, int x) {
            const int group = y * 6 + x;
            Vector sum{};
            for (int run = 0; run < runs_; run++) {
              const Rows sums = sumsOf(run);
              sum += load(sums.slot(group, group) + output * sums.row + input);
            }
            return sum;
          },
          [&](int y, int x, Vector v) { storeFirst(to + (y * 3 + x) * channels + input, v, channels - input); });
    }
  }

  const WeightGradient& job_;
  Tiles tiles_;
  int inputs_, outputs_, block_, blocks_, runs_;
};

}  // namespace selfadapt::winograd::SELFADAPT_UNIT
