// Forward convolutions with what follows them, in training and in inference.
#include "convolutions.h"

namespace selfadapt::test {

namespace {

constexpr Convolution kConvolutions[] = {
    // Sliding windows, every remainder of a row by four.
    {1, 1, 1, 1, 1, 3, 1},     {31, 16, 33, 3, 2, 3, 1},  {32, 33, 16, 1, 3, 3, 1}, {33, 1, 32, 5, 4, 3, 1},
    {70, 32, 1, 3, 5, 3, 1},   {1, 70, 70, 7, 6, 3, 1},   {1, 33, 16, 5, 7, 3, 1},  {33, 16, 16, 2, 8, 3, 1},
    {31, 16, 1, 9, 9, 3, 1},   {2, 70, 33, 19, 9, 3, 1},
    // Lists of taps.
    {1, 1, 1, 1, 1, 3, 2},     {31, 33, 16, 5, 6, 3, 2},  {33, 16, 70, 4, 7, 3, 2}, {70, 1, 32, 9, 2, 3, 2},
    {32, 70, 1, 3, 3, 3, 2},   {1, 1, 1, 1, 1, 1, 1},     {33, 70, 33, 3, 5, 1, 1}, {31, 32, 16, 9, 1, 1, 1},
    {70, 33, 70, 5, 4, 1, 2},  {1, 16, 32, 1, 9, 1, 2},   {3, 5, 6, 8, 7, 5, 2},    {2, 33, 3, 20, 9, 5, 1},
};

// What an epilogue reads, for outputs of one shape.
struct Operands {
  explicit Operands(const Maps& shape)
      : bias(channelNumbers(shape, 21)), scale(channelNumbers(shape, 22)), shift(channelNumbers(shape, 23)), add(shape, 24) {}
  std::vector<float> bias, scale, shift;
  Given add;
};

struct Statistics {
  bool bias, relu, add, inPlace;
};
constexpr Statistics kStatistics[] = {{false, false, false, false}, {true, false, false, false}, {true, true, false, false},
                                      {false, false, true, false},  {true, true, true, false},   {true, false, true, true}};

void testStatistics(const Convolution& convolution, const Statistics& options, const Given& input,
                    const Weights& weights, const Sums& plain, const Operands& operands) {
  const Maps shape = convolution.to();
  const auto expected = [&](int n, int y, int x, int c) {
    Sum v = plain.at(n, y, x)[c];
    if (options.bias) v.value += operands.bias[c];
    if (options.relu) v.value = std::max(v.value, 0.0);
    if (options.add) v.value += operands.add.plain.at(n, y, x)[c];
    v.squares += 1;
    return v;
  };
  std::vector<Job> jobs;
  for (const int threads : kThreads) {
    begin("%s, %d threads, statistics, bias %d, relu %d, add %d", convolution.name().c_str(), threads,
          options.bias, options.relu, options.add);
    jobs.emplace_back(shape, 2, threads);
    Job& job = jobs.back();
    job.gather(input.packed, convolution.from(), weights.forward, convolution.window(), false);
    if (options.inPlace) std::copy_n(operands.add.packed.data(), job.output.size(), job.output.data());
    const Bf16* add = options.inPlace ? job.output.data() : options.add ? operands.add.packed.data() : nullptr;
    convolve(job.gathering, StatisticsEpilogue{options.bias ? operands.bias.data() : nullptr, options.relu, add});
    expectSame("output by threads", job.output, jobs[0].output);
    expectSame("sums by threads", job.partial, jobs[0].partial);
  }
  expectMaps("output", jobs[0].output, shape, expected);
  const auto value = [&](int n, int y, int x, int c) { return expected(n, y, x, c).value; };
  expectSums("sum", jobs[0].partial, 2, 0, shape, value);
  expectSums("sum of squares", jobs[0].partial, 2, 1, shape,
             [&](int n, int y, int x, int c) { return std::pow(value(n, y, x, c), 2); });
}

struct Inference {
  bool bias, relu, scale, add, lastRelu, inPlace;
};
constexpr Inference kInferences[] = {
    {false, false, false, false, false, false}, {true, true, false, false, false, false},
    {false, false, true, false, true, false},   {true, true, true, false, false, false},
    {false, false, false, true, true, false},   {true, false, true, true, true, true}};

void testInference(const Convolution& convolution, const Inference& options, const Given& input,
                   const Weights& weights, const Sums& plain, const Operands& operands) {
  const Maps shape = convolution.to();
  const auto expected = [&](int n, int y, int x, int c) {
    Sum v = plain.at(n, y, x)[c];
    if (options.bias) v.value += operands.bias[c];
    if (options.relu) v.value = std::max(v.value, 0.0);
    if (options.scale) v.value = v.value * operands.scale[c] + operands.shift[c];
    if (options.add) v.value += operands.add.plain.at(n, y, x)[c];
    if (options.lastRelu) v.value = std::max(v.value, 0.0);
    v.squares += 1;
    return v;
  };
  std::vector<Job> jobs;
  for (const int threads : kThreads) {
    begin("%s, %d threads, inference, bias %d, relu %d, scale %d, add %d, last relu %d", convolution.name().c_str(),
          threads, options.bias, options.relu, options.scale, options.add, options.lastRelu);
    jobs.emplace_back(shape, 0, threads);
    Job& job = jobs.back();
    job.gather(input.packed, convolution.from(), weights.forward, convolution.window(), false);
    if (options.inPlace) std::copy_n(operands.add.packed.data(), job.output.size(), job.output.data());
    InferenceEpilogue epilogue;
    if (options.bias) epilogue.bias = operands.bias.data();
    epilogue.relu = options.relu;
    if (options.scale) epilogue.scale = operands.scale.data();
    if (options.scale) epilogue.shift = operands.shift.data();
    if (options.add) epilogue.add = options.inPlace ? job.output.data() : operands.add.packed.data();
    epilogue.lastRelu = options.lastRelu;
    convolve(job.gathering, epilogue);
    expectSame("output by threads", job.output, jobs[0].output);
  }
  expectMaps("output", jobs[0].output, shape, expected, kRounded, Filling::ChannelZeros);
}

}  // namespace

void testConvolve() {
  for (const Convolution& convolution : kConvolutions) {
    const Given input(convolution.from(), 11);
    const Weights weights(convolution.weights(), 12);
    const Sums plain = convolved(convolution, input.plain, weights);
    const Operands operands(convolution.to());
    for (const Statistics& options : kStatistics) testStatistics(convolution, options, input, weights, plain, operands);
    for (const Inference& options : kInferences) testInference(convolution, options, input, weights, plain, operands);
  }
}

}  // namespace selfadapt::test
