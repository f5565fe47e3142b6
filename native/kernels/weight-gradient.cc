#include "weight-gradient.h"

#include <cstring>

#include "parallel.h"
#include "vectors.h"

namespace selfadapt::kernels {

namespace {

constexpr int kSums = 256;
// So many input tiles and as many gradients fit into the nearest cache.
constexpr int kNearPixels = 16;
// Of two input tiles and two output tiles, for nine taps.
constexpr int kMostPair = 4 * 9 * kSums;

// Interleaving and transposing leave a block's 32 channels in the order 0-3, 8-11, 16-19, 24-27 in its first tile, and the
// others in its second.
//
// 32 images x 32 channels to two tiles of 16 channels by 32 images.
void packTransposed(const Bf16* block, Bf16* first, Bf16* second) {
  __m512i low[16], high[16];
  for (int i = 0; i < 16; i++) {
    const __m512i even = _mm512_load_si512(block + 64 * i);
    const __m512i odd = _mm512_load_si512(block + 64 * i + 32);
    low[i] = _mm512_unpacklo_epi16(even, odd);
    high[i] = _mm512_unpackhi_epi16(even, odd);
  }
  transpose(low);
  transpose(high);
  for (int i = 0; i < 16; i++) _mm512_store_si512(first + 32 * i, low[i]);
  for (int i = 0; i < 16; i++) _mm512_store_si512(second + 32 * i, high[i]);
}

// 32 images x 32 channels to two tiles of 32 images (in interleaved pairs) by 16 channels.
void packPairs(const Bf16* block, Bf16* first, Bf16* second) {
  for (int i = 0; i < 16; i++) {
    const __m512i even = _mm512_load_si512(block + 64 * i);
    const __m512i odd = _mm512_load_si512(block + 64 * i + 32);
    _mm512_store_si512(first + 32 * i, _mm512_unpacklo_epi16(even, odd));
    _mm512_store_si512(second + 32 * i, _mm512_unpackhi_epi16(even, odd));
  }
}

using PackBlock = void (*)(const Bf16*, Bf16*, Bf16*);

// Packed pixels: [channels / 16][rows][width] tiles, rows counted over all images' blocks.
struct Panel {
  Bf16* tiles = nullptr;
  int firstRow = 0;
  int rows = 0;
  int width = 0;

  Bf16* at(int channelTile, int row, int x = 0) const {
    return tiles + ((static_cast<size_t>(channelTile) * rows + (row - firstRow)) * width + x) * kTile;
  }
};

// A row of every `stride`th pixel into a panel; `row` counts rows of the panel's own grid.
void packRow(const Bf16* maps, const Maps& shape, int stride, PackBlock pack, const Panel& panel, int row, int height) {
  const int image = row / height;
  const int y = row % height * stride;
  for (int x = 0; x < panel.width; x++) {
    const Bf16* block = maps + shape.at(image, y, x * stride);
    for (int c = 0; c < shape.channelBlocks(); c++, block += kBlock) {
      pack(block, panel.at(2 * c, row, x), panel.at(2 * c + 1, row, x));
    }
  }
}

// Four neighbouring gradients at most go through the taps of one row of a 3 x 3 window: tiles 0 to 2 take the taps, 3 to 6 the
// gradients, 7 one input after the other. `left` and `right`: whether there is an input pixel before the first and behind the last.
template <int Pixels, class Tiles>
void slideGroup(Tiles& tiles, const Bf16* input, const Bf16* gradient, bool left, bool right) {
  tiles.template load<3>(gradient);
  if (left) {
    tiles.template load<7>(input - kTile);
    tiles.template multiply<0, 7, 3>();
  }
  tiles.template load<7>(input);
  tiles.template multiply<1, 7, 3>();
  if constexpr (Pixels > 1) {
    tiles.template load<4>(gradient + kTile);
    tiles.template multiply<0, 7, 4>();
    tiles.template load<7>(input + kTile);
    tiles.template multiply<2, 7, 3>();
    tiles.template multiply<1, 7, 4>();
  }
  if constexpr (Pixels > 2) {
    tiles.template load<5>(gradient + 2 * kTile);
    tiles.template multiply<0, 7, 5>();
    tiles.template load<7>(input + 2 * kTile);
    tiles.template multiply<2, 7, 4>();
    tiles.template multiply<1, 7, 5>();
  }
  if constexpr (Pixels > 3) {
    tiles.template load<6>(gradient + 3 * kTile);
    tiles.template multiply<0, 7, 6>();
    tiles.template load<7>(input + 3 * kTile);
    tiles.template multiply<2, 7, 5>();
    tiles.template multiply<1, 7, 6>();
  }
  if (right) {
    tiles.template load<7>(input + Pixels * kTile);
    tiles.template multiply<2, 7, Pixels + 2>();
  }
}

// The same at stride 2 for up to two gradients, each of which meets the input pixels 2 x - 1 to 2 x + 1.
template <int Pixels, class Tiles>
void strideGroup(Tiles& tiles, const Bf16* input, const Bf16* gradient, bool left, bool right) {
  tiles.template load<3>(gradient);
  if (left) {
    tiles.template load<5>(input - kTile);
    tiles.template multiply<0, 5, 3>();
  }
  tiles.template load<6>(input);
  tiles.template multiply<1, 6, 3>();
  if constexpr (Pixels > 1) {
    tiles.template load<7>(input + kTile);
    tiles.template multiply<2, 7, 3>();
    tiles.template load<4>(gradient + kTile);
    tiles.template multiply<0, 7, 4>();
    tiles.template load<5>(input + 2 * kTile);
    tiles.template multiply<1, 5, 4>();
  }
  if (right) {
    tiles.template load<7>(input + (2 * Pixels - 1) * kTile);
    tiles.template multiply<2, 7, Pixels + 2>();
  }
}

struct Range {
  int first, last;
};

// What all threads know of a job. Sums are tiles of 16 x 16 floats, [input tiles / 2][output tiles / 2][2 x 2][taps].
class Worker {
 public:
  explicit Worker(const WeightGradient& job)
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
  template <class Tiles>
  void accumulate(Tiles& tiles, const Panel& input, const Panel& gradient, Range rows, int i, int j, float* sums) const {
    if (taps_ == 1) return addPixels(tiles, input, gradient, rows, i, j, sums);
    for (int a = i; a < i + 2; a++) {
      for (int b = j; b < j + 2; b++) addRows(tiles, input, gradient, rows, a, b, sumsOf(sums, a, b));
    }
  }

  // A pair of pairs' sums, from `copies` sets that lie `distance` apart, as rows of weights.
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
  template <class Tiles>
  void addRows(Tiles& tiles, const Panel& input, const Panel& gradient, Range rows, int i, int j, float* sums) const {
    const int height = job_.inputShape.pixels() <= kNearPixels ? job_.outputShape.height : rows.last - rows.first;
    for (int row = rows.first; row < rows.last; row += height) {
      addTaps(tiles, input, gradient, {row, smaller(row + height, rows.last)}, i, j, sums);
    }
  }

  template <class Tiles>
  void addTaps(Tiles& tiles, const Panel& input, const Panel& gradient, Range rows, int i, int j, float* sums) const {
    for (int tapRow = 0; tapRow < 3; tapRow++, sums += 3 * kSums) {
      tiles.template loadSums<0>(sums);
      tiles.template loadSums<1>(sums + kSums);
      tiles.template loadSums<2>(sums + 2 * kSums);
      for (int row = rows.first; row < rows.last; row++) addRow(tiles, input, gradient, row, i, j, tapRow);
      tiles.template store<0>(sums);
      tiles.template store<1>(sums + kSums);
      tiles.template store<2>(sums + 2 * kSums);
    }
  }

  template <class Tiles>
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

  template <class Tiles>
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
  template <class Tiles>
  void addPixels(Tiles& tiles, const Panel& input, const Panel& gradient, Range rows, int i, int j, float* sums) const {
    float* const at[4] = {sums, sums + kSums, sums + 2 * kSums, sums + 3 * kSums};
    tiles.template loadSums<0>(at[0]);
    tiles.template loadSums<1>(at[1]);
    tiles.template loadSums<2>(at[2]);
    tiles.template loadSums<3>(at[3]);
    const Bf16* a[2] = {input.at(i, rows.first), input.at(i + 1, rows.first)};
    const Bf16* b[2] = {gradient.at(j, rows.first), gradient.at(j + 1, rows.first)};
    const int pixels = (rows.last - rows.first) * gradient.width;
    for (int p = 0; p < pixels; p++) {
      const size_t tile = static_cast<size_t>(p) * kTile;
      tiles.template load<4>(a[0] + tile);
      tiles.template load<6>(b[0] + tile);
      tiles.template multiply<0, 4, 6>();
      tiles.template load<7>(b[1] + tile);
      tiles.template multiply<1, 4, 7>();
      tiles.template load<5>(a[1] + tile);
      tiles.template multiply<2, 5, 6>();
      tiles.template multiply<3, 5, 7>();
    }
    tiles.template store<0>(at[0]);
    tiles.template store<1>(at[1]);
    tiles.template store<2>(at[2]);
    tiles.template store<3>(at[3]);
  }

  static void addCopies(const float* sums, int copies, size_t distance, __m512i* rows) {
    for (int r = 0; r < 16; r++) {
      __m512 row = _mm512_load_ps(sums + 16 * r);
      for (int copy = 1; copy < copies; copy++) row = _mm512_add_ps(row, _mm512_load_ps(sums + copy * distance + 16 * r));
      rows[r] = _mm512_castps_si512(row);
    }
  }

  // Sixteen inputs of the block's first tile and sixteen of its second, put back in order.
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

// In tiles, each a kilobyte. Sums of up to this size are kept once a thread, beside the band of rows that it works on ...
constexpr int kPrivateSums = 768;
// ... and this is what both may take of a core's cache.
constexpr int kPrivateCache = 1200;
// Where sums are shared: a band of one tile of input channels, and the gradients kept in the cache while inputs go by.
constexpr int kSharedBand = 256;
constexpr int kSharedGroup = 512;

int between(int least, int value, int most) { return larger(least, smaller(value, most)); }

// Few channels: each thread has sums of its own, and takes a run of bands, which it packs into its own cache.
struct PrivatePlan {
  explicit PrivatePlan(const Worker& worker, const WeightGradient& job) {
    const int width = job.outputShape.width;
    const int step = job.window.taps() == 1 ? 1 : job.window.stride * job.window.stride;
    const int rowTiles = (worker.outputTiles() + worker.inputTiles() * step) * width;
    rows = between(1, (kPrivateCache - static_cast<int>(worker.sumsCount() / kSums)) / rowTiles, worker.outputRows());
    bands = (worker.outputRows() + rows - 1) / rows;
    lanes = smaller(job.threads, bands);
    // The most input rows that a band meets, one before and one behind where windows overlap.
    const int inputRows = job.window.taps() == 1 ? rows : rows * job.window.stride + 3;
    inputElements = static_cast<size_t>(worker.inputTiles()) * inputRows * worker.inputGridWidth() * kTile;
    gradientElements = static_cast<size_t>(worker.outputTiles()) * rows * width * kTile;
  }

  size_t laneBytes(const Worker& worker) const {
    return worker.sumsCount() * sizeof(float) + (inputElements + gradientElements) * sizeof(Bf16);
  }

  int rows, bands, lanes;
  size_t inputElements, gradientElements;
};

template <class Tiles>
void computePrivate(const WeightGradient& job) {
  const Worker worker(job);
  const PrivatePlan plan(worker, job);
  const size_t sums = worker.sumsCount();
  auto* shared = static_cast<float*>(job.scratch);
  auto* packed = reinterpret_cast<Bf16*>(shared + plan.lanes * sums);
  parallelFor(plan.lanes, job.threads, [&](int lane) {
    Tiles tiles;
    float* own = shared + lane * sums;
    Bf16* panels = packed + lane * (plan.inputElements + plan.gradientElements);
    std::memset(own, 0, sums * sizeof(float));
    for (int band = lane * plan.bands / plan.lanes; band < (lane + 1) * plan.bands / plan.lanes; band++) {
      const Range rows = {band * plan.rows, smaller((band + 1) * plan.rows, worker.outputRows())};
      const Range inputRows = worker.inputRowsOf(rows);
      const Panel input = {panels, inputRows.first, inputRows.last - inputRows.first, worker.inputGridWidth()};
      const Panel gradient = {panels + plan.inputElements, rows.first, rows.last - rows.first, job.outputShape.width};
      for (int row = inputRows.first; row < inputRows.last; row++) worker.packInputRow(input, row);
      for (int row = rows.first; row < rows.last; row++) worker.packGradientRow(gradient, row);
      for (int i = 0; i < worker.inputTiles(); i += 2) {
        for (int j = 0; j < worker.outputTiles(); j += 2) {
          worker.accumulate(tiles, input, gradient, rows, i, j, worker.pairOf(own, i, j));
        }
      }
    }
  });
  const int outputBlocks = job.outputShape.channelBlocks();
  parallelFor(job.inputShape.channelBlocks() * outputBlocks, job.threads, [&](int task) {
    const int i = task / outputBlocks, j = task % outputBlocks;
    worker.writeOut(worker.pairOf(shared, 2 * i, 2 * j), plan.lanes, sums, i, j);
  });
}

// Many channels: everything is packed first, then every task takes some tiles of sums, which nobody else touches.
struct SharedPlan {
  SharedPlan(const Worker& worker, const WeightGradient& job)
      : inputElements(static_cast<size_t>(worker.inputTiles()) * worker.inputRows() * worker.inputGridWidth() * kTile),
        gradientElements(static_cast<size_t>(worker.outputTiles()) * worker.outputRows() * job.outputShape.width * kTile) {
    const int step = worker.inputStep() == 1 ? job.window.stride * job.window.stride : 1;
    rows = between(1, kSharedBand / (job.outputShape.width * step), worker.outputRows());
    bands = (worker.outputRows() + rows - 1) / rows;
    groupTiles = smaller(worker.outputTiles(), larger(2, kSharedGroup / (rows * job.outputShape.width) / 2 * 2));
    groups = (worker.outputTiles() + groupTiles - 1) / groupTiles;
    const int wanted = larger(1, (4 * job.threads + groups - 1) / groups);
    chunkTiles = larger(2, worker.inputTiles() / wanted / 2 * 2);
    chunks = (worker.inputTiles() + chunkTiles - 1) / chunkTiles;
  }

  // With one band, sums are written out at once and need not be kept.
  size_t keptSums(const Worker& worker) const { return bands == 1 ? 0 : worker.sumsCount(); }

  size_t inputElements, gradientElements;
  int rows, bands, groupTiles, groups, chunkTiles, chunks;
};

template <class Tiles>
void computeShared(const WeightGradient& job) {
  const Worker worker(job);
  const SharedPlan plan(worker, job);
  auto* sums = static_cast<float*>(job.scratch);
  auto* packed = reinterpret_cast<Bf16*>(sums + plan.keptSums(worker));
  const Panel input = {packed, 0, worker.inputRows(), worker.inputGridWidth()};
  const Panel gradient = {packed + plan.inputElements, 0, worker.outputRows(), job.outputShape.width};
  parallelFor(input.rows + gradient.rows, job.threads, [&](int row) {
    if (row < input.rows) worker.packInputRow(input, row);
    else worker.packGradientRow(gradient, row - input.rows);
  });
  parallelFor(plan.groups * plan.chunks, job.threads, [&](int task) {
    Tiles tiles;
    alignas(64) float own[kMostPair];
    const int firstInput = task % plan.chunks * plan.chunkTiles;
    const int firstOutput = task / plan.chunks * plan.groupTiles;
    const int lastInput = smaller(firstInput + plan.chunkTiles, worker.inputTiles());
    const int lastOutput = smaller(firstOutput + plan.groupTiles, worker.outputTiles());
    for (int row = 0; row < worker.outputRows(); row += plan.rows) {
      const Range rows = {row, smaller(row + plan.rows, worker.outputRows())};
      for (int i = firstInput; i < lastInput; i += 2) {
        for (int j = firstOutput; j < lastOutput; j += 2) {
          float* pair = plan.bands == 1 ? own : worker.pairOf(sums, i, j);
          if (row == 0) std::memset(pair, 0, worker.pairSize() * sizeof(float));
          worker.accumulate(tiles, input, gradient, rows, i, j, pair);
          if (rows.last == worker.outputRows()) worker.writeOut(pair, 1, 0, i / 2, j / 2);
        }
      }
    }
  });
}

bool isPrivate(const Worker& worker) { return worker.sumsCount() <= size_t{kPrivateSums} * kSums; }

template <class Tiles>
void compute(const WeightGradient& job) {
  if (isPrivate(Worker(job))) computePrivate<Tiles>(job);
  else computeShared<Tiles>(job);
}

}  // namespace

size_t WeightGradient::scratchBytes() const {
  const Worker worker(*this);
  if (isPrivate(worker)) {
    const PrivatePlan plan(worker, *this);
    return plan.lanes * plan.laneBytes(worker);
  }
  const SharedPlan plan(worker, *this);
  return plan.keptSums(worker) * sizeof(float) + (plan.inputElements + plan.gradientElements) * sizeof(Bf16);
}

void computeWeightGradient(const WeightGradient& job) {
  if (job.unit == Unit::Amx) compute<AmxTiles>(job);
  else compute<VectorTiles>(job);
}

}  // namespace selfadapt::kernels
