#include "normalize.h"

#include "parallel.h"
#include "vectors.h"

namespace selfadapt::kernels {

namespace {

// Blocks of one task, about a quarter of a megabyte.
constexpr int kPassBlocks = 128;

int pixelsInTask(const Maps& shape) { return smaller(shape.pixels(), larger(1, kPassBlocks / shape.channelBlocks())); }

struct ChannelRows {
  Row scale, shift;
};

ChannelRows rowsOf(const Term& term, int channel) {
  if (term.scale == nullptr) return {rowOf(1), zeroRow()};
  return {loadRow(term.scale + channel), loadRow(term.shift + channel)};
}

// Calls body(task, channelBlock, imageBlock, firstPixel, lastPixel) for every part of the maps; a channel block at a time, so
// that what belongs to channels stays in registers.
template <class Body>
void pass(const Maps& shape, int threads, const Body& body) {
  const int pixels = pixelsInTask(shape);
  const int chunks = (shape.pixels() + pixels - 1) / pixels;
  parallelFor(passTasks(shape), threads, [&](int task) {
    const int first = task % chunks * pixels;
    for (int c = 0; c < shape.channelBlocks(); c++) {
      body(task, c, task / chunks, first, smaller(first + pixels, shape.pixels()));
    }
  });
}

size_t blockAt(const Maps& shape, int imageBlock, int pixel, int channelBlock) {
  return (static_cast<size_t>(imageBlock) * shape.pixels() + pixel) * shape.pixelStride() +
         static_cast<size_t>(channelBlock) * kBlock;
}

void clearRows(Bf16* block, int from) {
  for (int r = from; r < kLanes; r++) storeRow(block + r * kLanes, zeroRow());
}

enum class Second { None, Raw, Scaled };

template <Second kSecond, bool HasDropout>
void blendAs(const Blend& job) {
  const Maps& shape = job.shape;
  const Row floor = rowOf(job.relu ? 0.0f : -__builtin_inff());
  pass(shape, job.threads, [&](int, int c, int imageBlock, int firstPixel, int lastPixel) {
    const ChannelRows first = rowsOf(job.first, c * kLanes);
    const ChannelRows second = rowsOf(job.second, c * kLanes);
    const int images = shape.imagesIn(imageBlock);
    const size_t channels = shape.paddedChannels();
    const float* dropout = HasDropout ? job.dropout + static_cast<size_t>(imageBlock) * kLanes * channels + c * kLanes : nullptr;
    for (int pixel = firstPixel; pixel < lastPixel; pixel++) {
      const size_t block = blockAt(shape, imageBlock, pixel, c);
      for (int r = 0; r < images; r++) {
        const size_t element = block + static_cast<size_t>(r) * kLanes;
        Row value = multiplyAdd(loadRow(job.first.maps + element), first.scale, first.shift);
        if (kSecond == Second::Raw) value = value + loadRow(job.second.maps + element);
        if (kSecond == Second::Scaled) {
          value = value + multiplyAdd(loadRow(job.second.maps + element), second.scale, second.shift);
        }
        value = larger(value, floor);
        if (HasDropout) value = value * loadRow(dropout + r * channels);
        streamRow(job.output + element, value);
      }
      clearRows(job.output + block, images);
    }
  });
}

template <bool HasDropout>
void blendWith(const Blend& job) {
  if (job.second.maps == nullptr) return blendAs<Second::None, HasDropout>(job);
  if (job.second.scale == nullptr) return blendAs<Second::Raw, HasDropout>(job);
  return blendAs<Second::Scaled, HasDropout>(job);
}

template <bool HasDropout, bool HasActivation, int kDots>
void blendGradientAs(const BlendGradient& job) {
  const Maps& shape = job.shape;
  const size_t channels = shape.paddedChannels();
  pass(shape, job.threads, [&](int task, int c, int imageBlock, int firstPixel, int lastPixel) {
    const int images = shape.imagesIn(imageBlock);
    const float* dropout = HasDropout ? job.dropout + static_cast<size_t>(imageBlock) * kLanes * channels + c * kLanes : nullptr;
    Row sum = zeroRow(), firstDot = zeroRow(), secondDot = zeroRow();
    for (int pixel = firstPixel; pixel < lastPixel; pixel++) {
      const size_t block = blockAt(shape, imageBlock, pixel, c);
      for (int r = 0; r < images; r++) {
        const size_t element = block + static_cast<size_t>(r) * kLanes;
        Row value = loadRow(job.gradient + element);
        if (HasDropout) value = value * loadRow(dropout + r * channels);
        if (HasActivation) value = wherePositive(value, loadRow(job.activation + element));
        if (HasDropout || HasActivation) storeRow(job.gradient + element, value);
        sum = sum + value;
        if (kDots > 0) firstDot = multiplyAdd(value, loadRow(job.first + element), firstDot);
        if (kDots > 1) secondDot = multiplyAdd(value, loadRow(job.second + element), secondDot);
      }
    }
    float* partial = job.partial + static_cast<size_t>(task) * 3 * channels + c * kLanes;
    storeRow(partial, sum);
    storeRow(partial + channels, firstDot);
    storeRow(partial + 2 * channels, secondDot);
  });
}

template <bool HasDropout, bool HasActivation>
void blendGradientWith(const BlendGradient& job) {
  if (job.first == nullptr) return blendGradientAs<HasDropout, HasActivation, 0>(job);
  if (job.second == nullptr) return blendGradientAs<HasDropout, HasActivation, 1>(job);
  return blendGradientAs<HasDropout, HasActivation, 2>(job);
}

template <bool HasAdd, bool HasRelu>
void normGradientAs(const NormGradient& job) {
  const Maps& shape = job.shape;
  pass(shape, job.threads, [&](int task, int c, int imageBlock, int firstPixel, int lastPixel) {
    const Row a = loadRow(job.a + c * kLanes), b = loadRow(job.b + c * kLanes), constant = loadRow(job.c + c * kLanes);
    const int images = shape.imagesIn(imageBlock);
    Row sum = zeroRow();
    for (int pixel = firstPixel; pixel < lastPixel; pixel++) {
      const size_t block = blockAt(shape, imageBlock, pixel, c);
      for (int r = 0; r < images; r++) {
        const size_t element = block + static_cast<size_t>(r) * kLanes;
        const Row maps = loadRow(job.maps + element);
        Row value = multiplyAdd(loadRow(job.gradient + element), a, multiplyAdd(maps, b, constant));
        if (HasAdd) value = value + loadRow(job.add + element);
        if (HasRelu) value = wherePositive(value, maps);
        sum = sum + value;
        storeRow(job.output + element, value);
      }
      clearRows(job.output + block, images);
    }
    if (job.partial == nullptr) return;
    storeRow(job.partial + static_cast<size_t>(task) * shape.paddedChannels() + c * kLanes, sum);
  });
}

}  // namespace

int passTasks(const Maps& shape) {
  const int pixels = pixelsInTask(shape);
  return shape.imageBlocks() * ((shape.pixels() + pixels - 1) / pixels);
}

void blend(const Blend& job) {
  if (job.dropout != nullptr) blendWith<true>(job);
  else blendWith<false>(job);
}

void blendGradient(const BlendGradient& job) {
  if (job.dropout == nullptr) {
    if (job.activation != nullptr) return blendGradientWith<false, true>(job);
    return blendGradientWith<false, false>(job);
  }
  if (job.activation != nullptr) return blendGradientWith<true, true>(job);
  return blendGradientWith<true, false>(job);
}

void normGradient(const NormGradient& job) {
  if (job.add != nullptr) {
    if (job.relu) return normGradientAs<true, true>(job);
    return normGradientAs<true, false>(job);
  }
  if (job.relu) return normGradientAs<false, true>(job);
  return normGradientAs<false, false>(job);
}

void addMaps(const Maps& shape, Bf16* to, const Bf16* from, int threads) {
  pass(shape, threads, [&](int, int c, int imageBlock, int firstPixel, int lastPixel) {
    for (int pixel = firstPixel; pixel < lastPixel; pixel++) {
      const size_t block = blockAt(shape, imageBlock, pixel, c);
      for (int r = 0; r < kLanes; r++) {
        const size_t element = block + static_cast<size_t>(r) * kLanes;
        storeRow(to + element, loadRow(to + element) + loadRow(from + element));
      }
    }
  });
}

}  // namespace selfadapt::kernels
