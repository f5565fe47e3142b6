#include "rate.h"

#include <time.h>

#include "parallel.h"
#include "tiles.h"

namespace selfadapt::kernels {

namespace {

constexpr int kTiles = 8;
constexpr int kRounds = 40000;

double seconds() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Numbers between 1/2 and 2 of both signs: zeros would take less power, and so less time.
void fill(Bf16* values, int count) {
  uint32_t state = 1;
  for (int i = 0; i < count; i++) {
    state = state * 1664525 + 1013904223;
    values[i] = static_cast<Bf16>(0x3f00 + ((state >> 16) & 0xff) + ((state >> 1) & 0x8000));
  }
}

// Four sums, two tiles a side, as the convolutions have them.
void multiplyMany(const Bf16* numbers) {
  Tiles tiles;
  alignas(64) float sums[256];
  tiles.zero<0>();
  tiles.zero<1>();
  tiles.zero<2>();
  tiles.zero<3>();
  for (int round = 0; round < kRounds; round++) {
    const Bf16* from = numbers + round % (kTiles / 4) * 4 * kTile;
    tiles.load<4>(from);
    tiles.load<6>(from + 2 * kTile);
    tiles.multiply<0, 4, 6>();
    tiles.load<7>(from + 3 * kTile);
    tiles.multiply<1, 4, 7>();
    tiles.load<5>(from + kTile);
    tiles.multiply<2, 5, 6>();
    tiles.multiply<3, 5, 7>();
  }
  tiles.store<0>(sums);
  tiles.store<1>(sums);
  tiles.store<2>(sums);
  tiles.store<3>(sums);
}

}  // namespace

double productRate(int threads) {
  alignas(64) Bf16 numbers[kTiles * kTile];
  fill(numbers, kTiles * kTile);
  double best = 0;
  for (int trial = 0; trial < 5; trial++) {
    const double began = seconds();
    parallelFor(threads, threads, [&](int) { multiplyMany(numbers); });
    const double operations = 4.0 * kRounds * 2 * 16 * 16 * 32 * threads;
    const double rate = operations / (seconds() - began);
    if (rate > best) best = rate;
  }
  return best;
}

}  // namespace selfadapt::kernels
