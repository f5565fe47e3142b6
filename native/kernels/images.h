// Conversion to and from the packed layout: images to columns of windows (im2col), feature maps to ordinary tensors.
#pragma once

#include "layout.h"

namespace selfadapt::kernels {

// Float32 images in any strides, counted in elements.
struct Images {
  float* values = nullptr;
  int images = 0, channels = 0, height = 0, width = 0;
  long imageStride = 0, channelStride = 0, rowStride = 0, columnStride = 0;
};

// The maps that columns are: as many channels as a window has values, in the order (row, column, channel).
Maps columnShape(const Images& images, const Window& window);

// Values of all images with zeros around them: the scratch that both directions need.
size_t framedSize(const Images& images, const Window& window);

// What the first convolution multiplies: every output pixel's window. `framed` is scratch.
void toColumns(const Images& from, const Window& window, Bf16* framed, Bf16* columns, int threads);
// Every image value sums the gradients of the columns that it went into.
void fromColumnGradient(const Bf16* columns, const Window& window, float* framed, const Images& to, int threads);

// Ordinary tensors (n, c, h, w) to packed maps and back.
void toMaps(const Images& from, Bf16* maps, int threads);
void fromMaps(const Bf16* maps, const Images& to, int threads);

}  // namespace selfadapt::kernels
