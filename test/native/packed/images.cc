// Images as columns of windows and as maps, and back, in several strides.
#include "kernels/images.h"

#include "support.h"

namespace selfadapt::test {

namespace {

struct Shape {
  int images, channels, height, width;
};

constexpr Shape kShapes[] = {{1, 1, 1, 1}, {2, 3, 9, 7}, {31, 4, 5, 3}, {33, 3, 8, 8}, {32, 33, 4, 5}, {70, 16, 3, 6}};
constexpr Window kWindows[] = {{1, 1, 0}, {1, 2, 0}, {3, 1, 1}, {3, 2, 1}, {2, 2, 0}, {7, 2, 3}};
enum class Order { ChannelsFirst, ChannelsLast, Cropped };

// Images in memory of their own, in one of the orders.
struct Stored {
  Stored(const Shape& shape, Order order) : memory(sizeOf(shape, order)), images(laidOut(shape, order, memory.data())) {}

  static size_t sizeOf(const Shape& s, Order order) {
    const size_t size = static_cast<size_t>(s.images) * s.channels * s.height * s.width;
    return order == Order::Cropped ? 2 * size : size;
  }
  static Images laidOut(const Shape& s, Order order, float* values) {
    const auto& [n, c, h, w] = s;
    if (order == Order::ChannelsFirst) return {values, n, c, h, w, long{c} * h * w, long{h} * w, w, 1};
    if (order == Order::ChannelsLast) return {values, n, c, h, w, long{h} * w * c, 1, long{w} * c, c};
    return {values, n, c, h, w, 2L * c * h * w, 2L * h * w, 2L * w, 1};
  }
  float& at(int n, int y, int x, int c) {
    return images.values[n * images.imageStride + c * images.channelStride + y * images.rowStride + x * images.columnStride];
  }

  Buffer<float> memory;
  Images images;
};

template <class Body>
void eachValue(const Shape& shape, const Body& body) {
  for (int n = 0; n < shape.images; n++) {
    for (int c = 0; c < shape.channels; c++) {
      for (int y = 0; y < shape.height; y++) {
        for (int x = 0; x < shape.width; x++) body(n, y, x, c);
      }
    }
  }
}

Stored randomImages(const Shape& shape, Order order) {
  Stored stored(shape, order);
  Random random(1);
  eachValue(shape, [&](int n, int y, int x, int c) { stored.at(n, y, x, c) = 3 * random.uniform(); });
  return stored;
}

void testMaps(const Shape& shape, Order order, int threads) {
  begin("%d images of %d x %d x %d, order %d, %d threads", shape.images, shape.channels, shape.height, shape.width,
        static_cast<int>(order), threads);
  Stored given = randomImages(shape, order);
  const Maps maps = {shape.images, shape.channels, shape.height, shape.width};
  Packed packed(maps.elements());
  toMaps(given.images, packed.data(), threads);
  const auto expected = [&](int n, int y, int x, int c) { return Sum{widened(narrowed(given.at(n, y, x, c))), 0}; };
  expectMaps("toMaps", packed, maps, expected, kExact);
  Stored back(shape, order);
  fromMaps(packed.data(), back.images, threads);
  eachValue(shape, [&](int n, int y, int x, int c) {
    expectClose("fromMaps", placeIn(maps, n, y, x, c), back.at(n, y, x, c), expected(n, y, x, c), kExact);
  });
}

// The channel of the columns that has an input channel under a tap.
int columnOf(const Shape& shape, int tap, int c) { return tap * shape.channels + c; }

void testToColumns(const Shape& shape, Order order, const Window& window, int threads) {
  Stored given = randomImages(shape, order);
  const Maps columns = columnShape(given.images, window);
  Plain expected(columns);
  eachTap({shape.images, shape.channels, shape.height, shape.width}, window, [&](int y, int x, int tap, int fromY, int fromX) {
    for (int n = 0; n < shape.images; n++) {
      for (int c = 0; c < shape.channels; c++) {
        expected.at(n, y, x)[columnOf(shape, tap, c)] = widened(narrowed(given.at(n, fromY, fromX, c)));
      }
    }
  });
  Packed framed(framedSize(given.images, window));
  Packed packed(columns.elements());
  toColumns(given.images, window, framed.data(), packed.data(), threads);
  expectMaps("toColumns", packed, columns, [&](int n, int y, int x, int c) { return Sum{expected.at(n, y, x)[c], 0}; }, kExact);
}

void testColumnGradient(const Shape& shape, Order order, const Window& window, int threads) {
  Stored to(shape, order);
  const Given columns(columnShape(to.images, window), 2);
  const Maps input = {shape.images, shape.channels, shape.height, shape.width};
  Sums expected(input);
  eachTap(input, window, [&](int y, int x, int tap, int toY, int toX) {
    for (int n = 0; n < shape.images; n++) {
      for (int c = 0; c < shape.channels; c++) {
        expected.at(n, toY, toX)[c].add(columns.plain.at(n, y, x)[columnOf(shape, tap, c)]);
      }
    }
  });
  Buffer<float> framed(framedSize(to.images, window));
  fromColumnGradient(columns.packed.data(), window, framed.data(), to.images, threads);
  eachValue(shape, [&](int n, int y, int x, int c) {
    expectClose("fromColumnGradient", placeIn(input, n, y, x, c), to.at(n, y, x, c), expected.at(n, y, x)[c], kFloat);
  });
}

}  // namespace

void testImages() {
  for (const Shape& shape : kShapes) {
    for (const Order order : {Order::ChannelsFirst, Order::ChannelsLast, Order::Cropped}) {
      for (const int threads : kThreads) testMaps(shape, order, threads);
      for (const Window& window : kWindows) {
        if (shape.height + 2 * window.padding < window.kernel || shape.width + 2 * window.padding < window.kernel) continue;
        begin("columns of %d images of %d x %d x %d, order %d, window %d/%d/%d", shape.images, shape.channels, shape.height,
              shape.width, static_cast<int>(order), window.kernel, window.stride, window.padding);
        testToColumns(shape, order, window, 2);
        testColumnGradient(shape, order, window, 2);
      }
    }
  }
}

}  // namespace selfadapt::test
