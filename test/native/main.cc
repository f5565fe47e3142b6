// The kernels against plain loops in double, without libtorch and without a framework: prints what differs, and how it went.
#include <cstdio>

#include "support.h"

int main() {
  using namespace selfadapt::test;
  if (units().empty()) {
    printf("skipped: this CPU has no AVX-512 BF16\n");
    return 0;
  }
  for (const auto part : {testParallel, testImages, testWeights, testConvolve, testGradientConvolve, testWeightGradient,
                          testNormalize, testPool, testNotANumber, testOptimise, testViews}) {
    part();
  }
  printf("%ld comparisons, %d failed, on", checks(), failures());
  for (const auto unit : units()) printf(" %s", nameOf(unit));
  printf("\n");
  return failures() == 0 ? 0 : 1;
}
