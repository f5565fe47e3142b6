// Gradients of convolutions' weights, with sums of each thread's own and with shared ones.
#include "kernels/weight-gradient.h"

#include "convolutions.h"

namespace selfadapt::test {

namespace {

constexpr Convolution kConvolutions[] = {
    {1, 1, 1, 1, 1, 3, 1},      {33, 16, 33, 5, 1, 3, 1},   {31, 33, 16, 3, 2, 3, 1},   {70, 1, 32, 4, 3, 3, 1},
    {32, 32, 1, 5, 4, 3, 1},    {1, 70, 70, 9, 5, 3, 1},    {33, 33, 33, 7, 6, 3, 1},   {1, 16, 33, 1, 7, 3, 1},
    {2, 1, 70, 9, 8, 3, 1},     {70, 70, 16, 9, 9, 3, 1},   {1, 1, 1, 1, 1, 3, 2},      {33, 16, 33, 5, 6, 3, 2},
    {70, 33, 16, 9, 7, 3, 2},   {31, 70, 32, 4, 1, 3, 2},   {1, 1, 1, 1, 1, 1, 1},      {33, 70, 33, 5, 3, 1, 1},
    {31, 16, 70, 7, 6, 1, 2},   {70, 33, 32, 2, 9, 1, 2},   {32, 16, 16, 3, 40, 3, 1},
    // So many channels that the sums are shared.
    {33, 160, 224, 3, 2, 3, 1}, {1, 224, 160, 5, 3, 3, 2},  {31, 130, 193, 2, 5, 3, 1}, {34, 448, 449, 2, 1, 1, 1},
    {1, 450, 448, 3, 5, 1, 2},
};

void testConvolution(const Convolution& convolution) {
  const Given input(convolution.from(), 61), gradient(convolution.to(), 62);
  const std::vector<Sum> expected = weightGradient(convolution, input.plain, gradient.plain);
  for (const int threads : kThreads) {
    begin("weight gradient, %s, %d threads", convolution.name().c_str(), threads);
    Buffer<float> result(expected.size()), again(expected.size());
    for (Buffer<float>* to : {&result, &again}) {
      WeightGradient job = {input.packed.data(), convolution.from(), gradient.packed.data(), convolution.to(),
                            convolution.window(), to->data(), nullptr, threads};
      Buffer<uint8_t> scratch(job.scratchBytes());
      job.scratch = scratch.data();
      computeWeightGradient(job);
    }
    for (size_t i = 0; i < expected.size(); i++) expectClose("weight", i, result[i], expected[i], kFloat);
    expectSame("again", again, result);
  }
}

}  // namespace

void testWeightGradient() {
  for (const Convolution& convolution : kConvolutions) testConvolution(convolution);
}

}  // namespace selfadapt::test
