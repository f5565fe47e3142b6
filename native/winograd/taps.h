// All other convolutions (1 x 1, other strides, the first one over columns): lists of taps. For each output pixel and tap a
// pointer says which input pixel's channels are read; taps outside of the image read zeros. Nothing is copied.
#pragma once

#include "product.h"

namespace selfadapt::winograd::SELFADAPT_UNIT {

constexpr int kMostTaps = 9;
// Pixels at a time, and in a task.
constexpr int kChunk = 8 * kRows;
constexpr int kPixelsInTask = 960;
constexpr int kMostChannels = 1 << 13;

alignas(64) static const float kZeros[kMostChannels] = {};

// Output pixels of which the same taps exist: those at (offset + i) * step, numbered by image, row, column.
struct Grid {
  Grid(const Maps& maps, int step, int phase)
      : step(step), offsetY(phase / step), offsetX(phase % step), down(partsOf(larger(0, maps.height - offsetY), step)),
        across(partsOf(larger(0, maps.width - offsetX), step)), count(maps.images * down * across) {}
  int step, offsetY, offsetX, down, across, count;
};

struct Pixel {
  Pixel(const Grid& grid, int i)
      : image(i / (grid.down * grid.across)), y(i / grid.across % grid.down * grid.step + grid.offsetY),
        x(i % grid.across * grid.step + grid.offsetX) {}
  int image, y, x;
};

static SELFADAPT_INLINE const float* pixelAt(const float* maps, const Maps& shape, int image, int y, int x) {
  const bool outside = y < 0 || x < 0 || y >= shape.height || x >= shape.width;
  return outside ? kZeros : maps + shape.at(image, y, x);
}

// The input coordinate that a tap reads for an output coordinate; on the way back those of a phase's taps divide evenly.
static SELFADAPT_INLINE int tapAt(const Window& window, bool transposed, int at, int tap) {
  if (!transposed) return at * window.stride + tap - window.padding;
  return (at + window.padding - tap + window.stride) / window.stride - 1;
}
static SELFADAPT_INLINE bool meets(const Window& window, bool transposed, int offset, int tap) {
  return !transposed || (offset + window.padding - tap) % window.stride == 0;
}

// Weights of one tap: [outputs / kPanel][depth][kPanel].
struct Tap {
  const float* weights;
  const float* pixels[kChunk];
};

template <int Rows, int Vectors>
static void tapsTimesPanels(const Tap* taps, int count, int depth, int row, int column, float* to, size_t stride) {
  Sums<Rows, Vectors> sums;
  sums.begin(nullptr, 0, false);
  for (int t = 0; t < count; t++) {
    const float* panel = taps[t].weights + panelAt(column, depth);
    for (int k = 0; k < depth; k += 8) {
      const float* rows[Rows];
#pragma GCC unroll 16
      for (int r = 0; r < Rows; r++) rows[r] = taps[t].pixels[row + r] + k;
#pragma GCC unroll 8
      for (int i = 0; i < 8; i++, panel += Vectors * kWidth) sums.add([&](int r) { return rows[r][i]; }, panel);
    }
  }
  sums.end(to + row * stride + column, stride);
}

class TapConvolution {
 public:
  explicit TapConvolution(const Convolution& job)
      : job_(job), step_(job.source.transposed ? job.source.window.stride : 1), inputs_(job.source.shape.paddedChannels()),
        outputs_(job.shape.paddedChannels()) {}

  int tasks() const {
    int sum = 0;
    for (int phase = 0; phase < step_ * step_; phase++) sum += tasksOf(phase);
    return sum;
  }
  size_t scratch() const { return static_cast<size_t>(kChunk) * row(); }

  template <class Writer>
  void run(const Writer& writer) const {
    parallelWorkers(tasks(), job_.threads, [&](int task, int worker) {
      int phase = 0, part = task;
      while (part >= tasksOf(phase)) part -= tasksOf(phase++);
      Writer own = writer;
      if (Writer::kSums > 0) own.sums = job_.partial.rows + static_cast<size_t>(task) * job_.partial.sums * outputs_;
      const Grid grid(job_.shape, step_, phase);
      const int last = smaller(grid.count, (part + 1) * kPixelsInTask);
      for (int first = part * kPixelsInTask; first < last; first += kChunk) {
        chunk(grid, first, smaller(kChunk, last - first), job_.scratch + worker * scratch(), own);
      }
    });
  }

 private:
  size_t row() const { return outputs_ + 16; }
  int tasksOf(int phase) const { return partsOf(Grid(job_.shape, step_, phase).count, kPixelsInTask); }

  int tapsOf(const Grid& grid, int first, int count, Tap* taps) const {
    const Source& source = job_.source;
    const Window& window = source.window;
    int found = 0;
    for (int t = 0; t < window.taps(); t++) {
      const int ky = t / window.kernel, kx = t % window.kernel;
      if (!meets(window, source.transposed, grid.offsetY, ky) || !meets(window, source.transposed, grid.offsetX, kx)) continue;
      Tap& tap = taps[found++];
      tap.weights = source.weights + static_cast<size_t>(t) * inputs_ * outputs_;
      for (int i = 0; i < count; i++) {
        const Pixel pixel(grid, first + i);
        tap.pixels[i] = pixelAt(source.maps, source.shape, pixel.image, tapAt(window, source.transposed, pixel.y, ky),
                                tapAt(window, source.transposed, pixel.x, kx));
      }
    }
    return found;
  }

  template <class Writer>
  void chunk(const Grid& grid, int first, int count, float* sums, const Writer& writer) const {
    Tap taps[kMostTaps];
    const int found = tapsOf(grid, first, count, taps);
    eachBlock(count, 0, outputs_, outputs_, [&]<int Rows, int Vectors>(int r, int column) {
      tapsTimesPanels<Rows, Vectors>(taps, found, inputs_, r, column, sums, row());
    });
    size_t elements[kChunk];
    for (int i = 0; i < count; i++) {
      const Pixel pixel(grid, first + i);
      elements[i] = job_.shape.at(pixel.image, pixel.y, pixel.x);
    }
    for (int channel = 0; channel < outputs_; channel += kWidth) {
      typename Writer::State state;
      writer.begin(state, channel);
      for (int i = 0; i < count; i++) writer(state, load(sums + i * row() + channel), elements[i] + channel);
      writer.end(state, channel);
    }
  }

  const Convolution& job_;
  int step_, inputs_, outputs_;
};

}  // namespace selfadapt::winograd::SELFADAPT_UNIT
