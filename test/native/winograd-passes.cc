// The fp32 passes over maps, pooling, and images in and out, against plain loops.
#include "winograd.h"

namespace selfadapt::test::fp32 {

namespace {

const Maps kShapes[] = {{2, 16, 8, 8}, {3, 5, 7, 5}, {1, 40, 33, 2}, {5, 24, 1, 1}, {2, 100, 9, 9}};

Sum sumOf(double value) { return {value, 1 + value * value}; }

template <class Test>
void testEach(const char* what, const Test& test) {
  for (const Unit* unit : units()) {
    for (const Maps& shape : kShapes) {
      begin("fp32 %s %s, %d images of %d x %d x %d", unit->instructions, what, shape.images, shape.height, shape.width,
            shape.channels);
      test(*unit, shape);
    }
  }
}

void testBlend(const Unit& unit, const Maps& shape) {
  const Floats first = mapsOf(shape, 1), second = mapsOf(shape, 2), scale = channelsOf(shape, 3), shift = channelsOf(shape, 4);
  const Floats dropout = mapsOf({shape.images, shape.channels, 1, 1}, 5);
  for (const bool ends : {false, true}) {
    Floats output(shape.elements());
    winograd::Blend job;
    job.shape = shape;
    job.first = {first.data(), scale.data(), shift.data()};
    if (ends) job.second = {second.data(), nullptr, nullptr};
    job.relu = ends;
    job.dropout = ends ? dropout.data() : nullptr;
    job.output = output.data();
    job.threads = 2;
    unit.blend(job);
    expectMaps("blend", output, shape, [&](int n, int y, int x, int c) {
      const size_t e = shape.at(n, y, x) + c;
      const double normed = static_cast<double>(first[e]) * scale[c] + shift[c];
      return sumOf(ends ? std::max(0.0, normed + second[e]) * dropout[n * shape.paddedChannels() + c] : normed);
    });
  }
}

void testBlendGradient(const Unit& unit, const Maps& shape) {
  const Floats before = mapsOf(shape, 6), activation = mapsOf(shape, 7), first = mapsOf(shape, 8), second = mapsOf(shape, 9);
  const Floats dropout = mapsOf({shape.images, shape.channels, 1, 1}, 10);
  Floats gradient = before, rows = zeros(static_cast<size_t>(unit.passTasks(shape)) * 3 * shape.paddedChannels());
  unit.blendGradient({shape, gradient.data(), dropout.data(), activation.data(), first.data(), second.data(), rows.data(), 3});
  expectMaps("gradient", gradient, shape, [&](int n, int y, int x, int c) {
    const size_t e = shape.at(n, y, x) + c;
    return sumOf(activation[e] > 0 ? static_cast<double>(before[e]) * dropout[n * shape.paddedChannels() + c] : 0);
  });
  expectSums("sums", rows, 3, 0, shape, [&](size_t e, size_t) { return gradient[e]; });
  expectSums("first", rows, 3, 1, shape, [&](size_t e, size_t) { return static_cast<double>(gradient[e]) * first[e]; });
  expectSums("second", rows, 3, 2, shape, [&](size_t e, size_t) { return static_cast<double>(gradient[e]) * second[e]; });
}

void testNormGradient(const Unit& unit, const Maps& shape) {
  const Floats gradient = mapsOf(shape, 11), maps = mapsOf(shape, 12), add = mapsOf(shape, 13);
  const Floats a = channelsOf(shape, 14), b = channelsOf(shape, 15), c = channelsOf(shape, 16);
  for (const bool ends : {false, true}) {
    Floats output(shape.elements()), rows = zeros(static_cast<size_t>(unit.passTasks(shape)) * shape.paddedChannels());
    unit.normGradient({shape, gradient.data(), maps.data(), a.data(), b.data(), c.data(), ends ? add.data() : nullptr, ends,
                       rows.data(), output.data(), 2});
    expectMaps("norm gradient", output, shape, [&](int n, int y, int x, int ch) {
      const size_t e = shape.at(n, y, x) + ch;
      const double value = static_cast<double>(gradient[e]) * a[ch] + static_cast<double>(maps[e]) * b[ch] + c[ch];
      return sumOf(ends ? (maps[e] > 0 ? value + add[e] : 0) : value);
    });
    expectSums("sums", rows, 1, 0, shape, [&](size_t e, size_t) { return output[e]; });
  }
  Floats sum = gradient;
  unit.addMaps(shape, sum.data(), add.data(), 2);
  for (size_t i = 0; i < sum.size(); i++) check(sum[i] == gradient[i] + add[i], "sum of maps", i, sum[i], gradient[i] + add[i]);
}

void testPool(const Unit& unit, const Maps& shape) {
  for (const Window& window : {Window{2, 2, 0}, Window{3, 2, 1}, Window{3, 1, 1}}) {
    if (shape.height + 2 * window.padding < window.kernel || shape.width + 2 * window.padding < window.kernel) continue;
    const Maps to = {shape.images, shape.channels, window.outputSize(shape.height), window.outputSize(shape.width)};
    const Floats input = mapsOf(shape, 17, 0.25f), gradient = mapsOf(to, 18);
    std::vector<double> largest(to.elements(), -1e30);
    std::vector<size_t> from(to.elements());
    for (int n = 0; n < to.images; n++) {
      eachTap({shape.images, shape.channels, shape.height, shape.width}, window, [&](int y, int x, int, int fromY, int fromX) {
        for (int c = 0; c < to.channels; c++) {
          const size_t e = to.at(n, y, x) + c, i = shape.at(n, fromY, fromX) + c;
          if (input[i] <= largest[e]) continue;
          largest[e] = input[i];
          from[e] = i;
        }
      });
    }
    Floats output(to.elements()), inputGradient(shape.elements());
    Buffer<uint8_t> chosen(to.elements());
    unit.maxPool({input.data(), shape, output.data(), to, window, chosen.data(), 2});
    unit.maxPoolGradient({gradient.data(), to, inputGradient.data(), shape, window, chosen.data(), 3});
    std::vector<Sum> expected(shape.elements());
    for (int n = 0; n < to.images; n++) {
      for (int p = 0; p < to.pixels(); p++) {
        for (int c = 0; c < to.channels; c++) {
          const size_t e = to.at(n, p / to.width, p % to.width) + c;
          expected[from[e]].add(gradient[e]);
        }
      }
    }
    expectMaps("largest", output, to, [&](int n, int y, int x, int c) { return Sum{largest[to.at(n, y, x) + c], 0}; }, kExact);
    expectMaps("pool gradient", inputGradient, shape, [&](int n, int y, int x, int c) { return expected[shape.at(n, y, x) + c]; });
  }
}

void testMean(const Unit& unit, const Maps& shape) {
  const Floats maps = mapsOf(shape, 19);
  Floats features(static_cast<size_t>(shape.images) * shape.channels), gradient(shape.elements());
  unit.meanOfPixels(shape, maps.data(), features.data(), 2);
  for (int n = 0; n < shape.images; n++) {
    for (int c = 0; c < shape.channels; c++) {
      Sum sum;
      for (int p = 0; p < shape.pixels(); p++) sum.add(maps[shape.at(n, 0, 0) + static_cast<size_t>(p) * shape.paddedChannels() + c] / static_cast<double>(shape.pixels()));
      expectClose("mean", c, features[static_cast<size_t>(n) * shape.channels + c], sum, kFloat);
    }
  }
  unit.meanGradient(shape, features.data(), gradient.data(), 2);
  expectMaps("gradient of the mean", gradient, shape, [&](int n, int, int, int c) {
    return sumOf(features[static_cast<size_t>(n) * shape.channels + c] / static_cast<double>(shape.pixels()));
  });
}

// A max that meets NaN, and a ReLU that does, hand it on.
void testNaN(const Unit& unit, const Maps& shape) {
  Floats maps = mapsOf(shape, 20), output(shape.elements());
  maps[0] = std::numeric_limits<float>::quiet_NaN();
  winograd::Blend job;
  job.shape = shape;
  job.first.maps = maps.data();
  job.relu = true;
  job.output = output.data();
  unit.blend(job);
  check(std::isnan(output[0]), "ReLU of NaN", 0, output[0], maps[0]);
  unit.maxPool({maps.data(), shape, output.data(), shape, {1, 1, 0}, nullptr, 1});
  check(std::isnan(output[0]), "maximum of NaN", 0, output[0], maps[0]);
}

void testColumns(const Maps& shape, const Window& window, bool channelsLast) {
  begin("fp32 columns of %d x %d, kernel %d", shape.height, shape.width, window.kernel);
  const long pixels = shape.pixels(), all = pixels * shape.channels;
  Floats values(shape.images * all);
  Random random(3);
  for (size_t i = 0; i < values.size(); i++) values[i] = random.uniform();
  const winograd::Images images = channelsLast
      ? winograd::Images{values.data(), shape.images, shape.channels, shape.height, shape.width, all, 1, shape.width * static_cast<long>(shape.channels), shape.channels}
      : winograd::Images{values.data(), shape.images, shape.channels, shape.height, shape.width, all, pixels, shape.width, 1};
  const auto at = [&](int n, int c, int y, int x) {
    return n * images.imageStride + c * images.channelStride + y * images.rowStride + x * images.columnStride;
  };
  const Maps to = winograd::columnShape(images, window);
  Floats columns(to.elements());
  winograd::toColumns(images, window, columns.data(), 2);
  std::vector<Sum> expected(values.size());
  expectMaps("columns", columns, to, [&](int n, int y, int x, int column) {
    const int row = column / shape.channels / window.kernel, place = column / shape.channels % window.kernel;
    const int fromY = y * window.stride + row - window.padding, fromX = x * window.stride + place - window.padding;
    const bool inside = fromY >= 0 && fromX >= 0 && fromY < shape.height && fromX < shape.width;
    if (!inside) return Sum{};
    const size_t i = at(n, column % shape.channels, fromY, fromX);
    expected[i].add(values[i]);
    return Sum{values[i], 0};
  }, kExact);
  Floats gradient(values.size());
  winograd::Images back = images;
  back.values = gradient.data();
  winograd::fromColumnGradient(columns.data(), window, back, 3);
  for (size_t i = 0; i < values.size(); i++) expectClose("column gradient", i, gradient[i], expected[i], kFloat);
  Floats maps(shape.elements()), returned(values.size());
  winograd::toMaps(images, maps.data(), 2);
  expectMaps("maps", maps, shape, [&](int n, int y, int x, int c) { return Sum{values[at(n, c, y, x)], 0}; }, kExact);
  back.values = returned.data();
  winograd::fromMaps(maps.data(), back, 2);
  expectSame("there and back", returned, values);
}

}  // namespace

void testPasses() {
  testEach("blend", testBlend);
  testEach("blend gradient", testBlendGradient);
  testEach("norm gradient", testNormGradient);
  testEach("NaN", testNaN);
}

void testPooling() {
  testEach("max pool", testPool);
  testEach("mean", testMean);
}

void testImages() {
  for (const bool channelsLast : {false, true}) {
    testColumns({2, 3, 8, 8}, {3, 1, 1}, channelsLast);
    testColumns({3, 3, 17, 14}, {7, 2, 3}, channelsLast);
    testColumns({1, 20, 5, 6}, {3, 2, 0}, channelsLast);
  }
}

}  // namespace selfadapt::test::fp32
