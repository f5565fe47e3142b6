// A step of descent, number by number as libtorch's operators round it.
#include "winograd.h"

namespace selfadapt::test {

namespace {

using winograd::DescentOptions;

void testStep(const fp32::Unit& unit, size_t count, bool summed, const DescentOptions& options) {
  begin("%s descent of %zu numbers, momentum %g, decay %g%s", unit.instructions, count, options.momentum, options.weightDecay,
        options.nesterov ? ", nesterov" : "");
  Random random(count);
  Buffer<float> parameters(count), gradients(count), sums(count);
  for (size_t i = 0; i < count; i++) {
    parameters[i] = random.uniform();
    gradients[i] = random.uniform();
    sums[i] = random.uniform();
  }
  const Buffer<float> before = parameters, sumsBefore = sums;
  const double squares = unit.descend(parameters.data(), gradients.data(), summed ? sums.data() : nullptr, count, options);
  Sum expectedSquares;
  for (size_t i = 0; i < count; i++) {
    expectedSquares.add(static_cast<double>(gradients[i]) * gradients[i]);
    float direction = std::fma(before[i], options.weightDecay, gradients[i]);
    const float decayed = sumsBefore[i] * options.momentum;
    const float sum = summed ? decayed + direction : sumsBefore[i];
    if (summed) direction = options.nesterov ? std::fma(sum, options.momentum, direction) : sum;
    const float expected = std::fma(direction, -options.rate, before[i]);
    check(sums[i] == sum, "momentum", i, sums[i], sum);
    check(parameters[i] == expected, "parameter", i, parameters[i], expected);
  }
  expectClose("squares", 0, squares, expectedSquares, {1e-12, 0});
}

}  // namespace

void testOptimize() {
  for (const fp32::Unit* unit : fp32::units()) {
    for (const size_t count : {1, 15, 16, 17, 100}) {
      testStep(*unit, count, false, {0.1f, 0, 0, false});
      testStep(*unit, count, false, {0.1f, 0, 5e-4f, false});
      testStep(*unit, count, true, {0.1f, 0.9f, 5e-4f, false});
      testStep(*unit, count, true, {0.03f, 0.9f, 5e-4f, true});
    }
  }
}

}  // namespace selfadapt::test
