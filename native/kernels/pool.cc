#include "pool.h"

#include "parallel.h"
#include "vectors.h"

namespace selfadapt::kernels {

namespace {

__m256i asBytes(__m512i low, __m512i high) {
  return _mm256_set_m128i(_mm512_cvtepi32_epi8(high), _mm512_cvtepi32_epi8(low));
}

// Where a > b, and where a is not a number.
__mmask16 replaces(__m512 a, __m512 b) {
  return _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ) | _mm512_cmp_ps_mask(a, a, _CMP_UNORD_Q);
}

// The largest of a window's taps, and which one it was.
struct Largest {
  Row value = rowOf(-__builtin_inff());
  __m512i low = _mm512_setzero_si512();
  __m512i high = _mm512_setzero_si512();

  void meet(Row other, int tap) {
    const __mmask16 lowGreater = replaces(other.low, value.low);
    const __mmask16 highGreater = replaces(other.high, value.high);
    value = {_mm512_mask_mov_ps(value.low, lowGreater, other.low), _mm512_mask_mov_ps(value.high, highGreater, other.high)};
    low = _mm512_mask_set1_epi32(low, lowGreater, tap);
    high = _mm512_mask_set1_epi32(high, highGreater, tap);
  }
};

void poolRow(const MaxPool& job, int imageBlock, int y) {
  const auto& [kernel, stride, padding] = job.window;
  for (int x = 0; x < job.outputShape.width; x++) {
    size_t element = job.outputShape.at(imageBlock, y, x);
    for (int lane = 0; lane < job.outputShape.channelBlocks() * kLanes; lane++, element += kLanes) {
      Largest largest;
      for (int row = 0; row < kernel; row++) {
        const int fromY = y * stride + row - padding;
        if (fromY < 0 || fromY >= job.inputShape.height) continue;
        for (int column = 0; column < kernel; column++) {
          const int fromX = x * stride + column - padding;
          if (fromX < 0 || fromX >= job.inputShape.width) continue;
          const size_t from = job.inputShape.at(imageBlock, fromY, fromX) + static_cast<size_t>(lane) * kLanes;
          largest.meet(loadRow(job.input + from), row * kernel + column);
        }
      }
      storeRow(job.output + element, largest.value);
      if (job.chosen == nullptr) continue;
      _mm256_store_si256(reinterpret_cast<__m256i*>(job.chosen + element), asBytes(largest.low, largest.high));
    }
  }
}

// The gradient where the window chose the tap, else 0.
Row ifChosen(Row gradient, const uint8_t* chosen, int tap) {
  const __m256i bytes = _mm256_load_si256(reinterpret_cast<const __m256i*>(chosen));
  const __mmask32 equal = _mm256_cmpeq_epi8_mask(bytes, _mm256_set1_epi8(static_cast<char>(tap)));
  return {_mm512_maskz_mov_ps(static_cast<__mmask16>(equal), gradient.low),
          _mm512_maskz_mov_ps(static_cast<__mmask16>(equal >> 16), gradient.high)};
}

// The window that has an input coordinate at this tap, or -1.
int windowOf(const Window& window, int from, int tap, int size) {
  const int shifted = from + window.padding - tap;
  if (shifted < 0 || shifted % window.stride != 0) return -1;
  return shifted / window.stride < size ? shifted / window.stride : -1;
}

void poolGradientRow(const MaxPoolGradient& job, int imageBlock, int y) {
  const int kernel = job.window.kernel;
  for (int x = 0; x < job.inputShape.width; x++) {
    size_t element = job.inputShape.at(imageBlock, y, x);
    for (int lane = 0; lane < job.inputShape.channelBlocks() * kLanes; lane++, element += kLanes) {
      Row sum = zeroRow();
      for (int row = 0; row < kernel; row++) {
        const int outputY = windowOf(job.window, y, row, job.outputShape.height);
        if (outputY < 0) continue;
        for (int column = 0; column < kernel; column++) {
          const int outputX = windowOf(job.window, x, column, job.outputShape.width);
          if (outputX < 0) continue;
          const size_t at = job.outputShape.at(imageBlock, outputY, outputX) + static_cast<size_t>(lane) * kLanes;
          sum = sum + ifChosen(loadRow(job.outputGradient + at), job.chosen + at, row * kernel + column);
        }
      }
      storeRow(job.inputGradient + element, sum);
    }
  }
}

}  // namespace

void maxPool(const MaxPool& job) {
  const int rows = job.outputShape.height;
  parallelFor(job.outputShape.imageBlocks() * rows, job.threads, [&](int task) { poolRow(job, task / rows, task % rows); });
}

void maxPoolGradient(const MaxPoolGradient& job) {
  const int rows = job.inputShape.height;
  parallelFor(job.inputShape.imageBlocks() * rows, job.threads,
              [&](int task) { poolGradientRow(job, task / rows, task % rows); });
}

void meanOfPixels(const Maps& shape, const Bf16* maps, float* features, int threads) {
  const Row share = rowOf(1.0f / static_cast<float>(shape.pixels()));
  parallelFor(shape.images, threads, [&](int image) {
    const Bf16* lane = maps + shape.at(image / kLanes, 0, 0) + (image % kLanes) * kLanes;
    float* to = features + static_cast<size_t>(image) * shape.channels;
    for (int c = 0; c < shape.channelBlocks(); c++) {
      Row sum = zeroRow();
      for (int pixel = 0; pixel < shape.pixels(); pixel++) {
        sum = sum + loadRow(lane + static_cast<size_t>(pixel) * shape.pixelStride() + static_cast<size_t>(c) * kBlock);
      }
      sum = sum * share;
      const int count = shape.channels - c * kLanes;
      _mm512_mask_storeu_ps(to + c * kLanes, firstOf(count), sum.low);
      _mm512_mask_storeu_ps(to + c * kLanes + 16, firstOf(count - 16), sum.high);
    }
  });
}

void meanGradient(const Maps& shape, const float* features, Bf16* gradient, int threads) {
  const Row share = rowOf(1.0f / static_cast<float>(shape.pixels()));
  parallelFor(shape.imageBlocks() * kLanes, threads, [&](int image) {
    Bf16* lane = gradient + shape.at(image / kLanes, 0, 0) + (image % kLanes) * kLanes;
    for (int c = 0; c < shape.channelBlocks(); c++) {
      Row value = zeroRow();
      if (image < shape.images) {
        const float* from = features + static_cast<size_t>(image) * shape.channels + c * kLanes;
        const int count = shape.channels - c * kLanes;
        value = {_mm512_maskz_loadu_ps(firstOf(count), from), _mm512_maskz_loadu_ps(firstOf(count - 16), from + 16)};
        value = value * share;
      }
      for (int pixel = 0; pixel < shape.pixels(); pixel++) {
        storeRow(lane + static_cast<size_t>(pixel) * shape.pixelStride() + static_cast<size_t>(c) * kBlock, value);
      }
    }
  });
}

}  // namespace selfadapt::kernels
