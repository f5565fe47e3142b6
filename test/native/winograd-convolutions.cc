// The fp32 convolutions, forward and to their input, and the gradient of their weights, against plain loops in double.
#include <cstdio>

#include "winograd.h"

namespace selfadapt::test::fp32 {

namespace {

using winograd::Convolution;
using winograd::WeightGradient;

// Winograd's transforms cancel, so single values may be off by much more than their mean, which has a bound of its own below.
constexpr Bound kTransformed = {0x1p-15, 0x1p-15};
// The root of the mean square error over that of the values, measured at most 3.4e-6 in docs/kernels.md.
constexpr double kRelative = 4e-6;

// A tile's values share their rounding errors: no value is held to less than the mean size.
void shareErrors(std::vector<Sum>& sums) {
  double mean = 0;
  for (const Sum& sum : sums) mean += sum.squares / static_cast<double>(sums.size());
  for (Sum& sum : sums) sum.squares = std::max(sum.squares, mean);
}

template <class Got>
void expectNear(const char* what, const std::vector<Sum>& expected, const Got& got) {
  double error = 0, size = 0;
  for (size_t i = 0; i < expected.size(); i++) {
    error += (got(i) - expected[i].value) * (got(i) - expected[i].value);
    size += expected[i].squares;
  }
  const double relative = std::sqrt(error / size);
  check(relative <= kRelative, what, 0, relative, kRelative);
}

struct Case {
  Maps input;
  int outputs;
  Window window;

  Maps output() const {
    return {input.images, outputs, window.outputSize(input.height), window.outputSize(input.width)};
  }
  WeightShape weights() const { return {outputs, input.channels, window}; }
};

std::vector<Case> cases() {
  const Window same = {3, 1, 1}, halving = {3, 2, 1}, point = {1, 1, 0}, pointHalving = {1, 2, 0}, thirds = {3, 3, 1};
  std::vector<Case> all;
  for (const Window& window : {same, halving, point, pointHalving, thirds}) {
    all.push_back({{2, 16, 8, 8}, 16, window});
    all.push_back({{3, 5, 7, 7}, 48, window});
    all.push_back({{1, 40, 13, 6}, 20, window});
    all.push_back({{2, 33, 1, 3}, 3, window});
    all.push_back({{5, 24, 4, 4}, 72, window});
    all.push_back({{1, 64, 2, 2}, 80, window});
    all.push_back({{70, 16, 7, 5}, 32, window});
    all.push_back({{1, 16, 40, 37}, 16, window});
  }
  all.push_back({{40, 144, 5, 4}, 160, same});
  all.push_back({{40, 144, 9, 8}, 160, halving});
  return all;
}

// A convolution in double: sums of products over taps and channels. Calls body(input, weight, output) with their places; inputs
// and outputs in padded maps, weights in [outputs][taps][inputs].
template <class Body>
void eachProduct(const Case& c, const Body& body) {
  const Maps output = c.output();
  for (int n = 0; n < output.images; n++) {
    eachTap({c.input.images, c.input.channels, c.input.height, c.input.width}, c.window,
            [&](int y, int x, int tap, int fromY, int fromX) {
              for (int o = 0; o < c.outputs; o++) {
                const size_t weight = (static_cast<size_t>(o) * c.window.taps() + tap) * c.input.channels;
                for (int i = 0; i < c.input.channels; i++) {
                  body(c.input.at(n, fromY, fromX) + i, weight + i, output.at(n, y, x) + o);
                }
              }
            });
  }
}

struct Packed {
  Packed(const Unit& unit, const Case& c, const Floats& weights)
      : forward(unit.packedSize(c.weights())), backward(unit.packedSize(c.weights())) {
    // Groups are padded with memory that nothing reads. Both forms at once or one by one.
    const auto pack = [&](int block, float* ahead, float* back) {
      unit.packWeights(weights.data(), c.weights(), block, {ahead, back});
    };
    for (int block = 0; block < blocksOf(c.outputs); block++) {
      if (block % 2 == 0) {
        pack(block, forward.data(), backward.data());
      } else {
        pack(block, forward.data(), nullptr);
        pack(block, nullptr, backward.data());
      }
    }
  }
  Floats forward, backward;
};

Floats weightsOf(const Case& c) {
  Random random(c.outputs);
  Floats weights(c.weights().size());
  for (size_t i = 0; i < weights.size(); i++) weights[i] = random.uniform();
  return weights;
}

// Runs a convolution with memory of just the size that it asks for; returns its output and rows of sums.
struct Result {
  Floats output, rows;
};
template <class Convolve>
Result run(const Unit& unit, Convolution job, int sums, int threads, const Convolve& convolve) {
  job.threads = threads;
  Result result = {Floats(job.shape.elements()), zeros(static_cast<size_t>(unit.convolutionTasks(job)) * sums * job.shape.paddedChannels())};
  Floats scratch(unit.convolutionScratch(job));
  job.output = result.output.data();
  job.partial = {result.rows.data(), sums};
  job.scratch = scratch.data();
  convolve(job);
  return result;
}

template <class Convolve>
Result runAll(const Unit& unit, const Convolution& job, int sums, const Convolve& convolve) {
  Result result = run(unit, job, sums, 1, convolve);
  for (const int threads : {2, 3}) {
    const Result other = run(unit, job, sums, threads, convolve);
    expectSame("output on threads", other.output, result.output);
    expectSame("sums on threads", other.rows, result.rows);
  }
  return result;
}

auto readerOf(const Maps& shape, const std::vector<Sum>& values) {
  return [&](int n, int y, int x, int c) { return values[shape.at(n, y, x) + c]; };
}

void testForward(const Unit& unit, const Case& c) {
  const Maps shape = c.output();
  const Floats input = mapsOf(c.input, 1), weights = weightsOf(c), add = mapsOf(shape, 2);
  const Floats bias = channelsOf(shape, 3), scale = channelsOf(shape, 4), shift = channelsOf(shape, 5);
  const Packed packed(unit, c, weights);
  std::vector<Sum> plain(shape.elements());
  eachProduct(c, [&](size_t i, size_t w, size_t o) { plain[o].add(static_cast<double>(input[i]) * weights[w]); });
  Convolution job;
  job.source = {input.data(), c.input, packed.forward.data(), c.window, false};
  job.shape = shape;

  const Result statistics = runAll(unit, job, 2, [&](const Convolution& j) { unit.convolveForStatistics(j, {}); });
  expectMaps("forward", statistics.output, shape, readerOf(shape, plain), kTransformed);
  expectNear("error forward", plain, [&](size_t i) { return statistics.output[i]; });
  const auto got = [&](size_t element, size_t) { return static_cast<double>(statistics.output[element]); };
  expectSums("sums", statistics.rows, 2, 0, shape, got);
  expectSums("squares", statistics.rows, 2, 1, shape, [&](size_t e, size_t ch) { return got(e, ch) * got(e, ch); });

  const auto finished = [&](bool folded) {
    return [&, folded](int n, int y, int x, int ch) {
      const size_t element = shape.at(n, y, x) + ch;
      Sum sum = plain[element];
      sum.squares += 1;
      sum.value = std::max(0.0, sum.value + bias[ch]);
      if (folded) sum.value = sum.value * scale[ch] + shift[ch];
      sum.value += add[element];
      if (folded) sum.value = std::max(0.0, sum.value);
      return sum;
    };
  };
  const Result ended = runAll(unit, job, 2, [&](const Convolution& j) {
    unit.convolveForStatistics(j, {bias.data(), true, add.data()});
  });
  expectMaps("bias, ReLU and residual", ended.output, shape, finished(false), kTransformed);
  const Result folded = runAll(unit, job, 0, [&](const Convolution& j) {
    unit.convolveForInference(j, {bias.data(), true, scale.data(), shift.data(), add.data(), true});
  });
  expectMaps("inference", folded.output, shape, finished(true), kTransformed);
}

void testToInput(const Unit& unit, const Case& c) {
  const Maps shape = c.output();
  const Floats gradient = mapsOf(shape, 6), weights = weightsOf(c), add = mapsOf(c.input, 7);
  const Floats first = mapsOf(c.input, 8), second = mapsOf(c.input, 9), activation = mapsOf(c.input, 10);
  const Floats scale = channelsOf(c.input, 11), shift = channelsOf(c.input, 12), slope = channelsOf(c.input, 13);
  const Packed packed(unit, c, weights);
  std::vector<Sum> plain(c.input.elements());
  eachProduct(c, [&](size_t i, size_t w, size_t o) { plain[i].add(static_cast<double>(gradient[o]) * weights[w]); });
  Convolution job;
  job.source = {gradient.data(), shape, packed.backward.data(), c.window, true};
  job.shape = c.input;
  const Result bare = runAll(unit, job, 3, [&](const Convolution& j) { unit.convolveGradient(j, {}); });
  expectMaps("to input", bare.output, c.input, readerOf(c.input, plain), kTransformed);
  expectNear("error to input", plain, [&](size_t i) { return bare.output[i]; });

  const auto masked = [&](bool lets, size_t element, double factor) {
    Sum sum = plain[element];
    sum.squares += 1;
    sum.value = lets ? (sum.value + add[element]) * factor : 0;
    return sum;
  };
  winograd::GradientEpilogue epilogue;
  epilogue.add = add.data();
  epilogue.first = first.data();
  epilogue.second = second.data();
  epilogue.activation = activation.data();
  const Result byOutput = runAll(unit, job, 3, [&](const Convolution& j) { unit.convolveGradient(j, epilogue); });
  expectMaps("masked by output", byOutput.output, c.input, [&](int n, int y, int x, int ch) {
    const size_t element = c.input.at(n, y, x) + ch;
    return masked(activation[element] > 0, element, 1);
  }, kTransformed);
  const auto got = [&](size_t element, size_t) { return static_cast<double>(byOutput.output[element]); };
  expectSums("gradient's sums", byOutput.rows, 3, 0, c.input, got);
  expectSums("first dot", byOutput.rows, 3, 1, c.input, [&](size_t e, size_t ch) { return got(e, ch) * first[e]; });
  expectSums("second dot", byOutput.rows, 3, 2, c.input, [&](size_t e, size_t ch) { return got(e, ch) * second[e]; });

  epilogue = {};
  epilogue.add = add.data();
  epilogue.first = first.data();
  epilogue.scale = scale.data();
  epilogue.shift = shift.data();
  epilogue.slope = slope.data();
  const Result byNorm = runAll(unit, job, 3, [&](const Convolution& j) { unit.convolveGradient(j, epilogue); });
  expectMaps("masked by norm", byNorm.output, c.input, [&](int n, int y, int x, int ch) {
    const size_t element = c.input.at(n, y, x) + ch;
    return masked(std::fma(first[element], scale[ch], shift[ch]) > 0, element, slope[ch]);
  }, kTransformed);
}

Floats weightGradient(const Unit& unit, const Case& c, const Floats& input, const kernels::Reading& reading, const Floats& gradient,
                      int threads) {
  WeightGradient job;
  job.input = input.data();
  job.inputShape = c.input;
  job.gradient = gradient.data();
  job.outputShape = c.output();
  job.window = c.window;
  job.reading = reading;
  job.threads = threads;
  Floats result(c.weights().size()), scratch(unit.weightGradientScratch(job));
  job.result = result.data();
  job.scratch = scratch.data();
  unit.weightGradient(job);
  return result;
}

void testToWeights(const Unit& unit, const Case& c) {
  const Maps shape = c.output();
  const Floats input = mapsOf(c.input, 14), gradient = mapsOf(shape, 15);
  std::vector<Sum> plain(c.weights().size());
  eachProduct(c, [&](size_t i, size_t w, size_t o) { plain[w].add(static_cast<double>(input[i]) * gradient[o]); });
  const auto compute = [&](int threads) { return weightGradient(unit, c, input, {}, gradient, threads); };
  const Floats result = compute(1);
  shareErrors(plain);
  for (size_t i = 0; i < plain.size(); i++) expectClose("to weights", i, result[i], plain[i], kTransformed);
  expectNear("error to weights", plain, [&](size_t i) { return result[i]; });
  for (const int threads : {2, 3}) expectSame("weight gradients on threads", compute(threads), result);
}

// Read through a batch norm and its ReLU, a convolution and its weight gradient are, to the last bit, those of blended maps.
void testReading(const Unit& unit, const Case& c) {
  if (!winograd::byTiles(c.window)) return;
  const Maps shape = c.output();
  const Floats maps = mapsOf(c.input, 16), gradient = mapsOf(shape, 17), weights = weightsOf(c);
  const Floats scale = channelsOf(c.input, 18), shift = channelsOf(c.input, 19);
  const kernels::Reading reading = {scale.data(), shift.data()};
  Floats blended(c.input.elements());
  unit.blend({c.input, {maps.data(), scale.data(), shift.data()}, {}, true, nullptr, blended.data(), 1});

  const Packed packed(unit, c, weights);
  const auto forward = [&](const Floats& from, const kernels::Reading& as) {
    Convolution job;
    job.source = {from.data(), c.input, packed.forward.data(), c.window, false, as};
    job.shape = shape;
    return runAll(unit, job, 2, [&](const Convolution& j) { unit.convolveForStatistics(j, {}); });
  };
  expectSame("forward through a norm", forward(maps, reading).output, forward(blended, {}).output);
  expectSame("weight gradient through a norm", weightGradient(unit, c, maps, reading, gradient, 2),
             weightGradient(unit, c, blended, {}, gradient, 2));
}

template <class Test>
void testEach(const char* what, const Test& test) {
  for (const Unit* unit : units()) {
    for (const Case& c : cases()) {
      begin("fp32 %s %s, %d images of %d x %d x %d to %d, kernel %d stride %d", unit->instructions, what, c.input.images,
            c.input.height, c.input.width, c.input.channels, c.outputs, c.window.kernel, c.window.stride);
      test(*unit, c);
    }
  }
}

}  // namespace

void testConvolutions() {
  testEach("forward", testForward);
  testEach("to input", testToInput);
  testEach("through a norm", testReading);
}

void testWeightGradients() { testEach("to weights", testToWeights); }

}  // namespace selfadapt::test::fp32
