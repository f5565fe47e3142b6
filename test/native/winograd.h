// What the fp32 kernels' tests share.
#pragma once

#include "support.h"
#include "winograd/images.h"
#include "winograd/unit.h"

namespace selfadapt::test::fp32 {

using winograd::Maps;
using winograd::Unit;
using Floats = Buffer<float>;

// The vector widths that this CPU has.
std::vector<const Unit*> units();

// Random numbers in padded maps, zeros where channels are padding; multiples of `step`, where there is one.
Floats mapsOf(const Maps& shape, uint64_t seed, float step = 0);
// By channel, zeros where channels are padding.
Floats channelsOf(const Maps& shape, uint64_t seed);

// Padded maps against expected(n, y, x, c) -> Sum, and padding against zeros.
template <class Expected>
void expectMaps(const char* what, const Floats& got, const Maps& shape, const Expected& expected, Bound bound = kFloat) {
  for (int n = 0; n < shape.images; n++) {
    for (int y = 0; y < shape.height; y++) {
      for (int x = 0; x < shape.width; x++) {
        for (int c = 0; c < shape.paddedChannels(); c++) {
          const size_t place = shape.at(n, y, x) + c;
          expectClose(what, place, got[place], c < shape.channels ? expected(n, y, x, c) : Sum{}, bound);
        }
      }
    }
  }
}

// Rows [tasks][of][padded channels]: the `which`th of each, summed, against term(element, channel) over all pixels.
template <class Term>
void expectSums(const char* what, const Floats& rows, int of, int which, const Maps& shape, const Term& term) {
  const size_t channels = shape.paddedChannels();
  for (size_t c = 0; c < channels; c++) {
    Sum expected;
    for (size_t pixel = 0; pixel < shape.allPixels(); pixel++) expected.add(term(pixel * channels + c, c));
    double got = 0;
    for (size_t i = which * channels + c; i < rows.size(); i += of * channels) got += rows[i];
    expectClose(what, c, got, expected, {0x1p-16, 0x1p-14});
  }
}

inline Floats zeros(size_t size) {
  Floats values(size);
  std::fill_n(values.data(), size, 0.0f);
  return values;
}

void testConvolutions();
void testWeightGradients();
void testPasses();
void testPooling();
void testImages();

}  // namespace selfadapt::test::fp32
