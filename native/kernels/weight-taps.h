// The weight gradient's innermost step: a few neighboring gradients meet the inputs under one row of a 3 x 3 window.
#pragma once

#include "tiles.h"

namespace selfadapt::kernels {

// Four neighboring gradients at most go through the taps of one row of a 3 x 3 window: tiles 0 to 2 take the taps, 3 to 6 the
// gradients, 7 one input after the other. `left` and `right`: whether there is an input pixel before the first and behind the last.
template <int Pixels>
void slideGroup(Tiles& tiles, const Bf16* input, const Bf16* gradient, bool left, bool right) {
  tiles.load<3>(gradient);
  if (left) {
    tiles.load<7>(input - kTile);
    tiles.multiply<0, 7, 3>();
  }
  tiles.load<7>(input);
  tiles.multiply<1, 7, 3>();
  if constexpr (Pixels > 1) {
    tiles.load<4>(gradient + kTile);
    tiles.multiply<0, 7, 4>();
    tiles.load<7>(input + kTile);
    tiles.multiply<2, 7, 3>();
    tiles.multiply<1, 7, 4>();
  }
  if constexpr (Pixels > 2) {
    tiles.load<5>(gradient + 2 * kTile);
    tiles.multiply<0, 7, 5>();
    tiles.load<7>(input + 2 * kTile);
    tiles.multiply<2, 7, 4>();
    tiles.multiply<1, 7, 5>();
  }
  if constexpr (Pixels > 3) {
    tiles.load<6>(gradient + 3 * kTile);
    tiles.multiply<0, 7, 6>();
    tiles.load<7>(input + 3 * kTile);
    tiles.multiply<2, 7, 5>();
    tiles.multiply<1, 7, 6>();
  }
  if (right) {
    tiles.load<7>(input + Pixels * kTile);
    tiles.multiply<2, 7, Pixels + 2>();
  }
}

// The same at stride 2 for up to two gradients, each of which meets the input pixels 2 x - 1 to 2 x + 1.
template <int Pixels>
void strideGroup(Tiles& tiles, const Bf16* input, const Bf16* gradient, bool left, bool right) {
  tiles.load<3>(gradient);
  if (left) {
    tiles.load<5>(input - kTile);
    tiles.multiply<0, 5, 3>();
  }
  tiles.load<6>(input);
  tiles.multiply<1, 6, 3>();
  if constexpr (Pixels > 1) {
    tiles.load<7>(input + kTile);
    tiles.multiply<2, 7, 3>();
    tiles.load<4>(gradient + kTile);
    tiles.multiply<0, 7, 4>();
    tiles.load<5>(input + 2 * kTile);
    tiles.multiply<1, 5, 4>();
  }
  if (right) {
    tiles.load<7>(input + (2 * Pixels - 1) * kTile);
    tiles.multiply<2, 7, Pixels + 2>();
  }
}

}  // namespace selfadapt::kernels
