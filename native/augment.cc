// Augments a training batch in one pass over the stored bytes: gather, rotate, crop, flip and normalize, in channels_last.
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <torch/library.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace selfadapt {

namespace {

// The normalized value of every byte, by channel.
using Table = std::array<float, 256>;

struct Shape {
  int64_t channels, height, width;
};

// The position of a crop in the padded image, and whether it is flipped.
struct Crop {
  int64_t down, right;
  bool mirrored;
};

// Cosine and sine of the rotation angle in fixed point, in units of 1 / kOne.
struct Turn {
  int64_t cosine, sine;
};
constexpr int64_t kOneBits = 20, kOne = int64_t{1} << kOneBits;

// The minimum number of values per thread.
constexpr int64_t kLeastValues = 1 << 15;

// The arguments of one call. Without `crops` images are not cropped, without `turns` not rotated.
struct Batch {
  const uint8_t* images;
  const int32_t* index;
  const int32_t* crops;
  const int32_t* turns;
  int64_t padding;
  Shape shape;
  std::vector<Table> tables;

  int64_t imageSize() const { return shape.channels * shape.height * shape.width; }

  Crop crop(int64_t i) const {
    if (crops == nullptr) return {padding, padding, false};
    return {crops[3 * i], crops[3 * i + 1], crops[3 * i + 2] == 1};
  }

  Turn turn(int64_t i) const { return {turns[2 * i], turns[2 * i + 1]}; }
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
                  "; expected a number from 0 to ", limits[which]);
    }
  }
}

void checkTurns(const at::Tensor& turns, int64_t count) {
  if (turns.numel() == 0) return;
  TORCH_CHECK(turns.sizes() == at::IntArrayRef({count, 2}) && turns.scalar_type() == at::kInt && turns.is_contiguous(),
              "the turns are int32 of the shape (", count, ", 2), received ", turns.scalar_type(), " of the shape ",
              turns.sizes());
  for (int64_t i = 0; i < turns.numel(); i++) {
    const int64_t value = turns.data_ptr<int32_t>()[i];
    TORCH_CHECK(value >= -kOne && value <= kOne, "the turn at position ", i / 2, " has ", value,
                "; expected a number from ", -kOne, " to ", kOne);
  }
}

void checkStatistics(const char* name, const at::Tensor& values, int64_t channels) {
  TORCH_CHECK(values.numel() == channels && values.scalar_type() == at::kFloat && values.is_contiguous(), "the ", name,
              " is a float32 number for each of ", channels, " channels, received ", values.scalar_type(),
              " of the shape ", values.sizes());
}

// (x / 255 - mean) / std in float32, in that order, so that it equals the separate operators bit for bit.
Table tableOf(float mean, float std) {
  Table table;
  for (int x = 0; x < 256; x++) table[x] = (static_cast<float>(x) / 255.0f - mean) / std;
  return table;
}

// One row of one channel; `shift` is the source column of the first, and columns outside of the image are black.
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

// The source of a row of a rotated image, starting at column x: twice the rotated distances from the center, in units of
// 1 / (2 kOne) of a pixel. Integers, so that all machines choose the same pixels.
struct Line {
  Line(const Shape& shape, const Turn& turn, int64_t row, int64_t x)
      : down(turn.sine * (2 * x - shape.width + 1) + turn.cosine * (2 * row - shape.height + 1) +
             (shape.height - 1) * kOne + kOne),
        right(turn.cosine * (2 * x - shape.width + 1) - turn.sine * (2 * row - shape.height + 1) +
              (shape.width - 1) * kOne + kOne) {}
  int64_t down, right;
};

// One row of all channels of a rotated image: the nearest pixel, black outside of the image.
void writeTurnedRow(const Batch& batch, const uint8_t* image, float* target, int64_t row, const Crop& crop,
                    const Turn& turn) {
  const auto [channels, height, width] = batch.shape;
  const bool rowInside = row >= 0 && row < height;
  const int64_t step = crop.mirrored ? -1 : 1, shift = crop.right - batch.padding;
  int64_t x = crop.mirrored ? width - 1 + shift : shift;
  Line line(batch.shape, turn, row, x);
  for (int64_t j = 0; j < width; j++, x += step, target += channels) {
    const int64_t y = line.down >> (kOneBits + 1), column = line.right >> (kOneBits + 1);
    const bool inside = rowInside && x >= 0 && x < width && y >= 0 && y < height && column >= 0 && column < width;
    const uint8_t* source = image + y * width + column;
    for (int64_t c = 0; c < channels; c++) target[c] = batch.tables[c][inside ? source[c * height * width] : 0];
    line.down += 2 * step * turn.sine;
    line.right += 2 * step * turn.cosine;
  }
}

void writeTurnedImage(const Batch& batch, int64_t i, float* target) {
  const Crop crop = batch.crop(i);
  const Turn turn = batch.turn(i);
  const uint8_t* image = batch.images + batch.index[i] * batch.imageSize();
  for (int64_t y = 0; y < batch.shape.height; y++, target += batch.shape.width * batch.shape.channels) {
    writeTurnedRow(batch, image, target, y + crop.down - batch.padding, crop, turn);
  }
}

void writeImage(const Batch& batch, int64_t i, float* target) {
  const auto [channels, height, width] = batch.shape;
  const Crop crop = batch.crop(i);
  const uint8_t* image = batch.images + batch.index[i] * batch.imageSize();
  for (int64_t y = 0; y < height; y++, target += width * channels) {
    const int64_t row = y + crop.down - batch.padding;
    // All columns of a row outside of the image are black.
    const bool inside = row >= 0 && row < height;
    const int64_t shift = inside ? crop.right - batch.padding : width;
    for (int64_t c = 0; c < channels; c++) {
      const uint8_t* source = inside ? image + (c * height + row) * width : image;
      writeRow(source, target + c, batch.tables[c], batch.shape, shift, crop.mirrored);
    }
  }
}

Batch batchOf(const at::Tensor& images, const at::Tensor& index, const at::Tensor& crops, const at::Tensor& turns,
              int64_t padding, const at::Tensor& mean, const at::Tensor& std) {
  checkImages(images);
  checkIndex(index, images.size(0));
  checkCrops(crops, index.size(0), padding);
  checkTurns(turns, index.size(0));
  const Shape shape{images.size(1), images.size(2), images.size(3)};
  checkStatistics("mean", mean, shape.channels);
  checkStatistics("deviation", std, shape.channels);
  std::vector<Table> tables;
  for (int64_t c = 0; c < shape.channels; c++) {
    tables.push_back(tableOf(mean.data_ptr<float>()[c], std.data_ptr<float>()[c]));
  }
  const auto drawn = [](const at::Tensor& draws) { return draws.numel() == 0 ? nullptr : draws.data_ptr<int32_t>(); };
  return {images.data_ptr<uint8_t>(), index.data_ptr<int32_t>(), drawn(crops), drawn(turns), padding, shape,
          std::move(tables)};
}

// The images at `index`, rotated about their centers by `turns` (rows of cosine, sine), padded with black, cropped to their
// size and flipped by `crops` (rows of down, right, flipped), as (x / 255 - mean) / std, float32 in channels_last. Empty
// tensors of turns or crops skip these steps.
at::Tensor cropFlipNormalize(const at::Tensor& images, const at::Tensor& index, const at::Tensor& crops,
                             const at::Tensor& turns, int64_t padding, const at::Tensor& mean, const at::Tensor& std) {
  const Batch batch = batchOf(images, index, crops, turns, padding, mean, std);
  const auto [channels, height, width] = batch.shape;
  const int64_t count = index.size(0), size = batch.imageSize();
  const at::Tensor result = at::empty({count, channels, height, width}, images.options().dtype(at::kFloat),
                                      at::MemoryFormat::ChannelsLast);
  float* target = result.data_ptr<float>();
  const int64_t leastImages = kLeastValues / std::max<int64_t>(1, size) + 1;
  at::parallel_for(0, count, leastImages, [&](int64_t begin, int64_t end) {
    if (batch.turns == nullptr) {
      for (int64_t i = begin; i < end; i++) writeImage(batch, i, target + i * size);
    } else {
      for (int64_t i = begin; i < end; i++) writeTurnedImage(batch, i, target + i * size);
    }
  });
  return result;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(selfadapt, library) {
  library.def(
      "crop_flip_normalize(Tensor images, Tensor index, Tensor crops, Tensor turns, int padding, Tensor mean, "
      "Tensor std) -> Tensor");
}

TORCH_LIBRARY_IMPL(selfadapt, CPU, library) { library.impl("crop_flip_normalize", cropFlipNormalize); }

}  // namespace selfadapt
