// Views of images against plain loops in double: each step, and all together.
#include "kernels/views.h"

#include <cmath>

#include "kernels/parallel.h"
#include "support.h"

namespace selfadapt::test {

namespace {

using views::Batch;

constexpr int kImages = 3;
constexpr float kMean[3] = {0.5f, 0.4f, 0.3f};
constexpr float kDeviation[3] = {0.25f, 0.5f, 0.2f};

struct Sides {
  int height, width, size, radius;
};

// One image or view in double, [3][height][width].
struct Picture {
  Picture(int height, int width) : height(height), width(width), values(size_t{3} * height * width) {}
  double& at(int c, int y, int x) { return values[(static_cast<size_t>(c) * height + y) * width + x]; }
  double gray(int y, int x) { return 0.2989 * at(0, y, x) + 0.587 * at(1, y, x) + 0.114 * at(2, y, x); }

  int height, width;
  std::vector<double> values;
};

template <class Body>
void eachPlace(const Picture& picture, const Body& body) {
  for (int y = 0; y < picture.height; y++) {
    for (int x = 0; x < picture.width; x++) body(y, x);
  }
}

double triangle(int length, int size, int i, int j) {
  const double scale = static_cast<double>(length) / size;
  const auto weight = [&](int k) { return std::max(0.0, 1 - std::abs(k + 0.5 - (i + 0.5) * scale) / std::max(1.0, scale)); };
  double sum = 0;
  for (int k = 0; k < length; k++) sum += weight(k);
  return weight(j) / sum;
}

Picture resized(const uint8_t* image, const Sides& sides, const float* draw) {
  const int top = draw[views::kTop], left = draw[views::kLeft], height = draw[views::kHeight], width = draw[views::kWidth];
  Picture view(sides.size, sides.size);
  eachPlace(view, [&](int y, int x) {
    const int across = draw[views::kMirrored] != 0 ? sides.size - 1 - x : x;
    for (int c = 0; c < 3; c++) {
      for (int j = 0; j < height; j++) {
        for (int k = 0; k < width; k++) {
          const int pixel = image[(static_cast<size_t>(c) * sides.height + top + j) * sides.width + left + k];
          view.at(c, y, x) += triangle(height, sides.size, y, j) * triangle(width, sides.size, across, k) * pixel / 255;
        }
      }
    }
  });
  return view;
}

double unit(double x) { return std::min(1.0, std::max(0.0, x)); }

// Sector by sector of the circle, as textbooks have it.
void turnHue(Picture& view, int y, int x, double turns) {
  const double r = view.at(0, y, x), g = view.at(1, y, x), b = view.at(2, y, x);
  const double value = std::max({r, g, b}), chroma = value - std::min({r, g, b});
  if (chroma == 0) return;
  const double sixths = value == r ? (g - b) / chroma : value == g ? 2 + (b - r) / chroma : 4 + (r - g) / chroma;
  const double hue = std::fmod(sixths + 6 * turns + 12, 6);
  const int sector = static_cast<int>(hue);
  const double p = value - chroma, q = value - chroma * (hue - sector), t = value - chroma * (1 - (hue - sector));
  const double all[6][3] = {{value, t, p}, {q, value, p}, {p, value, t}, {p, q, value}, {t, p, value}, {value, p, q}};
  for (int c = 0; c < 3; c++) view.at(c, y, x) = all[sector][c];
}

void changeColors(Picture& view, int step, double amount) {
  double mean = 0;
  eachPlace(view, [&](int y, int x) { mean += view.gray(y, x) / (view.height * view.width); });
  eachPlace(view, [&](int y, int x) {
    if (step == views::kHue) return turnHue(view, y, x, amount);
    const double other = step == views::kContrast ? mean : step == views::kSaturation ? view.gray(y, x) : 0;
    for (int c = 0; c < 3 && step != views::kNothing; c++) view.at(c, y, x) = unit(amount * view.at(c, y, x) + (1 - amount) * other);
  });
}

void makeGray(Picture& view) {
  eachPlace(view, [&](int y, int x) {
    const double gray = view.gray(y, x);
    for (int c = 0; c < 3; c++) view.at(c, y, x) = gray;
  });
}

Picture blurred(Picture& view, double sigma, int radius) {
  const auto inside = [&](int i) { return view.height - 1 - std::abs(view.height - 1 - std::abs(i)); };
  const auto weight = [&](int i) { return std::exp(-0.5 * i * i / (sigma * sigma)); };
  double sum = 0;
  for (int i = -radius; i <= radius; i++) sum += weight(i);
  Picture result(view.height, view.width);
  eachPlace(view, [&](int y, int x) {
    for (int c = 0; c < 3; c++) {
      for (int i = -radius; i <= radius; i++) {
        for (int j = -radius; j <= radius; j++) {
          result.at(c, y, x) += weight(i) * weight(j) / (sum * sum) * view.at(c, inside(y + i), inside(x + j));
        }
      }
    }
  });
  return result;
}

Picture plainView(const uint8_t* image, const Sides& sides, const float* draw) {
  Picture view = resized(image, sides, draw);
  for (int i = 0; i < 4; i++) changeColors(view, draw[views::kFirstStep + i], draw[views::kFirstAmount + i]);
  if (draw[views::kGray] != 0) makeGray(view);
  if (draw[views::kSigma] > 0) view = blurred(view, draw[views::kSigma], sides.radius);
  if (draw[views::kSolarized] == 0) return view;
  for (double& value : view.values) value = value >= 0.5 ? 1 - value : value;
  return view;
}

// From 0 to 1.
float share(Random& random) { return std::min(0.999f, std::abs(random.uniform())); }

// Everything may happen, in any order; `only` limits the changes of color to one.
void drawView(Random& random, const Sides& sides, int only, float* draw) {
  const auto whole = [&](int count) { return std::floor(share(random) * count); };
  draw[views::kHeight] = 1 + whole(sides.height);
  draw[views::kWidth] = 1 + whole(sides.width);
  draw[views::kTop] = whole(sides.height + 1 - static_cast<int>(draw[views::kHeight]));
  draw[views::kLeft] = whole(sides.width + 1 - static_cast<int>(draw[views::kWidth]));
  draw[views::kMirrored] = whole(2);
  int steps[4] = {views::kBrightness, views::kContrast, views::kSaturation, views::kHue};
  for (int i = 0; i < 4; i++) std::swap(steps[i], steps[i + static_cast<int>(whole(4 - i))]);
  for (int i = 0; i < 4; i++) {
    const int step = only > 0 ? (i == 0 ? only : 0) : whole(5) == 0 ? views::kNothing : steps[i];
    draw[views::kFirstStep + i] = step;
    draw[views::kFirstAmount + i] = step == views::kHue ? share(random) - 0.5f : 0.5f + share(random);
  }
  draw[views::kGray] = whole(4) == 0;
  draw[views::kSigma] = sides.radius > 0 && whole(2) == 0 ? 0.1f + 2 * share(random) : 0;
  draw[views::kSolarized] = whole(3) == 0;
}

void testViews(const Sides& sides, int only, uint64_t seed) {
  begin("views of %d x %d at %d, blur of %d, color %d", sides.height, sides.width, sides.size, sides.radius, only);
  Random random(seed);
  Buffer<uint8_t> images(size_t{kImages} * 3 * sides.height * sides.width);
  for (size_t i = 0; i < images.size(); i++) images[i] = static_cast<uint8_t>(256 * share(random));
  const int32_t index[] = {2, 0, 1, 1, 2, 0};
  const int count = std::size(index);
  Buffer<float> draws(count * views::kColumns);
  for (int i = 0; i < count; i++) drawView(random, sides, only, draws.data() + i * views::kColumns);
  const double scale = std::max(1.0, static_cast<double>(std::max(sides.height, sides.width)) / sides.size);
  Batch batch{images.data(), index, draws.data(), sides.height, sides.width, sides.size, sides.radius, {}, {},
              static_cast<int>(std::ceil(2 * scale))};
  std::copy_n(kMean, 3, batch.mean);
  std::copy_n(kDeviation, 3, batch.deviation);
  const size_t size = size_t{3} * sides.size * sides.size;
  const auto write = [&](int threads) {
    Buffer<float> result(count * size);
    parallelFor(count, threads, [&](int i) {
      Buffer<float> scratch(batch.scratchFloats());
      writeView(batch, i, result.data() + i * size, scratch.data());
    });
    return result;
  };
  const Buffer<float> result = write(1);
  expectSame("views on more threads", write(3), result);
  for (int i = 0; i < count; i++) {
    const size_t imageSize = size_t{3} * sides.height * sides.width;
    Picture view = plainView(images.data() + index[i] * imageSize, sides, draws.data() + i * views::kColumns);
    eachPlace(view, [&](int y, int x) {
      for (int c = 0; c < 3; c++) {
        const size_t place = i * size + (static_cast<size_t>(y) * sides.size + x) * 3 + c;
        const double expected = (view.at(c, y, x) - kMean[c]) / kDeviation[c];
        // Of the numbers from 0 to 1 that the deviation divides.
        expectClose("view", place, result[place], {expected, 1 / (kDeviation[c] * kDeviation[c])}, {0, 4e-6});
      }
    });
  }
}

}  // namespace

void testViews() {
  constexpr Sides kAll[] = {{1, 1, 1, 0}, {3, 5, 4, 1}, {9, 7, 16, 3}, {40, 23, 8, 7}, {16, 16, 19, 2}, {6, 33, 33, 4}};
  for (const Sides& sides : kAll) {
    for (int only = 0; only < views::kSteps; only++) {
      for (uint64_t seed = 1; seed <= 3; seed++) testViews(sides, only, seed);
    }
  }
}

}  // namespace selfadapt::test
