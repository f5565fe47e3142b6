// What the kernels' tests share: numbers from seeds, memory that shows what was not written, feature maps both packed and
// plain, and the one comparison.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "kernels/layout.h"

namespace selfadapt::test {

using namespace selfadapt::kernels;

constexpr int kThreads[] = {1, 2, 3};

// What is being computed, for messages; printf's arguments.
__attribute__((format(printf, 1, 2))) void begin(const char* format, ...);
// Counts a comparison, and prints the case, what and where where it does not hold.
void check(bool holds, const char* what, size_t index, double got, double expected);
int failures();
long checks();

inline float widened(Bf16 value) {
  const uint32_t bits = static_cast<uint32_t>(value) << 16;
  float result;
  std::memcpy(&result, &bits, sizeof result);
  return result;
}
inline double widened(float value) { return value; }

// To the nearest, ties to even.
inline Bf16 narrowed(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return static_cast<Bf16>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15u + 1) {}
  // From -1 to 1.
  float uniform();
  // The same, as bf16 has it.
  float rounded() { return widened(narrowed(uniform())); }

 private:
  uint64_t state_;
};

// Memory of just that size, aligned to cache lines, all bytes 0xff: a NaN in every type of number.
template <class T>
class Buffer {
 public:
  explicit Buffer(size_t size) : size_(size) {
    void* memory = nullptr;
    if (posix_memalign(&memory, 64, std::max<size_t>(1, size * sizeof(T))) != 0) std::abort();
    memory_.reset(static_cast<T*>(memory));
    std::memset(memory, 0xff, size * sizeof(T));
  }
  Buffer(const Buffer& other) : Buffer(other.size_) { std::copy_n(other.data(), size_, data()); }
  Buffer(Buffer&&) = default;
  Buffer& operator=(Buffer other) {
    std::swap(memory_, other.memory_);
    std::swap(size_, other.size_);
    return *this;
  }

  T* data() { return memory_.get(); }
  const T* data() const { return memory_.get(); }
  size_t size() const { return size_; }
  T& operator[](size_t i) { return memory_.get()[i]; }
  const T& operator[](size_t i) const { return memory_.get()[i]; }

 private:
  struct Free {
    void operator()(T* memory) const { std::free(memory); }
  };
  std::unique_ptr<T, Free> memory_;
  size_t size_;
};

using Packed = Buffer<Bf16>;

// Where an image's channel at a pixel lies in packed maps.
inline size_t placeIn(const Maps& shape, int n, int y, int x, int c) {
  return shape.at(n / kLanes, y, x) + static_cast<size_t>(c / kLanes) * kBlock + n % kLanes * kLanes + c % kLanes;
}

// What came out of a loop in double, and how large the numbers were that it is the sum of: errors are measured by these.
struct Sum {
  double value = 0;
  double squares = 0;
  void add(double term) {
    value += term;
    squares += term * term;
  }
};

// Feature maps as plain loops have them: [images][height][width][channels].
template <class T>
struct Field {
  explicit Field(const Maps& maps) : shape(maps) {
    values.resize(static_cast<size_t>(maps.images) * maps.pixels() * maps.channels);
  }
  size_t place(int n, int y, int x, int c = 0) const {
    return ((static_cast<size_t>(n) * shape.height + y) * shape.width + x) * shape.channels + c;
  }
  T* at(int n, int y, int x) { return values.data() + place(n, y, x); }
  const T* at(int n, int y, int x) const { return values.data() + place(n, y, x); }

  Maps shape;
  std::vector<T> values;
};
using Plain = Field<double>;
using Sums = Field<Sum>;

// Numbers that bf16 has, packed with zeros around them and plain.
struct Given {
  // Multiples of `step`, where there is one: many are equal then.
  Given(const Maps& shape, uint64_t seed, float step = 0);
  Plain plain;
  Packed packed;
};
Packed packedOf(const Plain& plain);

// By channel, filled up with zeros.
std::vector<float> channelNumbers(const Maps& shape, uint64_t seed);

// |got - expected| <= relative |expected| + absolute sqrt(squares)
struct Bound {
  double relative, absolute;
};
constexpr Bound kExact = {0, 0};
constexpr Bound kFloat = {0x1p-16, 0x1p-16};
// A sum in float32, rounded once to bf16.
constexpr Bound kRounded = {0x1p-8, 0x1p-16};
// A float32 sum of numbers that may have been rounded to bf16.
constexpr Bound kOfRounded = {0x1p-16, 0x1p-8};

void expectClose(const char* what, size_t index, double got, const Sum& expected, Bound bound);

enum class Filling { Zeros, ChannelZeros };

// Packed maps against expected(n, y, x, c) -> Sum, and the filling against zeros.
template <class Expected>
void expectMaps(const char* what, const Packed& got, const Maps& shape, const Expected& expected, Bound bound = kRounded,
                Filling filling = Filling::Zeros) {
  const int images = filling == Filling::Zeros ? shape.imageBlocks() * kLanes : shape.images;
  for (int n = 0; n < images; n++) {
    for (int y = 0; y < shape.height; y++) {
      for (int x = 0; x < shape.width; x++) {
        for (int c = 0; c < shape.paddedChannels(); c++) {
          const size_t place = placeIn(shape, n, y, x, c);
          const bool there = n < shape.images && c < shape.channels;
          expectClose(what, place, widened(got[place]), there ? expected(n, y, x, c) : Sum{}, bound);
        }
      }
    }
  }
}

// Rows of sums by channel, one row a task, [tasks][`of`][padded channels]: the `which`th of each against term(n, y, x, c), summed.
template <class Term>
void expectSums(const char* what, const Buffer<float>& partial, int of, int which, const Maps& shape, const Term& term,
                Bound bound = kOfRounded) {
  const int channels = shape.paddedChannels();
  for (int c = 0; c < channels; c++) {
    Sum expected;
    for (int n = 0; c < shape.channels && n < shape.images; n++) {
      for (int y = 0; y < shape.height; y++) {
        for (int x = 0; x < shape.width; x++) expected.add(term(n, y, x, c));
      }
    }
    double got = 0;
    for (size_t i = static_cast<size_t>(which) * channels + c; i < partial.size(); i += static_cast<size_t>(of) * channels) {
      got += partial[i];
    }
    expectClose(what, c, got, expected, bound);
  }
}

// Calls body(y, x, tap, fromY, fromX) for every tap of every output pixel that meets the input.
template <class Body>
void eachTap(const Maps& input, const Window& window, const Body& body) {
  for (int y = 0; y < window.outputSize(input.height); y++) {
    for (int x = 0; x < window.outputSize(input.width); x++) {
      for (int tap = 0; tap < window.taps(); tap++) {
        const int fromY = y * window.stride + tap / window.kernel - window.padding;
        const int fromX = x * window.stride + tap % window.kernel - window.padding;
        const bool inside = fromY >= 0 && fromY < input.height && fromX >= 0 && fromX < input.width;
        if (inside) body(y, x, tap, fromY, fromX);
      }
    }
  }
}

// The same bits, whatever the number of threads.
template <class T>
void expectSame(const char* what, const Buffer<T>& got, const Buffer<T>& expected) {
  for (size_t i = 0; i < got.size(); i++) {
    if (std::memcmp(&got[i], &expected[i], sizeof(T)) != 0) return check(false, what, i, widened(got[i]), widened(expected[i]));
  }
  check(got.size() == expected.size(), what, 0, got.size(), expected.size());
}

void testParallel();
void testImages();
void testWeights();
void testConvolve();
void testGradientConvolve();
void testWeightGradient();
void testNormalize();
void testPool();
void testNotANumber();
void testOptimize();
void testViews();

}  // namespace selfadapt::test
