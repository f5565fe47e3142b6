#include "weight-gradient.h"

#include "parallel.h"
#include "weight-work.h"

namespace selfadapt::kernels {

namespace {

// In tiles, each a kilobyte. Sums of up to this size are kept once a thread, beside the band of rows that it works on ...
constexpr int kPrivateSums = 768;
// ... and this is what both may take of a core's cache.
constexpr int kPrivateCache = 1200;
// Where sums are shared: a band of one tile of input channels, and the gradients kept in the cache while inputs go by.
constexpr int kSharedBand = 256;
constexpr int kSharedGroup = 512;

int between(int least, int value, int most) { return larger(least, smaller(value, most)); }

// Few channels: each thread has private sums and processes a range of bands, which it packs into its cache.
struct PrivatePlan {
  explicit PrivatePlan(const WeightWork& work, const WeightGradient& job) {
    const int width = job.outputShape.width;
    const int step = job.window.taps() == 1 ? 1 : job.window.stride * job.window.stride;
    const int rowTiles = (work.outputTiles() + work.inputTiles() * step) * width;
    rows = between(1, (kPrivateCache - static_cast<int>(work.sumsCount() / kSums)) / rowTiles, work.outputRows());
    bands = (work.outputRows() + rows - 1) / rows;
    lanes = smaller(job.threads, bands);
    // The most input rows that a band meets, one before and one behind where windows overlap.
    const int inputRows = job.window.taps() == 1 ? rows : rows * job.window.stride + 3;
    inputElements = static_cast<size_t>(work.inputTiles()) * inputRows * work.inputGridWidth() * kTile;
    gradientElements = static_cast<size_t>(work.outputTiles()) * rows * width * kTile;
  }

  size_t laneBytes(const WeightWork& work) const {
    return work.sumsCount() * sizeof(float) + (inputElements + gradientElements) * sizeof(Bf16);
  }

  int rows, bands, lanes;
  size_t inputElements, gradientElements;
};

void computePrivate(const WeightGradient& job) {
  const WeightWork work(job);
  const PrivatePlan plan(work, job);
  const size_t sums = work.sumsCount();
  auto* shared = static_cast<float*>(job.scratch);
  auto* packed = reinterpret_cast<Bf16*>(shared + plan.lanes * sums);
  parallelFor(plan.lanes, job.threads, [&](int lane) {
    Tiles tiles;
    float* own = shared + lane * sums;
    Bf16* panels = packed + lane * (plan.inputElements + plan.gradientElements);
    std::memset(own, 0, sums * sizeof(float));
    for (int band = lane * plan.bands / plan.lanes; band < (lane + 1) * plan.bands / plan.lanes; band++) {
      const Range rows = {band * plan.rows, smaller((band + 1) * plan.rows, work.outputRows())};
      const Range inputRows = work.inputRowsOf(rows);
      const Panel input = {panels, inputRows.first, inputRows.last - inputRows.first, work.inputGridWidth()};
      const Panel gradient = {panels + plan.inputElements, rows.first, rows.last - rows.first, job.outputShape.width};
      for (int row = inputRows.first; row < inputRows.last; row++) work.packInputRow(input, row);
      for (int row = rows.first; row < rows.last; row++) work.packGradientRow(gradient, row);
      for (int i = 0; i < work.inputTiles(); i += 2) {
        for (int j = 0; j < work.outputTiles(); j += 2) {
          work.accumulate(tiles, input, gradient, rows, i, j, work.pairOf(own, i, j));
        }
      }
    }
  });
  const int outputBlocks = job.outputShape.channelBlocks();
  parallelFor(job.inputShape.channelBlocks() * outputBlocks, job.threads, [&](int task) {
    const int i = task / outputBlocks, j = task % outputBlocks;
    work.writeOut(work.pairOf(shared, 2 * i, 2 * j), plan.lanes, sums, i, j);
  });
}

// Many channels: everything is packed first; then every task computes its own tiles of sums.
struct SharedPlan {
  SharedPlan(const WeightWork& work, const WeightGradient& job)
      : inputElements(static_cast<size_t>(work.inputTiles()) * work.inputRows() * work.inputGridWidth() * kTile),
        gradientElements(static_cast<size_t>(work.outputTiles()) * work.outputRows() * job.outputShape.width * kTile) {
    const int step = work.inputStep() == 1 ? job.window.stride * job.window.stride : 1;
    rows = between(1, kSharedBand / (job.outputShape.width * step), work.outputRows());
    bands = (work.outputRows() + rows - 1) / rows;
    groupTiles = smaller(work.outputTiles(), larger(2, kSharedGroup / (rows * job.outputShape.width) / 2 * 2));
    groups = (work.outputTiles() + groupTiles - 1) / groupTiles;
    const int wanted = larger(1, (4 * job.threads + groups - 1) / groups);
    chunkTiles = larger(2, work.inputTiles() / wanted / 2 * 2);
    chunks = (work.inputTiles() + chunkTiles - 1) / chunkTiles;
  }

  // With one band, sums are written directly.
  size_t keptSums(const WeightWork& work) const { return bands == 1 ? 0 : work.sumsCount(); }

  size_t inputElements, gradientElements;
  int rows, bands, groupTiles, groups, chunkTiles, chunks;
};

void computeShared(const WeightGradient& job) {
  const WeightWork work(job);
  const SharedPlan plan(work, job);
  auto* sums = static_cast<float*>(job.scratch);
  auto* packed = reinterpret_cast<Bf16*>(sums + plan.keptSums(work));
  const Panel input = {packed, 0, work.inputRows(), work.inputGridWidth()};
  const Panel gradient = {packed + plan.inputElements, 0, work.outputRows(), job.outputShape.width};
  parallelFor(input.rows + gradient.rows, job.threads, [&](int row) {
    if (row < input.rows) work.packInputRow(input, row);
    else work.packGradientRow(gradient, row - input.rows);
  });
  parallelFor(plan.groups * plan.chunks, job.threads, [&](int task) {
    Tiles tiles;
    alignas(64) float own[kMostPair];
    const int firstInput = task % plan.chunks * plan.chunkTiles;
    const int firstOutput = task / plan.chunks * plan.groupTiles;
    const int lastInput = smaller(firstInput + plan.chunkTiles, work.inputTiles());
    const int lastOutput = smaller(firstOutput + plan.groupTiles, work.outputTiles());
    for (int row = 0; row < work.outputRows(); row += plan.rows) {
      const Range rows = {row, smaller(row + plan.rows, work.outputRows())};
      for (int i = firstInput; i < lastInput; i += 2) {
        for (int j = firstOutput; j < lastOutput; j += 2) {
          float* pair = plan.bands == 1 ? own : work.pairOf(sums, i, j);
          if (row == 0) std::memset(pair, 0, work.pairSize() * sizeof(float));
          work.accumulate(tiles, input, gradient, rows, i, j, pair);
          if (rows.last == work.outputRows()) work.writeOut(pair, 1, 0, i / 2, j / 2);
        }
      }
    }
  });
}

bool isPrivate(const WeightWork& work) { return work.sumsCount() <= size_t{kPrivateSums} * kSums; }

}  // namespace

size_t WeightGradient::scratchBytes() const {
  const WeightWork work(*this);
  if (isPrivate(work)) {
    const PrivatePlan plan(work, *this);
    return plan.lanes * plan.laneBytes(work);
  }
  const SharedPlan plan(work, *this);
  return plan.keptSums(work) * sizeof(float) + (plan.inputElements + plan.gradientElements) * sizeof(Bf16);
}

void computeWeightGradient(const WeightGradient& job) {
  if (isPrivate(WeightWork(job))) computePrivate(job);
  else computeShared(job);
}

}  // namespace selfadapt::kernels
