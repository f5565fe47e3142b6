// What lies between convolutions, forward and backward.
#include "kernels/normalize.h"

#include "support.h"

namespace selfadapt::test {

namespace {

constexpr Maps kShapes[] = {{1, 1, 1, 1}, {31, 16, 3, 5}, {32, 33, 2, 3}, {33, 70, 5, 9}, {70, 32, 13, 11}};

// What the passes read, for maps of one shape; zeros and ones, and halves, for each image and channel.
struct Operands {
  explicit Operands(const Maps& shape)
      : shape(shape),
        a(channelNumbers(shape, 71)),
        b(channelNumbers(shape, 72)),
        c(channelNumbers(shape, 73)),
        d(channelNumbers(shape, 74)),
        first(shape, 75),
        second(shape, 76),
        third(shape, 77),
        dropout(static_cast<size_t>(shape.imageBlocks()) * kLanes * shape.paddedChannels()) {
    Random random(78);
    for (size_t i = 0; i < dropout.size(); i++) dropout[i] = random.uniform() > 0 ? 1.25f : 0.0f;
  }
  double dropped(int n, int channel) const { return dropout[static_cast<size_t>(n) * shape.paddedChannels() + channel]; }

  Maps shape;
  std::vector<float> a, b, c, d;
  Given first, second, third;
  Buffer<float> dropout;
};

enum class Second { None, Raw, Scaled };

struct BlendOptions {
  bool scaled;
  Second second;
  bool relu, dropout;
};

double termOf(const Given& maps, bool scaled, const std::vector<float>& scale, const std::vector<float>& shift, int n, int y,
              int x, int c) {
  const double value = maps.plain.at(n, y, x)[c];
  return scaled ? value * scale[c] + shift[c] : value;
}

void testBlend(const Operands& operands, const BlendOptions& options, int threads) {
  const Maps& shape = operands.shape;
  begin("blend of %d x %d, %d threads, scaled %d, second %d, relu %d, dropout %d", shape.images, shape.channels, threads,
        options.scaled, static_cast<int>(options.second), options.relu, options.dropout);
  Packed output(shape.elements());
  Blend job;
  job.shape = shape;
  job.first = {operands.first.packed.data(), options.scaled ? operands.a.data() : nullptr, operands.b.data()};
  if (options.second != Second::None) {
    job.second = {operands.second.packed.data(), options.second == Second::Scaled ? operands.c.data() : nullptr, operands.d.data()};
  }
  job.relu = options.relu;
  job.dropout = options.dropout ? operands.dropout.data() : nullptr;
  job.output = output.data();
  job.threads = threads;
  blend(job);
  expectMaps("output", output, shape, [&](int n, int y, int x, int c) {
    Sum v;
    v.add(termOf(operands.first, options.scaled, operands.a, operands.b, n, y, x, c));
    if (options.second != Second::None) {
      v.add(termOf(operands.second, options.second == Second::Scaled, operands.c, operands.d, n, y, x, c));
    }
    if (options.relu) v.value = std::max(v.value, 0.0);
    if (options.dropout) v.value *= operands.dropped(n, c);
    v.squares += 1;
    return v;
  });
}

struct BlendGradientOptions {
  bool dropout, activation;
  int dots;
};

void testBlendGradient(const Operands& operands, const BlendGradientOptions& options) {
  const Maps& shape = operands.shape;
  const auto expected = [&](int n, int y, int x, int c) {
    double v = operands.third.plain.at(n, y, x)[c];
    if (options.dropout) v *= operands.dropped(n, c);
    return options.activation && operands.first.plain.at(n, y, x)[c] <= 0 ? 0 : v;
  };
  const auto dot = [&](const Given& maps, bool there) {
    return [&, there](int n, int y, int x, int c) { return there ? expected(n, y, x, c) * maps.plain.at(n, y, x)[c] : 0; };
  };
  Buffer<float> once(0);
  for (const int threads : kThreads) {
    begin("blend's gradient of %d x %d, %d threads, dropout %d, activation %d, dots %d", shape.images, shape.channels, threads,
          options.dropout, options.activation, options.dots);
    Packed gradient = operands.third.packed;
    Buffer<float> partial(static_cast<size_t>(passTasks(shape)) * 3 * shape.paddedChannels());
    blendGradient({shape, gradient.data(), options.dropout ? operands.dropout.data() : nullptr,
                   options.activation ? operands.first.packed.data() : nullptr,
                   options.dots > 0 ? operands.first.packed.data() : nullptr,
                   options.dots > 1 ? operands.second.packed.data() : nullptr, partial.data(), threads});
    expectMaps("gradient", gradient, shape, [&](int n, int y, int x, int c) { return Sum{expected(n, y, x, c), 0}; });
    expectSums("sum", partial, 3, 0, shape, expected);
    expectSums("sum with the first", partial, 3, 1, shape, dot(operands.first, options.dots > 0));
    expectSums("sum with the second", partial, 3, 2, shape, dot(operands.second, options.dots > 1));
    if (once.size() == 0) once = partial;
    expectSame("sums by threads", partial, once);
  }
}

enum class Onto { Own, Maps, Gradient, Add };

void testNormGradient(const Operands& operands, bool add, bool relu, bool summed, Onto onto) {
  const Maps& shape = operands.shape;
  const auto expected = [&](int n, int y, int x, int c) {
    const double maps = operands.second.plain.at(n, y, x)[c];
    Sum v;
    if (relu && maps <= 0) return v;
    v.add(operands.first.plain.at(n, y, x)[c] * operands.a[c]);
    v.add(maps * operands.b[c]);
    v.add(operands.c[c]);
    if (add) v.add(operands.third.plain.at(n, y, x)[c]);
    return v;
  };
  Buffer<float> once(0);
  for (const int threads : kThreads) {
    begin("norm's gradient of %d x %d, %d threads, add %d, relu %d, onto %d", shape.images, shape.channels, threads, add, relu,
          static_cast<int>(onto));
    Packed gradient = operands.first.packed, maps = operands.second.packed, added = operands.third.packed, own(shape.elements());
    Buffer<float> partial(summed ? static_cast<size_t>(passTasks(shape)) * shape.paddedChannels() : 0);
    Packed& output = onto == Onto::Own ? own : onto == Onto::Maps ? maps : onto == Onto::Gradient ? gradient : added;
    normGradient({shape, gradient.data(), maps.data(), operands.a.data(), operands.b.data(), operands.c.data(),
                  add ? added.data() : nullptr, relu, summed ? partial.data() : nullptr, output.data(), threads});
    expectMaps("output", output, shape, expected);
    if (!summed) continue;
    expectSums("sum", partial, 1, 0, shape, [&](int n, int y, int x, int c) { return expected(n, y, x, c).value; });
    if (once.size() == 0) once = partial;
    expectSame("sums by threads", partial, once);
  }
}

void testAdd(const Operands& operands, int threads) {
  begin("sum of %d x %d, %d threads", operands.shape.images, operands.shape.channels, threads);
  Packed to = operands.first.packed;
  addMaps(operands.shape, to.data(), operands.second.packed.data(), threads);
  expectMaps("sum", to, operands.shape, [&](int n, int y, int x, int c) {
    return Sum{operands.first.plain.at(n, y, x)[c] + operands.second.plain.at(n, y, x)[c], 1};
  });
}

}  // namespace

void testNormalize() {
  for (const Maps& shape : kShapes) {
    const Operands operands(shape);
    for (const int threads : kThreads) {
      testAdd(operands, threads);
      for (int bits = 0; bits < 8; bits++) {
        for (const Second second : {Second::None, Second::Raw, Second::Scaled}) {
          testBlend(operands, {(bits & 1) != 0, second, (bits & 2) != 0, (bits & 4) != 0}, threads);
        }
      }
    }
    for (int bits = 0; bits < 4; bits++) {
      for (const int dots : {0, 1, 2}) testBlendGradient(operands, {(bits & 1) != 0, (bits & 2) != 0, dots});
      for (const Onto onto : {Onto::Own, Onto::Maps, Onto::Gradient, Onto::Add}) {
        testNormGradient(operands, (bits & 1) != 0, (bits & 2) != 0, onto != Onto::Own, onto);
      }
    }
  }
}

}  // namespace selfadapt::test
