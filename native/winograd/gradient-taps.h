// The gradient of other convolutions' weights: a task sums one run of pixels at one tap and one panel of input channels, whose
// pixels it packs; gradients are read where they lie.
#pragma once

#include "taps.h"

namespace selfadapt::winograd::SELFADAPT_UNIT {

class TapWeightGradient {
 public:
  explicit TapWeightGradient(const WeightGradient& job)
      : job_(job), inputs_(job.inputShape.paddedChannels()), outputs_(job.outputShape.paddedChannels()),
        pixels_(static_cast<int>(job.outputShape.allPixels())), panels_(partsOf(inputs_, kPanel)),
        runs_(larger(1, smaller(partsOf(pixels_, kDepth), kTasks / (panels_ * job.window.taps())))) {}

  size_t scratch() const { return runs_ * sumsFloats() + static_cast<size_t>(job_.threads) * kDepth * kPanel; }

  void run() const {
    parallelWorkers(runs_ * job_.window.taps() * panels_, job_.threads, [&](int task, int worker) {
      const int panel = task % panels_, tap = task / panels_ % job_.window.taps(), run = task / panels_ / job_.window.taps();
      const int chunks = partsOf(pixels_, kDepth);
      sum(run, tap, panel, static_cast<int>(static_cast<long>(chunks) * run / runs_),
          static_cast<int>(static_cast<long>(chunks) * (run + 1) / runs_),
          job_.scratch + runs_ * sumsFloats() + static_cast<size_t>(worker) * kDepth * kPanel);
    });
    parallelFor(job_.outputShape.channels, job_.threads, [&](int output) { finish(output); });
  }

 private:
  // Pixels at a time.
  static constexpr int kDepth = 240;
  // As many tasks as there should be at least.
  static constexpr int kTasks = 32;

  size_t sumsFloats() const { return static_cast<size_t>(job_.window.taps()) * outputs_ * inputs_; }
  float* sumsOf(int run, int tap) const {
    return job_.scratch + run * sumsFloats() + static_cast<size_t>(tap) * outputs_ * inputs_;
  }

  void sum(int run, int tap, int panel, int firstChunk, int lastChunk, float* packed) const {
    const int column = panel * kPanel, width = panelWidth(column, inputs_);
    for (int chunk = firstChunk; chunk < lastChunk; chunk++) {
      const int first = chunk * kDepth, count = smaller(kDepth, pixels_ - first);
      pack(tap, column, width, first, count, packed);
      multiplyTransposed({job_.gradient + static_cast<size_t>(first) * outputs_, static_cast<size_t>(outputs_), packed,
                          sumsOf(run, tap) + column, static_cast<size_t>(inputs_), outputs_, width, count, chunk > firstChunk},
                         0, width);
    }
  }

  void pack(int tap, int column, int width, int first, int count, float* to) const {
    const Grid grid(job_.outputShape, 1, 0);
    const int ky = tap / job_.window.kernel, kx = tap % job_.window.kernel;
    for (int i = 0; i < count; i++, to += width) {
      const Pixel pixel(grid, first + i);
      const float* from = pixelAt(job_.input, job_.inputShape, pixel.image, tapAt(job_.window, false, pixel.y, ky),
                                  tapAt(job_.window, false, pixel.x, kx));
      for (int c = 0; c < width; c += kWidth) store(to + c, load(from + column + c));
    }
  }

  void finish(int output) const {
    const int channels = job_.inputShape.channels, taps = job_.window.taps();
    for (int tap = 0; tap < taps; tap++) {
      float* to = job_.result + (static_cast<size_t>(output) * taps + tap) * channels;
      for (int input = 0; input < channels; input += kWidth) {
        Vector sum{};
        for (int run = 0; run < runs_; run++) sum += load(sumsOf(run, tap) + static_cast<size_t>(output) * inputs_ + input);
        storeFirst(to + input, sum, channels - input);
      }
    }
  }

  const WeightGradient& job_;
  int inputs_, outputs_, pixels_, panels_, runs_;
};

}  // namespace selfadapt::winograd::SELFADAPT_UNIT
