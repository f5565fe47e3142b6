// Convolutions to their input, from one output's gradient or several, with the ReLU that they reach.
#include "convolutions.h"

namespace selfadapt::test {

namespace {

// Convolutions that read one input: their gradients arrive together.
const std::vector<std::vector<Convolution>> kGroups = {
    {{1, 1, 1, 1, 1, 3, 1}},
    {{33, 33, 16, 5, 7, 3, 1}},
    {{31, 16, 70, 3, 9, 3, 1}},
    {{70, 32, 1, 4, 5, 3, 1}},
    {{32, 1, 33, 6, 8, 3, 1}},
    {{33, 16, 33, 5, 7, 3, 2}},
    {{70, 33, 1, 4, 6, 3, 2}},
    {{1, 70, 70, 9, 1, 3, 2}},
    {{31, 70, 16, 5, 3, 1, 1}},
    {{33, 16, 32, 4, 5, 1, 2}},
    {{2, 4, 3, 9, 8, 5, 2}},
    // More rows than a task takes.
    {{2, 16, 33, 17, 9, 3, 1}},
    {{1, 5, 16, 19, 9, 3, 2}},
    // A block that strides, and its shortcut.
    {{33, 16, 33, 5, 7, 3, 2}, {33, 16, 33, 5, 7, 1, 2}},
    // One that does not.
    {{31, 33, 16, 5, 6, 3, 1}, {31, 33, 70, 5, 6, 1, 1}},
    {{2, 16, 5, 3, 5, 1, 1}, {2, 16, 3, 3, 5, 3, 1}, {2, 16, 3, 3, 5, 3, 2}, {2, 16, 33, 3, 5, 1, 2}},
    {{33, 16, 16, 3, 5, 3, 1}, {33, 16, 16, 3, 5, 3, 1}},
};

enum class Mask { None, Recomputed, Activation, WithSecond };
constexpr int sumsOf(Mask mask) { return mask == Mask::None ? 0 : mask == Mask::WithSecond ? 3 : 2; }

struct Options {
  Mask mask;
  bool add, inPlace;
};
constexpr Options kOptions[] = {{Mask::None, false, false},       {Mask::None, true, false},
                                {Mask::None, true, true},         {Mask::Recomputed, false, false},
                                {Mask::Recomputed, true, true},   {Mask::Activation, false, false},
                                {Mask::Activation, true, false},  {Mask::WithSecond, false, false},
                                {Mask::WithSecond, true, true}};

// What the group's gradients are, and what the epilogue reads.
struct Operands {
  explicit Operands(const std::vector<Convolution>& group)
      : shape(group[0].from()),
        scale(channelNumbers(shape, 31)),
        shift(channelNumbers(shape, 32)),
        add(shape, 33),
        activation(shape, 34),
        first(shape, 35),
        second(shape, 36),
        sums(shape) {
    for (const Convolution& convolution : group) {
      gradients.emplace_back(convolution.to(), 40 + gradients.size());
      weights.emplace_back(convolution.weights(), 50 + weights.size());
      addInputGradient(convolution, gradients.back().plain, weights.back(), sums);
    }
  }

  GradientEpilogue epilogue(const Options& options) const {
    GradientEpilogue epilogue;
    if (options.add) epilogue.add = add.packed.data();
    if (options.mask == Mask::None) return epilogue;
    epilogue.first = first.packed.data();
    if (options.mask == Mask::Recomputed) {
      epilogue.scale = scale.data();
      epilogue.shift = shift.data();
    } else {
      epilogue.activation = activation.packed.data();
    }
    if (options.mask == Mask::WithSecond) epilogue.second = second.packed.data();
    return epilogue;
  }

  bool passes(Mask mask, int n, int y, int x, int c) const {
    if (mask == Mask::None) return true;
    if (mask != Mask::Recomputed) return activation.plain.at(n, y, x)[c] > 0;
    return std::fma(static_cast<float>(first.plain.at(n, y, x)[c]), scale[c], shift[c]) > 0;
  }

  Maps shape;
  std::vector<float> scale, shift;
  Given add, activation, first, second;
  std::vector<Given> gradients;
  std::vector<Weights> weights;
  Sums sums;
};

void compute(const std::vector<Convolution>& group, const Options& options, const Operands& operands, Job& job) {
  for (size_t i = 0; i < group.size(); i++) {
    job.gather(operands.gradients[i].packed, group[i].to(), operands.weights[i].backward, group[i].window(), true);
  }
  GradientEpilogue epilogue = operands.epilogue(options);
  if (options.inPlace) {
    std::copy_n(operands.add.packed.data(), job.output.size(), job.output.data());
    epilogue.add = job.output.data();
  }
  convolve(job.gathering, epilogue);
}

void testGroup(const std::vector<Convolution>& group, const Options& options, const Operands& operands) {
  const auto expected = [&](int n, int y, int x, int c) {
    if (!operands.passes(options.mask, n, y, x, c)) return Sum{};
    Sum v = operands.sums.at(n, y, x)[c];
    if (options.add) v.add(operands.add.plain.at(n, y, x)[c]);
    return v;
  };
  const int of = sumsOf(options.mask);
  std::vector<Job> jobs;
  for (const int threads : kThreads) {
    begin("gradient of %zu convolutions, %s, %d threads, mask %d, add %d", group.size(), group[0].name().c_str(),
          threads, static_cast<int>(options.mask), options.add);
    jobs.emplace_back(operands.shape, of, threads);
    compute(group, options, operands, jobs.back());
    expectSame("output by threads", jobs.back().output, jobs[0].output);
    expectSame("sums by threads", jobs.back().partial, jobs[0].partial);
  }
  // Where there are several, what one left is rounded before the next is added.
  const bool several = group.size() > 1;
  const Bound bound = several ? Bound{0x1p-4, 0x1p-4} : kOfRounded;
  expectMaps("output", jobs[0].output, operands.shape, expected, several ? Bound{0x1p-6, 0x1p-6} : kRounded);
  const auto term = [&](const Given* factor) {
    return [&, factor](int n, int y, int x, int c) {
      return expected(n, y, x, c).value * (factor == nullptr ? 1 : factor->plain.at(n, y, x)[c]);
    };
  };
  if (of > 0) expectSums("sum", jobs[0].partial, of, 0, operands.shape, term(nullptr), bound);
  if (of > 1) expectSums("sum with the first", jobs[0].partial, of, 1, operands.shape, term(&operands.first), bound);
  if (of > 2) expectSums("sum with the second", jobs[0].partial, of, 2, operands.shape, term(&operands.second), bound);
}

}  // namespace

void testGradientConvolve() {
  for (const std::vector<Convolution>& group : kGroups) {
    const Operands operands(group);
    for (const Options& options : kOptions) testGroup(group, options, operands);
  }
}

}  // namespace selfadapt::test
