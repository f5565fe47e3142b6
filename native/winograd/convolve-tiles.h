// A convolution by tiles: transform a block of them, multiply its 36 groups with the weights, transform back. Where blocks are
// many a task takes one through all three phases, in its own scratch; where they are few (many channels, small maps) each
// phase is shared out, by tiles and by groups. What is chosen depends on shapes alone, so sums do not depend on threads.
#pragma once

#include "tiles.h"

namespace selfadapt::winograd::SELFADAPT_UNIT {

// Tiles in a block. Measured: up to 64 channels its matrices stay in a megabyte of cache; with more, weights are read once a
// block, and the fewer blocks, the better.
static SELFADAPT_INLINE int tilesInBlock(int channels, int slots) {
  if (slots == 81) return 24;
  return channels <= 64 ? 48 : channels <= 128 ? 96 : 128;
}

constexpr int kFewBlocks = 12;
// Tasks that a shared phase over a block's tiles has.
constexpr int kShares = 8;

// Weights packed: [36][outputs / kPanel][inputs][kPanel].
static SELFADAPT_INLINE size_t packedGroup(int inputs, int outputs) {
  return static_cast<size_t>(paddedTo16(inputs)) * paddedTo16(outputs) + 32;
}

template <class Shape>
class TileConvolution {
 public:
  explicit TileConvolution(const Convolution& job)
      : job_(job),
        tiles_(Shape::kGatherStep == kTile ? job.shape : job.source.shape),
        inputs_(job.source.shape.paddedChannels()),
        outputs_(job.shape.paddedChannels()),
        block_(smaller(tiles_.count, tilesInBlock(larger(inputs_, outputs_), Shape::kSlots))),
        blocks_(partsOf(tiles_.count, block_)) {}

  int tasks() const { return shared() ? blocks_ * kShares : blocks_; }
  size_t scratch() const { return (inputFloats() + Rows::floats(Shape::kSlots, block_, outputs_) + 15) / 16 * 16; }

  template <class Writer>
  void run(Writer writer) const {
    if (shared()) return runShared(writer);
    parallelWorkers(blocks_, job_.threads, [&](int task, int worker) {
      const int first = task * block_, count = smaller(block_, tiles_.count - first);
      const Rows from = inputsAt(worker, count), to = sumsAt(worker, count);
      read(from, first, 0, count);
      for (int group = 0; group < kGroups; group++) product(from, to, group, 0, outputs_);
      gather(to, first, 0, count, task, writer);
    });
  }

 private:
  bool shared() const { return blocks_ < kFewBlocks && tiles_.count > kShares; }
  size_t inputFloats() const { return Rows::floats(Shape::kSlots, block_, inputs_); }
  Rows inputsAt(int worker, int count) const { return {job_.scratch + worker * scratch(), count, inputs_}; }
  Rows sumsAt(int worker, int count) const { return {job_.scratch + worker * scratch() + inputFloats(), count, outputs_}; }

  template <class Writer>
  void runShared(const Writer& writer) const {
    // Panels of two vectors, a few a task.
    const int columns = larger(kPanel, outputs_ / 4 / kPanel * kPanel), parts = partsOf(outputs_, columns);
    for (int block = 0; block < blocks_; block++) {
      const int first = block * block_, count = smaller(block_, tiles_.count - first);
      const Rows from = inputsAt(0, count), to = sumsAt(0, count);
      const auto share = [&](int task) { return static_cast<int>(static_cast<long>(count) * task / kShares); };
      parallelFor(kShares, job_.threads, [&](int task) { read(from, first, share(task), share(task + 1)); });
      parallelFor(kGroups * parts, job_.threads, [&](int task) {
        const int column = task % parts * columns;
        product(from, to, task / parts, column, smaller(outputs_, column + columns));
      });
      parallelFor(kShares, job_.threads, [&](int task) {
        gather(to, first, share(task), share(task + 1), block * kShares + task, writer);
      });
    }
  }

  void read(const Rows& to, int first, int begin, int end) const {
    if (job_.source.reading.scale) readAs<Normed>(to, first, begin, end);
    else readAs<AsStored>(to, first, begin, end);
  }

  template <class Read>
  void readAs(const Rows& to, int first, int begin, int end) const {
    const Source& from = job_.source;
    readRows<typename Shape::Read, Shape::kSlots, Shape::kReadStep, Shape::kBefore, Read>(from.maps, from.shape, from.reading, tiles_,
                                                                                          first, begin, end, to);
  }

  void product(const Rows& from, const Rows& to, int group, int firstColumn, int lastColumn) const {
    constexpr auto& groups = kGroupsOf<Shape::kSlots>;
    const int first = groups.first[group];
    const float* panels = job_.source.weights + group * packedGroup(inputs_, outputs_);
    const Product product = {from.slot(first, group), from.row,  panels,  to.slot(first, group), to.row,
                             groups.count[group] * from.tiles, outputs_, inputs_, false};
    multiply(product, firstColumn, lastColumn);
  }

  template <class Writer>
  void gather(const Rows& from, int first, int begin, int end, int task, Writer writer) const {
    if (Writer::kSums > 0) writer.sums = job_.partial.rows + static_cast<size_t>(task) * job_.partial.sums * outputs_;
    gatherTiles<Shape>(from, job_.shape, tiles_, first, begin, end, writer);
  }

  const Convolution& job_;
  Tiles tiles_;
  int inputs_, outputs_, block_, blocks_;
};

}  // namespace selfadapt::winograd::SELFADAPT_UNIT
