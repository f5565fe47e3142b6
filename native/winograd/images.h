// Into the fp32 layout and out of it: images as columns of windows, ordinary tensors as padded maps.
#pragma once

#include "jobs.h"

namespace selfadapt::winograd {

// The maps that columns are: as many channels as a window has values, in the order (row, column, channel).
Maps columnShape(const Images& images, const Window& window);

// What the first convolution multiplies: every output pixel's window.
void toColumns(const Images& from, const Window& window, float* columns, int threads);
// Every image value sums the gradients of the columns that it went into.
void fromColumnGradient(const float* columns, const Window& window, const Images& to, int threads);

// Ordinary tensors (n, c, h, w) to padded maps and back.
void toMaps(const Images& from, float* maps, int threads);
void fromMaps(const float* maps, const Images& to, int threads);

}  // namespace selfadapt::winograd
