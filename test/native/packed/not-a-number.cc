// What is not a number stays so through ReLU and pools, as in libtorch: a training that has failed must show.
#include "convolutions.h"
#include "kernels/normalize.h"
#include "kernels/pool.h"

namespace selfadapt::test {

namespace {

constexpr Maps kShape = {33, 33, 4, 4};
constexpr Bf16 kNotANumber = 0x7fc0;

// Maps with one such value, and where it is.
struct Spoiled {
  explicit Spoiled(const Maps& shape) : maps(shape, 91), place(placeIn(shape, 32, 1, 2, 32)) { maps.packed[place] = kNotANumber; }
  Given maps;
  size_t place;
};

void expectSpoiled(const char* what, const Packed& maps, size_t place, size_t wanted) {
  size_t found = 0;
  for (size_t i = 0; i < maps.size(); i++) found += std::isnan(widened(maps[i])) ? 1 : 0;
  check(std::isnan(widened(maps[place])), what, place, widened(maps[place]), std::nan(""));
  check(found == wanted, what, place, found, wanted);
}

void testBlend() {
  const Spoiled spoiled(kShape);
  for (const bool relu : {false, true}) {
    begin("blend of a NaN, relu %d", relu);
    Packed output(kShape.elements());
    blend({kShape, {spoiled.maps.packed.data()}, {}, relu, nullptr, output.data(), 1});
    expectSpoiled("output", output, spoiled.place, 1);
  }
  begin("gradient where a ReLU let a NaN through");
  Packed gradient = Given(kShape, 92).packed;
  const Bf16 expected = gradient[spoiled.place];
  Buffer<float> partial(static_cast<size_t>(passTasks(kShape)) * 3 * kShape.paddedChannels());
  blendGradient({kShape, gradient.data(), nullptr, spoiled.maps.packed.data(), nullptr, nullptr, partial.data(), 1});
  check(gradient[spoiled.place] == expected, "gradient", spoiled.place, widened(gradient[spoiled.place]), widened(expected));
}

void testEpilogues() {
  const Convolution convolution = {33, 33, 33, 4, 4, 1, 1};
  const Given input(kShape, 93);
  const Weights weights(convolution.weights(), 94);
  const std::vector<float> bias = channelNumbers(kShape, 95);
  const Spoiled spoiled(kShape);
  begin("inference with a NaN");
  Job inference(kShape, 0, 1);
  inference.gather(input.packed, kShape, weights.forward, convolution.window(), false);
  convolve(inference.gathering, InferenceEpilogue{bias.data(), true, nullptr, nullptr, spoiled.maps.packed.data(), true});
  expectSpoiled("output", inference.output, spoiled.place, 1);
  begin("statistics of a NaN");
  Job training(kShape, 2, 1);
  training.gather(spoiled.maps.packed, kShape, weights.forward, convolution.window(), false);
  convolve(training.gathering, StatisticsEpilogue{bias.data(), true, nullptr});
  // The filling too: nothing times a NaN is one.
  expectSpoiled("output", training.output, spoiled.place, kShape.paddedChannels());
}

void testPools() {
  const Spoiled spoiled(kShape);
  for (const Window& window : {Window{2, 2, 0}, Window{3, 1, 1}}) {
    begin("pool of a NaN, kernel %d", window.kernel);
    const Maps to = {kShape.images, kShape.channels, window.outputSize(4), window.outputSize(4)};
    Packed output(to.elements());
    maxPool({spoiled.maps.packed.data(), kShape, output.data(), to, window, nullptr, 1});
    expectSpoiled("output", output, placeIn(to, 32, 1 / window.stride, 2 / window.stride, 32), window.stride == 2 ? 1 : 9);
  }
}

}  // namespace

void testNotANumber() {
  testBlend();
  testEpilogues();
  testPools();
}

}  // namespace selfadapt::test
