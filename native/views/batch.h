// What one call for views is given: all images, which of them are wanted, and what was drawn for each.
#pragma once

#include <cstddef>
#include <cstdint>

namespace selfadapt::views {

// The columns of a row of draws: src/data/views/draw.ts writes them.
enum Column {
  kTop,
  kLeft,
  kHeight,
  kWidth,
  kMirrored,
  // Four steps of color in their order, none of them twice, and by how much each changes the image.
  kFirstStep,
  kFirstAmount = kFirstStep + 4,
  kGray = kFirstAmount + 4,
  // The blur's deviation in pixels; 0 without one.
  kSigma,
  kSolarized,
  kColumns
};

enum Step { kNothing, kBrightness, kContrast, kSaturation, kHue, kSteps };

struct Batch {
  // uint8, [images][3][height][width].
  const uint8_t* images;
  const int32_t* index;
  // [wanted][kColumns]
  const float* draws;
  int height, width;
  // The side of a view, and how many pixels a blur reaches to either side.
  int size, radius;
  float mean[3], deviation[3];
  // The most source pixels of a row or a column that one pixel of a view is made of.
  int mostTaps;

  size_t scratchFloats() const {
    const size_t pixels = static_cast<size_t>(size) * size;
    const size_t axes = 2 * static_cast<size_t>(size) * (mostTaps + 1);
    return 4 * pixels + axes + (width + mostTaps) + (size + 2 * radius) + (2 * radius + 1);
  }
};

// Writes the view at a position of the index, float32 of [size][size][3]. `scratch` has scratchFloats().
using WriteView = void (*)(const Batch& batch, int position, float* target, float* scratch);

}  // namespace selfadapt::views
