// The kernels against plain loops in double, without libtorch and without a framework: prints what differs, and how it went.
#include <cstdio>

#include "winograd.h"

#if defined(__x86_64__)
#include "kernels/cpu.h"
#endif

namespace selfadapt::test {

namespace {

void testWinograd() {
  for (const auto part : {testParallel, fp32::testConvolutions, fp32::testWeightGradients, fp32::testPasses, fp32::testPooling,
                          fp32::testImages, testOptimize}) {
    part();
  }
}

// Prints the name of the unit that was tested, where this CPU can run it.
void testPacked() {
#if defined(__x86_64__)
  if (!hasAmx()) return;
  for (const auto part : {testImages, testWeights, testConvolve, testGradientConvolve, testWeightGradient, testNormalize,
                          testPool, testNotANumber, testViews}) {
    part();
  }
#if defined(SELFADAPT_EMULATED_TILES)
  printf("emulated ");
#endif
  printf("amx, ");
#endif
}

}  // namespace

}  // namespace selfadapt::test

int main() {
  using namespace selfadapt::test;
  if (fp32::units().empty()) {
    printf("skipped: this CPU has no AVX2 with FMA\n");
    return 0;
  }
  testWinograd();
  testPacked();
  for (const auto* unit : fp32::units()) printf("fp32 %s, ", unit->instructions);
  printf("%ld comparisons, %d failed\n", checks(), failures());
  return failures() == 0 ? 0 : 1;
}
