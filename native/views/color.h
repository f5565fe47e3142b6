// The changes of color, on one row of pixels from 0 to 1: what torchvision's operators give on tensors of floats.
#pragma once

#include <cmath>

#include "batch.h"

// Compiled twice, for any CPU and for one with AVX-512, so nothing here may be shared between the two.
namespace selfadapt::views {
namespace {

// Red, green and blue.
struct Row {
  float* channels[3];
  int width;
};

inline float unit(float x) { return x < 0 ? 0 : x > 1 ? 1 : x; }
inline float grayOf(float red, float green, float blue) { return 0.2989f * red + 0.587f * green + 0.114f * blue; }

// amount x, or amount x + (1 - amount) other, between 0 and 1
void blend(float* values, int width, float amount, float other) {
  const float added = (1 - amount) * other;
  for (int x = 0; x < width; x++) values[x] = unit(amount * values[x] + added);
}

void blendAll(const Row& row, float amount, float other) {
  for (float* values : row.channels) blend(values, row.width, amount, other);
}

void saturate(const Row& row, float amount) {
  float* __restrict red = row.channels[0];
  float* __restrict green = row.channels[1];
  float* __restrict blue = row.channels[2];
  for (int x = 0; x < row.width; x++) {
    const float added = (1 - amount) * grayOf(red[x], green[x], blue[x]);
    red[x] = unit(amount * red[x] + added);
    green[x] = unit(amount * green[x] + added);
    blue[x] = unit(amount * blue[x] + added);
  }
}

// Turns the hue by so many whole turns, -0.5 to 0.5, through hue, chroma and value. Comparisons become factors of 0 and 1
// because compilers turn such a loop into vectors.
void turnHue(const Row& row, float turns) {
  float* __restrict red = row.channels[0];
  float* __restrict green = row.channels[1];
  float* __restrict blue = row.channels[2];
  // In sixths of a turn, and one turn more: never below zero.
  const float shift = 6 * turns + 6;
  for (int x = 0; x < row.width; x++) {
    const float r = red[x], g = green[x], b = blue[x];
    const float value = larger(r, larger(g, b));
    const float chroma = value - smaller(r, smaller(g, b));
    const float divisor = chroma > 0 ? chroma : 1;
    const float isRed = value == r ? 1.0f : 0.0f;
    const float isGreen = (1 - isRed) * (value == g ? 1.0f : 0.0f);
    const float isBlue = 1 - isRed - isGreen;
    const float within = (isRed * (g - b) + isGreen * (b - r) + isBlue * (r - g)) / divisor;
    const float turned = within + (2 * isGreen + 4 * isBlue) + shift;
    const float hue = turned - 6 * static_cast<float>(static_cast<int>(turned * (1 / 6.0f)));
    red[x] = value - chroma * (1 - unit(fabsf(hue - 3) - 1));
    green[x] = value - chroma * (1 - unit(2 - fabsf(hue - 2)));
    blue[x] = value - chroma * (1 - unit(2 - fabsf(hue - 4)));
  }
}

void makeGray(const Row& row) {
  float* __restrict red = row.channels[0];
  float* __restrict green = row.channels[1];
  float* __restrict blue = row.channels[2];
  for (int x = 0; x < row.width; x++) red[x] = green[x] = blue[x] = grayOf(red[x], green[x], blue[x]);
}

// The sum of a row's grays, in sixteen sums side by side: the same bits however it is compiled.
double sumOfGrays(const Row& row) {
  const float* red = row.channels[0];
  const float* green = row.channels[1];
  const float* blue = row.channels[2];
  float sums[16] = {};
  double rest = 0;
  int x = 0;
  for (; x + 16 <= row.width; x += 16) {
    for (int i = 0; i < 16; i++) sums[i] += grayOf(red[x + i], green[x + i], blue[x + i]);
  }
  for (; x < row.width; x++) rest += grayOf(red[x], green[x], blue[x]);
  for (const float sum : sums) rest += sum;
  return rest;
}

// `mean` is the image's gray.
void applyStep(const Row& row, Step step, float amount, float mean) {
  switch (step) {
    case kBrightness: return blendAll(row, amount, 0);
    case kContrast: return blendAll(row, amount, mean);
    case kSaturation: return saturate(row, amount);
    case kHue: return turnHue(row, amount);
    default: return;
  }
}

}  // namespace
}  // namespace selfadapt::views
