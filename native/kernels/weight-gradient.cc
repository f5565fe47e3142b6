#include "weight-gradient.h"

#include <cstring>

#include "parallel.h"
#include "vectors.h"

namespace selfadapt::kernels {

namespace {

constexpr int kSums = 256;

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

// One row of a 3 x 3 window at stride 1: tiles 0 to 2 take the taps, 3 to 6 four gradients, 7 one input after the other.
template <class Tiles>
void slideThrough(Tiles& tiles, const Bf16* input, const Bf16* gradient, int width) {
  int x = 0;
  for (; x + 4 <= width; x += 4, input += 4 * kTile, gradient += 4 * kTile) {
    tiles.template load<3>(gradient);
    if (x > 0) {
      tiles.template load<7>(input - kTile);
      tiles.template multiply<0, 7, 3>();
    }
    tiles.template load<7>(input);
    tiles.template multiply<1, 7, 3>();
    tiles.template load<4>(gradient + kTile);
    tiles.template multiply<0, 7, 4>();
    tiles.template load<7>(input + kTile);
    tiles.template multiply<2, 7, 3>();
    tiles.template load<5>(gradient + 2 * kTile);
    tiles.template multiply<1, 7, 4>();
    tiles.template multiply<0, 7, 5>();
    tiles.template load<7>(input + 2 * kTile);
    tiles.template multiply<2, 7, 4>();
    tiles.template load<6>(gradient + 3 * kTile);
    tiles.template multiply<1, 7, 5>();
    tiles.template multiply<0, 7, 6>();
    tiles.template load<7>(input + 3 * kTile);
    tiles.template multiply<2, 7, 5>();
    tiles.template multiply<1, 7, 6>();
    if (x + 4 < width) {
      tiles.template load<7>(input + 4 * kTile);
      tiles.template multiply<2, 7, 6>();
    }
  }
  for (; x < width; x++, input += kTile, gradient += kTile) {
    tiles.template load<3>(gradient);
    if (x > 0) {
      tiles.template load<5>(input - kTile);
      tiles.template multiply<0, 5, 3>();
    }
    tiles.template load<6>(input);
    tiles.template multiply<1, 6, 3>();
    if (x + 1 < width) {
      tiles.template load<7>(input + kTile);
      tiles.template multiply<2, 7, 3>();
    }
  }
}

// The same at stride 2, where a gradient meets the input pixels 2 x - 1 to 2 x + 1.
template <class Tiles>
void strideThrough(Tiles& tiles, const Bf16* input, int inputWidth, const Bf16* gradient, int width) {
  for (int x = 0; x < width; x++, input += 2 * kTile, gradient += kTile) {
    tiles.template load<3>(gradient);
    if (x > 0) {
      tiles.template load<5>(input - kTile);
      tiles.template multiply<0, 5, 3>();
    }
    tiles.template load<6>(input);
    tiles.template multiply<1, 6, 3>();
    if (2 * x + 1 < inputWidth) {
      tiles.template load<7>(input + kTile);
      tiles.template multiply<2, 7, 3>();
    }
  }
}

// Tiles of sums, [input tiles][output tiles][taps]; the part that a task works on.
struct Range {
  int first, last;
};

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

  // Adds the products of some output rows to the sums of some input and output tiles.
  template <class Tiles>
  void accumulate(Tiles& tiles, const Panel& input, const Panel& gradient, Range rows, Range inputs, Range outputs,
                  float* sums) const {
    if (taps_ == 1) return accumulatePairs(tiles, input, gradient, rows, inputs, outputs, sums);
    for (int i = inputs.first; i < inputs.last; i++) {
      for (int j = outputs.first; j < outputs.last; j++) {
        for (int tapRow = 0; tapRow < 3; tapRow++) {
          float* at = sumsAt(sums, i, j) + tapRow * 3 * kSums;
          tiles.template loadSums<0>(at);
          tiles.template loadSums<1>(at + kSums);
          tiles.template loadSums<2>(at + 2 * kSums);
          addRows(tiles, input, gradient, rows, i, j, tapRow);
          tiles.template store<0>(at);
          tiles.template store<1>(at + kSums);
          tiles.template store<2>(at + 2 * kSums);
        }
      }
    }
  }

  void clear(float* sums, Range inputs, Range outputs) const {
    const size_t bytes = static_cast<size_t>(outputs.last - outputs.first) * taps_ * kSums * sizeof(float);
    for (int i = inputs.first; i < inputs.last; i++) std::memset(sumsAt(sums, i, outputs.first), 0, bytes);
  }

  // The sums of two tiles of inputs and two of outputs, from `copies` sets that lie `distance` apart, as rows of weights.
  void writeOut(const float* sums, int copies, size_t distance, int inputBlock, int outputBlock) const {
    const int outputs = job_.outputShape.channels - outputBlock * kLanes;
    const int inputs = job_.inputShape.channels - inputBlock * kLanes;
    for (int tap = 0; tap < taps_; tap++) {
      for (int half = 0; half < 2; half++) {
        __m512i rows[2][16];
        for (int part = 0; part < 2; part++) {
          addCopies(sumsAt(sums, 2 * inputBlock + part, 2 * outputBlock + half) + tap * kSums, copies, distance, rows[part]);
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
  template <class Pointer>
  Pointer sumsAt(Pointer sums, int inputTile, int outputTile) const {
    return sums + (static_cast<size_t>(inputTile) * outputTiles_ + outputTile) * taps_ * kSums;
  }

  template <class Tiles>
  void addRows(Tiles& tiles, const Panel& input, const Panel& gradient, Range rows, int i, int j, int tapRow) const {
    const Maps& from = job_.inputShape;
    const Maps& to = job_.outputShape;
    for (int row = rows.first; row < rows.last; row++) {
      const int y = row % to.height * stride_ + tapRow - 1;
      if (y < 0 || y >= from.height) continue;
      const Bf16* pixels = input.at(i, row / to.height * from.height + y);
      if (stride_ == 1) slideThrough(tiles, pixels, gradient.at(j, row), to.width);
      else strideThrough(tiles, pixels, from.width, gradient.at(j, row), to.width);
    }
  }

  // 1 x 1: two tiles of inputs by two of outputs at a time.
  template <class Tiles>
  void accumulatePairs(Tiles& tiles, const Panel& input, const Panel& gradient, Range rows, Range inputs, Range outputs,
                       float* sums) const {
    const int pixels = (rows.last - rows.first) * gradient.width;
    for (int i = inputs.first; i < inputs.last; i += 2) {
      for (int j = outputs.first; j < outputs.last; j += 2) {
        float* const at[4] = {sumsAt(sums, i, j), sumsAt(sums, i, j + 1), sumsAt(sums, i + 1, j), sumsAt(sums, i + 1, j + 1)};
        tiles.template loadSums<0>(at[0]);
        tiles.template loadSums<1>(at[1]);
        tiles.template loadSums<2>(at[2]);
        tiles.template loadSums<3>(at[3]);
        const Bf16* a[2] = {input.at(i, rows.first), input.at(i + 1, rows.first)};
        const Bf16* b[2] = {gradient.at(j, rows.first), gradient.at(j + 1, rows.first)};
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
    }
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
    _mm512_mask_storeu_epi32(to, firstOf(inputs), _mm512_permutex2var_epi32(first, low, second));
    _mm512_mask_storeu_epi32(to + 16, firstOf(inputs - 16), _mm512_permutex2var_epi32(first, high, second));
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
// Where sums are shared: a band of one tile of channels, and the gradients kept in the cache while inputs go by.
constexpr int kSharedBand = 256;
constexpr int kSharedGroup = 1024;

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
      worker.accumulate(tiles, input, gradient, rows, {0, worker.inputTiles()}, {0, worker.outputTiles()}, own);
    }
  });
  const int outputBlocks = job.outputShape.channelBlocks();
  parallelFor(job.inputShape.channelBlocks() * outputBlocks, job.threads, [&](int task) {
    worker.writeOut(shared, plan.lanes, sums, task / outputBlocks, task % outputBlocks);
  });
}

// Many channels: everything is packed first, then every task takes some tiles of sums, which nobody else touches.
struct SharedPlan {
  SharedPlan(const Worker& worker, const WeightGradient& job)
      : inputElements(static_cast<size_t>(worker.inputTiles()) * worker.inputRows() * worker.inputGridWidth() * kTile),
        gradientElements(static_cast<size_t>(worker.outputTiles()) * worker.outputRows() * job.outputShape.width * kTile) {
    rows = between(1, kSharedBand / job.outputShape.width, worker.outputRows());
    groupTiles = smaller(worker.outputTiles(), larger(2, kSharedGroup / (rows * job.outputShape.width) / 2 * 2));
    groups = (worker.outputTiles() + groupTiles - 1) / groupTiles;
    const int wanted = larger(1, (4 * job.threads + groups - 1) / groups);
    chunkTiles = larger(2, worker.inputTiles() / wanted / 2 * 2);
    chunks = (worker.inputTiles() + chunkTiles - 1) / chunkTiles;
  }

  size_t inputElements, gradientElements;
  int rows, groupTiles, groups, chunkTiles, chunks;
};

template <class Tiles>
void computeShared(const WeightGradient& job) {
  const Worker worker(job);
  const SharedPlan plan(worker, job);
  auto* sums = static_cast<float*>(job.scratch);
  auto* packed = reinterpret_cast<Bf16*>(sums + worker.sumsCount());
  const Panel input = {packed, 0, worker.inputRows(), worker.inputGridWidth()};
  const Panel gradient = {packed + plan.inputElements, 0, worker.outputRows(), job.outputShape.width};
  parallelFor(input.rows + gradient.rows, job.threads, [&](int row) {
    if (row < input.rows) worker.packInputRow(input, row);
    else worker.packGradientRow(gradient, row - input.rows);
  });
  parallelFor(plan.groups * plan.chunks, job.threads, [&](int task) {
    Tiles tiles;
    const int i = task % plan.chunks * plan.chunkTiles;
    const int j = task / plan.chunks * plan.groupTiles;
    const Range inputs = {i, smaller(i + plan.chunkTiles, worker.inputTiles())};
    const Range outputs = {j, smaller(j + plan.groupTiles, worker.outputTiles())};
    worker.clear(sums, inputs, outputs);
    for (int row = 0; row < worker.outputRows(); row += plan.rows) {
      const Range rows = {row, smaller(row + plan.rows, worker.outputRows())};
      worker.accumulate(tiles, input, gradient, rows, inputs, outputs, sums);
    }
    for (int a = inputs.first; a < inputs.last; a += 2) {
      for (int b = outputs.first; b < outputs.last; b += 2) worker.writeOut(sums, 1, 0, a / 2, b / 2);
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
  return worker.sumsCount() * sizeof(float) + (plan.inputElements + plan.gradientElements) * sizeof(Bf16);
}

void computeWeightGradient(const WeightGradient& job) {
  if (job.unit == Unit::Amx) compute<AmxTiles>(job);
  else compute<VectorTiles>(job);
}

}  // namespace selfadapt::kernels
