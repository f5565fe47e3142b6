// Rows and columns of a crop resized by a triangle filter, as wide as a source pixel where the crop grows and as a target
// pixel where it shrinks: bilinear interpolation, antialiased.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

// Compiled twice, for any CPU and for one with AVX-512, so nothing here may be shared between the two.
namespace selfadapt::views {
namespace {

template <class T>
T larger(T a, T b) {
  return a > b ? a : b;
}
template <class T>
T smaller(T a, T b) {
  return a < b ? a : b;
}

// Target pixel i is the sum over `tap` of weights[tap][i] times the source pixel starts[i] + tap; a weight is 0 where
// there is no such source pixel.
struct Axis {
  int size, taps;
  int* starts;
  float* weights;
};

int tapsOf(int length, int size) { return static_cast<int>(ceil(2 * larger(1.0, static_cast<double>(length) / size))); }

void fillAxis(Axis& axis, int length, bool mirrored) {
  const double scale = static_cast<double>(length) / axis.size;
  const double support = larger(1.0, scale), slope = 1 / support;
  axis.taps = tapsOf(length, axis.size);
  for (int i = 0; i < axis.size; i++) {
    const double center = (i + 0.5) * scale;
    const int start = larger(0, static_cast<int>(floor(center - support + 0.5)));
    const int place = mirrored ? axis.size - 1 - i : i;
    axis.starts[place] = start;
    double sum = 0;
    for (int tap = 0; tap < axis.taps; tap++) {
      const double weight = start + tap < length ? larger(0.0, 1 - fabs(start + tap + 0.5 - center) * slope) : 0;
      axis.weights[tap * axis.size + place] = static_cast<float>(weight);
      sum += weight;
    }
    for (int tap = 0; tap < axis.taps; tap++) axis.weights[tap * axis.size + place] /= static_cast<float>(sum);
  }
}

// Row `y` of one channel of a crop, resized in both directions. `line` has room for a row of the crop and `taps` more.
void resizeRow(const uint8_t* crop, int stride, int height, int width, const Axis& rows, const Axis& columns, int y,
               float* __restrict line, float* __restrict target) {
  for (int x = 0; x < width + columns.taps; x++) line[x] = 0;
  for (int tap = 0; tap < rows.taps; tap++) {
    const float weight = rows.weights[tap * rows.size + y] * (1 / 255.0f);
    const uint8_t* source = crop + static_cast<size_t>(smaller(rows.starts[y] + tap, height - 1)) * stride;
    for (int x = 0; x < width; x++) line[x] += weight * static_cast<float>(static_cast<int>(source[x]));
  }
  const int* starts = columns.starts;
  for (int x = 0; x < columns.size; x++) target[x] = 0;
  for (int tap = 0; tap < columns.taps; tap++) {
    const float* weights = columns.weights + tap * columns.size;
    const float* shifted = line + tap;
    for (int x = 0; x < columns.size; x++) target[x] += weights[x] * shifted[starts[x]];
  }
}

}  // namespace
}  // namespace selfadapt::views
