// A training batch in one pass over stored bytes: gathered, cropped, mirrored and normalised, in channels_last.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/library.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace selfadapt {

namespace {

// What every byte becomes, a channel.
using Table = std::array<float, 256>;

struct Shape {
  int64_t channels, height, width;
};

// Where an image is cropped, counted from the corner of the padded one, and whether it is mirrored.
struct Crop {
  int64_t down, right;
  bool mirrored;
};

// A thread takes at least this many values.
constexpr int64_t kLeastValues = 1 << 15;

// The arguments of one call. Without `crops` the images stay as they are.
struct Batch {
  const uint8_t* images;
  const int32_t* index;
  const int32_t* crops;
  int64_t padding;
  Shape shape;
  std::vector<Table> tables;

  int64_t imageSize() const { return shape.channels * shape.height * shape.width; }

  Crop crop(int64_t i) const {
    if (crops == nullptr) return {padding, padding, false};
    return {crops[3 * i], crops[3 * i + 1], crops[3 * i + 2] == 1};
  }
};

void checkImages(const at::Tensor& images) {
  TORCH_CHECK(images.dim() == 4 && images.scalar_type() == at::kByte && images.is_contiguous(),
              "images are contiguous uint8 of the shape (n, channels, height, width), received ", images.scalar_type(),
              " of the shape ", images.sizes());
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

void checkCrops(const at::Tensor& crops, int64_t count, int64_t padding) {
  TORCH_CHECK(padding >= 0, "the padding is at least 0, received ", padding);
  if (crops.numel() == 0) return;
  TORCH_CHECK(crops.sizes() == at::IntArrayRef({count, 3}) && crops.scalar_type() == at::kInt && crops.is_contiguous(),
              "the crops are int32 of the shape (", count, ", 3), received ", crops.scalar_type(), " of the shape ",
              crops.sizes());
  for (int64_t i = 0; i < count; i++) {
    const int32_t* draw = crops.data_ptr<int32_t>() + 3 * i;
    const int64_t limits[] = {2 * padding, 2 * padding, 1};
    for (int which = 0; which < 3; which++) {
      TORCH_CHECK(draw[which] >= 0 && draw[which] <= limits[which], "the crop at position ", i, " has ", draw[which],
                  " where a number from 0 to ", limits[which], " belongs");
    }
  }
}

void checkStatistics(const char* name, const at::Tensor& values, int64_t channels) {
  TORCH_CHECK(values.numel() == channels && values.scalar_type() == at::kFloat && values.is_contiguous(), "the ", name,
              " is a float32 number for each of ", channels, " channels, received ", values.scalar_type(),
              " of the shape ", values.sizes());
}

// (x / 255 - mean) / std in float32, in that order: what separate operators give, bit for bit.
Table tableOf(float mean, float std) {
  Table table;
  for (int x = 0; x < 256; x++) table[x] = (static_cast<float>(x) / 255.0f - mean) / std;
  return table;
}

// One row of one channel, whose columns from outside of the image are black: `shift` is where the first comes from.
void writeRow(const uint8_t* source, float* target, const Table& table, const Shape& shape, int64_t shift,
              bool mirrored) {
  const int64_t width = shape.width, step = mirrored ? -shape.channels : shape.channels;
  const int64_t first = std::clamp<int64_t>(-shift, 0, width), last = std::clamp<int64_t>(width - shift, 0, width);
  float* out = mirrored ? target + (width - 1) * shape.channels : target;
  int64_t x = 0;
  for (; x < first; x++, out += step) *out = table[0];
  for (; x < last; x++, out += step) *out = table[source[x + shift]];
  for (; x < width; x++, out += step) *out = table[0];
}

void writeImage(const Batch& batch, int64_t i, float* target) {
  const auto [channels, height, width] = batch.shape;
  const Crop crop = batch.crop(i);
  const uint8_t* image = batch.images + batch.index[i] * batch.imageSize();
  for (int64_t y = 0; y < height; y++, target += width * channels) {
    const int64_t row = y + crop.down - batch.padding;
    // All columns of a row from outside of the image are.
    const bool inside = row >= 0 && row < height;
    const int64_t shift = inside ? crop.right - batch.padding : width;
    for (int64_t c = 0; c < channels; c++) {
      const uint8_t* source = inside ? image + (c * height + row) * width : image;
      writeRow(source, target + c, batch.tables[c], batch.shape, shift, crop.mirrored);
    }
  }
}

Batch batchOf(const at::Tensor& images, const at::Tensor& index, const at::Tensor& crops, int64_t padding,
              const at::Tensor& mean, const at::Tensor& std) {
  checkImages(images);
  checkIndex(index, images.size(0));
  checkCrops(crops, index.size(0), padding);
  const Shape shape{images.size(1), images.size(2), images.size(3)};
  checkStatistics("mean", mean, shape.channels);
  checkStatistics("deviation", std, shape.channels);
  std::vector<Table> tables;
  for (int64_t c = 0; c < shape.channels; c++) {
    tables.push_back(tableOf(mean.data_ptr<float>()[c], std.data_ptr<float>()[c]));
  }
  const int32_t* drawn = crops.numel() == 0 ? nullptr : crops.data_ptr<int32_t>();
  return {images.data_ptr<uint8_t>(), index.data_ptr<int32_t>(), drawn, padding, shape, std::move(tables)};
}

// The images at `index`, padded with black, cropped back to their size and mirrored as `crops` says (rows of down,
// right, mirrored; an empty tensor leaves them as they are), as (x / 255 - mean) / std, float32 in channels_last.
at::Tensor cropFlipNormalise(const at::Tensor& images, const at::Tensor& index, const at::Tensor& crops,
                             int64_t padding, const at::Tensor& mean, const at::Tensor& std) {
  const Batch batch = batchOf(images, index, crops, padding, mean, std);
  const auto [channels, height, width] = batch.shape;
  const int64_t count = index.size(0), size = batch.imageSize();
  const at::Tensor result = at::empty({count, channels, height, width}, images.options().dtype(at::kFloat),
                                      at::MemoryFormat::ChannelsLast);
  float* target = result.data_ptr<float>();
  const int64_t leastImages = kLeastValues / std::max<int64_t>(1, size) + 1;
  at::parallel_for(0, count, leastImages, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) writeImage(batch, i, target + i * size);
  });
  return result;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(selfadapt, library) {
  library.def(
      "crop_flip_normalise(Tensor images, Tensor index, Tensor crops, int padding, Tensor mean, Tensor std) -> Tensor");
}

TORCH_LIBRARY_IMPL(selfadapt, CPU, library) { library.impl("crop_flip_normalise", cropFlipNormalise); }

}  // namespace selfadapt
