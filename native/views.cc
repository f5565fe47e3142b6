// Views of images for learning without labels: everything that is done to an image, while it lies in the cache.
#include "views/view.h"

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <torch/library.h>

#include <algorithm>
#include <vector>

#if defined(SELFADAPT_AMX)
#include "kernels/cpu.h"
#include "kernels/views.h"
#endif

namespace selfadapt {

namespace {

using views::Batch;

// A thread takes at least this many pixels.
constexpr int64_t kLeastPixels = 1 << 13;
constexpr int64_t kLargestSide = 1 << 14;

// The loops in the widest vectors that the CPU has; the results are the same.
views::WriteView chosenLoops() {
#if defined(SELFADAPT_AMX)
  if (kernels::hasAvx512Bf16()) return kernels::writeView;
#endif
  return views::writeViewHere;
}

void checkImages(const at::Tensor& images) {
  TORCH_CHECK(images.dim() == 4 && images.size(1) == 3 && images.scalar_type() == at::kByte && images.is_contiguous(),
              "images are contiguous uint8 of the shape (n, 3, height, width), received ", images.scalar_type(),
              " of the shape ", images.sizes());
  TORCH_CHECK(std::max(images.size(2), images.size(3)) <= kLargestSide, "images have sides of at most ", kLargestSide,
              " pixels, received ", images.size(2), " x ", images.size(3));
}

void checkIndex(const at::Tensor& index, int64_t images) {
  TORCH_CHECK(index.dim() == 1 && index.scalar_type() == at::kInt && index.is_contiguous(),
              "the index is int32 of the shape (n), received ", index.scalar_type(), " of the shape ", index.sizes());
  const int32_t* values = index.data_ptr<int32_t>();
  for (int64_t i = 0; i < index.size(0); i++) {
    TORCH_CHECK(values[i] >= 0 && values[i] < images, "the index ", values[i], " at position ", i,
                " is not among the ", images, " images");
  }
}

void checkSides(int64_t size, int64_t radius) {
  TORCH_CHECK(size >= 1 && size <= kLargestSide, "the side of a view is 1 to ", kLargestSide, ", received ", size);
  TORCH_CHECK(radius >= 0 && radius < size, "a blur reaches 0 to ", size - 1, " pixels, received ", radius);
}

void checkStatistics(const char* name, const at::Tensor& values) {
  TORCH_CHECK(values.numel() == 3 && values.scalar_type() == at::kFloat && values.is_contiguous(), "the ", name,
              " is a float32 number for each of 3 channels, received ", values.scalar_type(), " of the shape ",
              values.sizes());
}

// False for what is not a number, too.
bool within(float value, float least, float most) { return value >= least && value <= most; }

void checkDraw(const float* draw, int64_t position, int height, int width) {
  const auto check = [&](int column, float least, float most) {
    TORCH_CHECK(within(draw[column], least, most), "the draws at position ", position, " have ", draw[column],
                " in column ", column, "; expected a number from ", least, " to ", most);
  };
  check(views::kHeight, 1, height);
  check(views::kWidth, 1, width);
  check(views::kTop, 0, height - static_cast<int>(draw[views::kHeight]));
  check(views::kLeft, 0, width - static_cast<int>(draw[views::kWidth]));
  int drawn[views::kSteps] = {};
  for (int i = 0; i < 4; i++) {
    check(views::kFirstStep + i, 0, views::kSteps - 1);
    const int step = static_cast<int>(draw[views::kFirstStep + i]);
    check(views::kFirstAmount + i, step == views::kHue ? -0.5f : 0, step == views::kHue ? 0.5f : 1e3f);
    TORCH_CHECK(step == views::kNothing || drawn[step]++ == 0, "the draws at position ", position,
                " have the change of color ", step, " twice");
  }
  check(views::kSigma, 0, 1e3f);
}

void checkDraws(const at::Tensor& draws, int64_t count, int height, int width) {
  TORCH_CHECK(draws.sizes() == at::IntArrayRef({count, views::kColumns}) && draws.scalar_type() == at::kFloat &&
                  draws.is_contiguous(),
              "the draws are float32 of the shape (", count, ", ", static_cast<int>(views::kColumns), "), received ",
              draws.scalar_type(), " of the shape ", draws.sizes());
  const float* values = draws.data_ptr<float>();
  for (int64_t i = 0; i < count; i++) checkDraw(values + i * views::kColumns, i, height, width);
}

Batch batchOf(const at::Tensor& images, const at::Tensor& index, const at::Tensor& draws, int64_t size, int64_t radius,
              const at::Tensor& mean, const at::Tensor& deviation) {
  checkImages(images);
  checkIndex(index, images.size(0));
  checkSides(size, radius);
  checkStatistics("mean", mean);
  checkStatistics("deviation", deviation);
  const int height = images.size(2), width = images.size(3);
  checkDraws(draws, index.size(0), height, width);
  Batch batch{images.data_ptr<uint8_t>(), index.data_ptr<int32_t>(), draws.data_ptr<float>(), height, width,
              static_cast<int>(size), static_cast<int>(radius), {}, {}, views::tapsOf(std::max(height, width), size)};
  std::copy_n(mean.data_ptr<float>(), 3, batch.mean);
  std::copy_n(deviation.data_ptr<float>(), 3, batch.deviation);
  return batch;
}

// A view of each image at `index`, drawn as its row of `draws` says: cropped and resized to (size, size), mirrored, its
// colors changed, blurred and solarized, normalized: float32 (n, 3, size, size) in channels_last.
at::Tensor writeViews(const at::Tensor& images, const at::Tensor& index, const at::Tensor& draws, int64_t size,
                      int64_t radius, const at::Tensor& mean, const at::Tensor& deviation) {
  const Batch batch = batchOf(images, index, draws, size, radius, mean, deviation);
  const at::Tensor result =
      at::empty({index.size(0), 3, size, size}, images.options().dtype(at::kFloat), at::MemoryFormat::ChannelsLast);
  float* target = result.data_ptr<float>();
  const views::WriteView write = chosenLoops();
  at::parallel_for(0, index.size(0), kLeastPixels / (size * size) + 1, [&](int64_t begin, int64_t end) {
    std::vector<float> scratch(batch.scratchFloats());
    for (int64_t i = begin; i < end; i++) write(batch, i, target + i * 3 * size * size, scratch.data());
  });
  return result;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(selfadapt, library) {
  library.def(
      "views(Tensor images, Tensor index, Tensor draws, int size, int radius, Tensor mean, Tensor std) -> Tensor");
}

TORCH_LIBRARY_IMPL(selfadapt, CPU, library) { library.impl("views", writeViews); }

}  // namespace selfadapt
