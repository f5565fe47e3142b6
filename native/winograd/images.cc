#include "images.h"

#include <algorithm>
#include <vector>

#include "../kernels/parallel.h"

namespace selfadapt::winograd {

namespace {

Maps shapeOf(const Images& images) { return {images.images, images.channels, images.height, images.width}; }

float* pixelOf(const Images& images, int image, int y, int x) {
  return images.values + image * images.imageStride + y * images.rowStride + x * images.columnStride;
}

// One image's values with the window's padding around them, [height][width][channels].
class Frame {
 public:
  Frame(const Images& images, const Window& window)
      : images_(images), padding_(window.padding), row_((images.width + 2 * window.padding) * images.channels),
        values_(static_cast<size_t>(images.height + 2 * window.padding) * row_) {}

  float* at(int y, int x) { return values_.data() + static_cast<size_t>(y) * row_ + x * images_.channels; }

  void read(int image) {
    each(image, [](float& framed, float& value) { framed = value; });
  }
  void write(int image) {
    each(image, [](float& framed, float& value) { value = framed; });
  }

 private:
  template <class Body>
  void each(int image, const Body& body) {
    for (int y = 0; y < images_.height; y++) {
      for (int x = 0; x < images_.width; x++) {
        float* framed = at(y + padding_, x + padding_);
        float* pixel = pixelOf(images_, image, y, x);
        for (int c = 0; c < images_.channels; c++) body(framed[c], pixel[c * images_.channelStride]);
      }
    }
  }

  const Images& images_;
  int padding_, row_;
  std::vector<float> values_;
};

// Calls body(framed, column, count) for every stretch of values that a frame and a column share.
template <class Body>
void eachStretch(Frame& frame, const Images& images, const Window& window, const Maps& shape, const Body& body) {
  const int count = window.kernel * images.channels;
  for (int y = 0; y < shape.height; y++) {
    for (int x = 0; x < shape.width; x++) {
      for (int row = 0; row < window.kernel; row++) {
        body(frame.at(y * window.stride + row, x * window.stride), shape.at(0, y, x) + row * count, count);
      }
    }
  }
}

}  // namespace

Maps columnShape(const Images& images, const Window& window) {
  return {images.images, window.taps() * images.channels, window.outputSize(images.height), window.outputSize(images.width)};
}

void toColumns(const Images& from, const Window& window, float* columns, int threads) {
  const Maps shape = winograd::columnShape(from, window);
  kernels::parallelFor(from.images, threads, [&](int image) {
    Frame frame(from, window);
    frame.read(image);
    float* to = columns + shape.at(image, 0, 0);
    eachStretch(frame, from, window, shape,
                [&](const float* framed, size_t column, int count) { std::copy_n(framed, count, to + column); });
    for (int pixel = 0; pixel < shape.pixels(); pixel++) {
      float* values = to + static_cast<size_t>(pixel) * shape.paddedChannels();
      std::fill(values + shape.channels, values + shape.paddedChannels(), 0.0f);
    }
  });
}

void fromColumnGradient(const float* columns, const Window& window, const Images& to, int threads) {
  const Maps shape = winograd::columnShape(to, window);
  kernels::parallelFor(to.images, threads, [&](int image) {
    Frame frame(to, window);
    const float* from = columns + shape.at(image, 0, 0);
    eachStretch(frame, to, window, shape, [&](float* framed, size_t column, int count) {
      for (int i = 0; i < count; i++) framed[i] += from[column + i];
    });
    frame.write(image);
  });
}

void toMaps(const Images& from, float* maps, int threads) {
  const Maps shape = shapeOf(from);
  kernels::parallelFor(from.images * from.height, threads, [&](int task) {
    const int image = task / from.height, y = task % from.height;
    for (int x = 0; x < from.width; x++) {
      float* to = maps + shape.at(image, y, x);
      const float* pixel = pixelOf(from, image, y, x);
      for (int c = 0; c < shape.paddedChannels(); c++) to[c] = c < from.channels ? pixel[c * from.channelStride] : 0.0f;
    }
  });
}

void fromMaps(const float* maps, const Images& to, int threads) {
  const Maps shape = shapeOf(to);
  kernels::parallelFor(to.images * to.height, threads, [&](int task) {
    const int image = task / to.height, y = task % to.height;
    for (int x = 0; x < to.width; x++) {
      const float* from = maps + shape.at(image, y, x);
      float* pixel = pixelOf(to, image, y, x);
      for (int c = 0; c < to.channels; c++) pixel[c * to.channelStride] = from[c];
    }
  });
}

}  // namespace selfadapt::winograd
