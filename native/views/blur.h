// A Gaussian blur of one channel, rows first and columns then, the image mirrored beyond its edges.
#pragma once

#include <cmath>

#include "axis.h"

// Compiled twice, for any CPU and for one with AVX-512, so nothing here may be shared between the two.
namespace selfadapt::views {
namespace {

// exp(-(i / sigma)^2 / 2) for i from -radius to radius, scaled to sum 1
void fillKernel(float* kernel, int radius, double sigma) {
  double sum = 0;
  for (int i = -radius; i <= radius; i++) sum += exp(-0.5 * (i / sigma) * (i / sigma));
  for (int i = -radius; i <= radius; i++) {
    kernel[radius + i] = static_cast<float>(exp(-0.5 * (i / sigma) * (i / sigma)) / sum);
  }
}

// The pixel that lies at a place up to size - 1 beyond either edge: that on the edge is not repeated.
int reflected(int place, int size) {
  const int inside = place < 0 ? -place : place;
  return inside < size ? inside : 2 * (size - 1) - inside;
}

void blurRow(const float* kernel, int radius, int size, float* __restrict padded, float* __restrict target,
             const float* source) {
  for (int x = 0; x < radius; x++) padded[x] = source[reflected(x - radius, size)];
  for (int x = 0; x < size; x++) padded[radius + x] = source[x];
  for (int x = 0; x < radius; x++) padded[radius + size + x] = source[reflected(size + x, size)];
  for (int x = 0; x < size; x++) target[x] = kernel[0] * padded[x];
  for (int tap = 1; tap <= 2 * radius; tap++) {
    for (int x = 0; x < size; x++) target[x] += kernel[tap] * padded[x + tap];
  }
}

// `plane` is [size][size]; `other` has as many, and `padded` a row with its margins.
void blurPlane(float* __restrict plane, int size, int radius, const float* kernel, float* __restrict padded,
               float* __restrict other) {
  for (int y = 0; y < size; y++) blurRow(kernel, radius, size, padded, other + y * size, plane + y * size);
  for (int y = 0; y < size; y++) {
    float* __restrict target = plane + y * size;
    for (int x = 0; x < size; x++) target[x] = 0;
    for (int tap = 0; tap <= 2 * radius; tap++) {
      const float* source = other + reflected(y + tap - radius, size) * size;
      for (int x = 0; x < size; x++) target[x] += kernel[tap] * source[x];
    }
  }
}

}  // namespace
}  // namespace selfadapt::views
