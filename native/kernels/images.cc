#include "images.h"

#include <cstring>

#include "parallel.h"
#include "vectors.h"

namespace selfadapt::kernels {

namespace {

Bf16 rounded(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  if ((bits & 0x7fffffff) > 0x7f800000) return 0x7fc0;
  return static_cast<Bf16>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

float widened(Bf16 value) {
  const uint32_t bits = static_cast<uint32_t>(value) << 16;
  float result;
  std::memcpy(&result, &bits, sizeof result);
  return result;
}

// An image with a frame of padding around it: [height + 2 padding][width + 2 padding][channels].
struct Frame {
  Frame(const Images& images, const Window& window)
      : rowSize(static_cast<size_t>(images.width + 2 * window.padding) * images.channels),
        size(rowSize * (images.height + 2 * window.padding)),
        first(window.padding * (rowSize + images.channels)) {}
  size_t rowSize;
  size_t size;
  // Where the image's own first value is.
  size_t first;
};

// Calls body(value, place) for every value of an image, `place` being where it lies in its frame.
template <class Body>
void eachValue(const Images& images, const Frame& frame, int image, const Body& body) {
  for (int y = 0; y < images.height; y++) {
    float* row = images.values + image * images.imageStride + y * images.rowStride;
    size_t place = frame.first + y * frame.rowSize;
    for (int x = 0; x < images.width; x++, row += images.columnStride) {
      for (int c = 0; c < images.channels; c++) body(row[c * images.channelStride], place++);
    }
  }
}

// One image's lane in packed maps, and a channel's place in a lane.
size_t laneAt(const Maps& maps, int image, int y, int x) {
  return maps.at(image / kLanes, y, x) + static_cast<size_t>(image % kLanes) * kLanes;
}
size_t channelAt(int channel) { return static_cast<size_t>(channel / kLanes) * kBlock + channel % kLanes; }

void clearLane(const Maps& shape, Bf16* maps, int image) {
  for (int y = 0; y < shape.height; y++) {
    for (int x = 0; x < shape.width; x++) {
      Bf16* lane = maps + laneAt(shape, image, y, x);
      for (int c = 0; c < shape.channelBlocks(); c++) storeRow(lane + static_cast<size_t>(c) * kBlock, zeroRow());
    }
  }
}

void copyRun(const Bf16* from, Bf16* to, int count) {
  const __mmask32 mask = count >= kLanes ? ~__mmask32{0} : (__mmask32{1} << count) - 1;
  _mm512_mask_storeu_epi16(to, mask, _mm512_maskz_loadu_epi16(mask, from));
}

// Calls body(channel, place in the lane, count) for the runs of channels that lie together.
template <class Body>
void eachRun(int from, int count, const Body& body) {
  while (count > 0) {
    const int run = smaller(count, kLanes - from % kLanes);
    body(from, channelAt(from), run);
    from += run;
    count -= run;
  }
}

void fillColumn(const Bf16* corner, const Frame& frame, int kernel, int rowLength, int channels, Bf16* lane) {
  for (int row = 0; row < kernel; row++) {
    const Bf16* values = corner + row * frame.rowSize - row * rowLength;
    eachRun(row * rowLength, rowLength, [&](int channel, size_t place, int run) {
      copyRun(values + channel, lane + place, run);
    });
  }
  const int used = kernel * rowLength;
  alignas(64) static constexpr Bf16 zeros[kLanes] = {};
  eachRun(used, channels - used, [&](int, size_t place, int run) { copyRun(zeros, lane + place, run); });
}

void addColumn(const Bf16* lane, const Frame& frame, int kernel, int rowLength, float* corner) {
  for (int row = 0; row < kernel; row++) {
    float* values = corner + row * frame.rowSize - row * rowLength;
    eachRun(row * rowLength, rowLength, [&](int channel, size_t place, int run) {
      for (int i = 0; i < run; i++) values[channel + i] += widened(lane[place + i]);
    });
  }
}

Maps mapShape(const Images& images) { return {images.images, images.channels, images.height, images.width}; }

}  // namespace

Maps columnShape(const Images& images, const Window& window) {
  return {images.images, window.taps() * images.channels, window.outputSize(images.height),
          window.outputSize(images.width)};
}

size_t framedSize(const Images& images, const Window& window) { return Frame(images, window).size * images.images; }

void toColumns(const Images& from, const Window& window, Bf16* framed, Bf16* columns, int threads) {
  const Maps shape = columnShape(from, window);
  const Frame frame(from, window);
  const int rowLength = window.kernel * from.channels;
  parallelFor(shape.imageBlocks() * kLanes, threads, [&](int image) {
    if (image >= shape.images) return clearLane(shape, columns, image);
    Bf16* own = framed + image * frame.size;
    std::memset(own, 0, frame.size * sizeof(Bf16));
    eachValue(from, frame, image, [&](float value, size_t place) { own[place] = rounded(value); });
    for (int y = 0; y < shape.height; y++) {
      for (int x = 0; x < shape.width; x++) {
        const Bf16* corner = own + window.stride * (y * frame.rowSize + static_cast<size_t>(x) * from.channels);
        fillColumn(corner, frame, window.kernel, rowLength, shape.paddedChannels(), columns + laneAt(shape, image, y, x));
      }
    }
  });
}

void fromColumnGradient(const Bf16* columns, const Window& window, float* framed, const Images& to, int threads) {
  const Maps shape = columnShape(to, window);
  const Frame frame(to, window);
  const int rowLength = window.kernel * to.channels;
  parallelFor(to.images, threads, [&](int image) {
    float* own = framed + image * frame.size;
    std::memset(own, 0, frame.size * sizeof(float));
    for (int y = 0; y < shape.height; y++) {
      for (int x = 0; x < shape.width; x++) {
        float* corner = own + window.stride * (y * frame.rowSize + static_cast<size_t>(x) * to.channels);
        addColumn(columns + laneAt(shape, image, y, x), frame, window.kernel, rowLength, corner);
      }
    }
    eachValue(to, frame, image, [&](float& value, size_t place) { value = own[place]; });
  });
}

void toMaps(const Images& from, Bf16* maps, int threads) {
  const Maps shape = mapShape(from);
  parallelFor(shape.imageBlocks() * kLanes, threads, [&](int image) {
    clearLane(shape, maps, image);
    if (image >= shape.images) return;
    for (int c = 0; c < from.channels; c++) {
      for (int y = 0; y < from.height; y++) {
        const float* row = from.values + image * from.imageStride + c * from.channelStride + y * from.rowStride;
        Bf16* lane = maps + laneAt(shape, image, y, 0) + channelAt(c);
        for (int x = 0; x < from.width; x++) lane[x * shape.pixelStride()] = rounded(row[x * from.columnStride]);
      }
    }
  });
}

void fromMaps(const Bf16* maps, const Images& to, int threads) {
  const Maps shape = mapShape(to);
  parallelFor(to.images, threads, [&](int image) {
    for (int c = 0; c < to.channels; c++) {
      for (int y = 0; y < to.height; y++) {
        float* row = to.values + image * to.imageStride + c * to.channelStride + y * to.rowStride;
        const Bf16* lane = maps + laneAt(shape, image, y, 0) + channelAt(c);
        for (int x = 0; x < to.width; x++) row[x * to.columnStride] = widened(lane[x * shape.pixelStride()]);
      }
    }
  });
}

}  // namespace selfadapt::kernels
