// One view of one image while it lies in the nearest caches: row by row as far as the colors allow, once more from where
// contrast needs the mean of the whole, and once more where it is blurred.
#pragma once

#include "axis.h"
#include "batch.h"
#include "blur.h"
#include "color.h"

// Compiled twice, for any CPU and for one with AVX-512, so nothing here may be shared between the two.
namespace selfadapt::views {
namespace {

// Where in the scratch memory everything lies.
struct Scratch {
  Scratch(const Batch& batch, float* memory) {
    const auto take = [&](size_t count) {
      float* const taken = memory;
      memory += count;
      return taken;
    };
    const size_t size = batch.size, pixels = size * size;
    planes = take(3 * pixels);
    other = take(pixels);
    line = take(batch.width + batch.mostTaps);
    padded = take(size + 2 * batch.radius);
    kernel = take(2 * batch.radius + 1);
    rows = {batch.size, 0, reinterpret_cast<int*>(take(size)), take(size * batch.mostTaps)};
    columns = {batch.size, 0, reinterpret_cast<int*>(take(size)), take(size * batch.mostTaps)};
  }

  float *planes, *other, *line, *padded, *kernel;
  Axis rows, columns;
};

// A view in the making: its draws, and its pixels as three planes.
class View {
 public:
  View(const Batch& batch, int position, float* scratch)
      : batch_(batch), draws_(batch.draws + static_cast<size_t>(position) * kColumns), scratch_(batch, scratch) {
    const size_t size = static_cast<size_t>(batch.height) * batch.width;
    image_ = batch.images + 3 * size * batch.index[position];
  }

  void write(float* target) {
    fillAxis(scratch_.rows, whole(kHeight), false);
    fillAxis(scratch_.columns, whole(kWidth), draws_[kMirrored] != 0);
    int waiting = 0;
    while (waiting < 4 && step(waiting) != kContrast) waiting++;
    double grays = 0;
    for (int y = 0; y < batch_.size; y++) {
      resize(y);
      applySteps(y, 0, waiting, 0);
      if (waiting < 4) grays += sumOfGrays(row(y));
    }
    const float mean = static_cast<float>(grays / (static_cast<double>(batch_.size) * batch_.size));
    const bool blurred = draws_[kSigma] > 0;
    for (int y = 0; y < batch_.size; y++) {
      applySteps(y, waiting, 4, mean);
      if (draws_[kGray] != 0) makeGray(row(y));
      if (!blurred) finish(y, target);
    }
    if (!blurred) return;
    blur();
    for (int y = 0; y < batch_.size; y++) finish(y, target);
  }

 private:
  int whole(Column column) const { return static_cast<int>(draws_[column]); }
  Step step(int i) const { return static_cast<Step>(static_cast<int>(draws_[kFirstStep + i])); }
  float* plane(int channel) const { return scratch_.planes + static_cast<size_t>(channel) * batch_.size * batch_.size; }

  Row row(int y) const {
    const size_t offset = static_cast<size_t>(y) * batch_.size;
    return {{plane(0) + offset, plane(1) + offset, plane(2) + offset}, batch_.size};
  }

  void resize(int y) {
    const size_t corner = static_cast<size_t>(whole(kTop)) * batch_.width + whole(kLeft);
    for (int c = 0; c < 3; c++) {
      const uint8_t* crop = image_ + static_cast<size_t>(c) * batch_.height * batch_.width + corner;
      resizeRow(crop, batch_.width, whole(kHeight), whole(kWidth), scratch_.rows, scratch_.columns, y, scratch_.line,
                plane(c) + static_cast<size_t>(y) * batch_.size);
    }
  }

  void applySteps(int y, int first, int last, float mean) {
    for (int i = first; i < last; i++) applyStep(row(y), step(i), draws_[kFirstAmount + i], mean);
  }

  void blur() {
    fillKernel(scratch_.kernel, batch_.radius, draws_[kSigma]);
    for (int c = 0; c < 3; c++) {
      blurPlane(plane(c), batch_.size, batch_.radius, scratch_.kernel, scratch_.padded, scratch_.other);
    }
  }

  // Solarized where drawn, normalized, and the channels side by side.
  void finish(int y, float* target) const {
    const Row from = row(y);
    float* __restrict to = target + static_cast<size_t>(3) * y * batch_.size;
    if (draws_[kSolarized] != 0) {
      for (float* values : from.channels) {
        for (int x = 0; x < from.width; x++) values[x] = values[x] >= 0.5f ? 1 - values[x] : values[x];
      }
    }
    const float* red = from.channels[0];
    const float* green = from.channels[1];
    const float* blue = from.channels[2];
    const float means[3] = {batch_.mean[0], batch_.mean[1], batch_.mean[2]};
    const float deviations[3] = {batch_.deviation[0], batch_.deviation[1], batch_.deviation[2]};
    for (int x = 0; x < from.width; x++) {
      to[3 * x] = (red[x] - means[0]) / deviations[0];
      to[3 * x + 1] = (green[x] - means[1]) / deviations[1];
      to[3 * x + 2] = (blue[x] - means[2]) / deviations[2];
    }
  }

  const Batch& batch_;
  const float* draws_;
  const uint8_t* image_;
  Scratch scratch_;
};

void writeViewHere(const Batch& batch, int position, float* target, float* scratch) {
  View(batch, position, scratch).write(target);
}

}  // namespace
}  // namespace selfadapt::views
