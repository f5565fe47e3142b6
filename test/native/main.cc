// The kernels against plain loops in double, without libtorch and without a framework: prints what differs, and how it went.
#include <cstdio>

#include "winograd.h"

int main() {
  using namespace selfadapt::test;
  if (fp32::units().empty()) {
    printf("skipped: this CPU has no AVX2\n");
    return 0;
  }
  for (const auto part : {testParallel, fp32::testConvolutions, fp32::testWeightGradients, fp32::testPasses, fp32::testPooling,
                          fp32::testImages, testOptimize}) {
    part();
  }
  if (!units().empty()) {
    for (const auto part : {testImages, testWeights, testConvolve, testGradientConvolve, testWeightGradient, testNormalize,
                            testPool, testNotANumber, testViews}) {
      part();
    }
  }
  printf("%ld comparisons, %d failed, on", checks(), failures());
  for (const auto unit : units()) printf(" %s", nameOf(unit));
  for (const auto* unit : fp32::units()) printf(" fp32-%s", unit->instructions);
  printf("\n");
  return failures() == 0 ? 0 : 1;
}
