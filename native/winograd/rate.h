// What the machine can do at most, measured: the floor that the benchmark holds against the time of a step.
#pragma once

#include <time.h>

#include "product.h"

namespace selfadapt::winograd::SELFADAPT_UNIT {

static double secondsNow() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Multiplications and additions a second of products on numbers that stay in the nearest cache, on so many threads: the best of many
// short trials, some of which other processes leave alone.
static double productRate(int threads) {
  constexpr int kDepth = 64, kRounds = 1000;
  float left[kRows * kDepth], panel[kDepth * kPanel];
  for (int i = 0; i < kRows * kDepth; i++) left[i] = 0.5f + i % 13;
  for (int i = 0; i < kDepth * kPanel; i++) panel[i] = 0.5f - i % 7;
  double best = 0;
  for (int trial = 0; trial < 200; trial++) {
    const double began = secondsNow();
    parallelFor(threads, threads, [&](int) {
      float to[kRows * kPanel] = {};
      for (int round = 0; round < kRounds; round++) {
        multiply({left, kDepth, panel, to, kPanel, kRows, kPanel, kDepth, true}, 0, kPanel);
      }
      volatile float used = to[0];
      (void)used;
    });
    const double rate = 2.0 * kRows * kPanel * kDepth * kRounds * threads / (secondsNow() - began);
    if (rate > best) best = rate;
  }
  return best;
}

}  // namespace selfadapt::winograd::SELFADAPT_UNIT
