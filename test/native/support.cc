#include "support.h"

#include <cstdarg>
#include <cstdio>

namespace selfadapt::test {

namespace {

constexpr int kMostPrinted = 20;
char running[256] = "";
int failed = 0;
long checked = 0;

}  // namespace

void begin(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(running, sizeof running, format, arguments);
  va_end(arguments);
}

void check(bool holds, const char* what, size_t index, double got, double expected) {
  checked++;
  if (holds || failed++ >= kMostPrinted) return;
  printf("%s: %s [%zu] is %.9g, expected %.9g\n", running, what, index, got, expected);
}

int failures() { return failed; }
long checks() { return checked; }

float Random::uniform() {
  state_ += 0x9e3779b97f4a7c15u;
  uint64_t bits = (state_ ^ (state_ >> 30)) * 0xbf58476d1ce4e5b9u;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebu;
  return static_cast<float>(static_cast<int64_t>(bits) >> 40) * 0x1p-23f;
}

Given::Given(const Maps& shape, uint64_t seed, float step) : plain(shape), packed(0) {
  Random random(seed);
  for (double& value : plain.values) {
    value = step > 0 ? std::floor(random.uniform() / step) * step : random.rounded();
  }
  packed = packedOf(plain);
}

Packed packedOf(const Plain& plain) {
  const Maps& shape = plain.shape;
  Packed packed(shape.elements());
  std::fill_n(packed.data(), packed.size(), Bf16{0});
  for (int n = 0; n < shape.images; n++) {
    for (int y = 0; y < shape.height; y++) {
      for (int x = 0; x < shape.width; x++) {
        for (int c = 0; c < shape.channels; c++) {
          packed[placeIn(shape, n, y, x, c)] = narrowed(static_cast<float>(plain.at(n, y, x)[c]));
        }
      }
    }
  }
  return packed;
}

std::vector<float> channelNumbers(const Maps& shape, uint64_t seed) {
  Random random(seed);
  std::vector<float> numbers(shape.paddedChannels(), 0.0f);
  for (int c = 0; c < shape.channels; c++) numbers[c] = random.uniform();
  return numbers;
}

void expectClose(const char* what, size_t index, double got, const Sum& expected, Bound bound) {
  const double most = bound.relative * std::abs(expected.value) + bound.absolute * std::sqrt(expected.squares);
  check(std::abs(got - expected.value) <= most, what, index, got, expected.value);
}

}  // namespace selfadapt::test
