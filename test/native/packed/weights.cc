// Packed weights, every element where the header says, and zeros around them.
#include "kernels/weights.h"

#include "support.h"

namespace selfadapt::test {

namespace {

// Where an input and an output of a tile lie: pairs of inputs are interleaved.
int inTile(int input, int output) { return input / 2 * 32 + output * 2 + input % 2; }

// Where a direction's weight lies among its tiles.
size_t placeOf(const Window& window, int output, int tap, int input, int inputBlocks) {
  const int element = inTile(input % 32, output % 16);
  if (window.slides()) {
    const size_t row = static_cast<size_t>(output / 16) * 3 + tap / 3;
    return ((row * inputBlocks + input / 32) * 3 + tap % 3) * kTile + element;
  }
  const size_t block = static_cast<size_t>(output / 32) * window.taps() + tap;
  return ((block * inputBlocks + input / 32) * 2 + output % 32 / 16) * kTile + element;
}

void testShape(const WeightShape& shape) {
  const auto& [outputs, inputs, window] = shape;
  begin("weights %d -> %d, kernel %d, stride %d", inputs, outputs, window.kernel, window.stride);
  Random random(3);
  Buffer<float> weights(shape.size());
  for (size_t i = 0; i < weights.size(); i++) weights[i] = random.uniform();
  Packed forward(shape.packedSize()), backward(shape.packedSize()), alone(shape.packedSize());
  for (int block = 0; block < blocksOf(outputs); block++) {
    packWeights(weights.data(), shape, block, {forward.data(), backward.data()});
    packWeights(weights.data(), shape, block, {alone.data(), nullptr});
  }
  expectSame("packed forward alone", alone, forward);
  for (int o = 0; o < blocksOf(outputs) * kLanes; o++) {
    for (int tap = 0; tap < window.taps(); tap++) {
      for (int i = 0; i < blocksOf(inputs) * kLanes; i++) {
        const bool there = o < outputs && i < inputs;
        const Bf16 expected = there ? narrowed(weights[(static_cast<size_t>(o) * window.taps() + tap) * inputs + i]) : 0;
        const int mirrored = window.slides() ? window.taps() - 1 - tap : tap;
        const Bf16 ahead = forward[placeOf(window, o, tap, i, blocksOf(inputs))];
        const Bf16 back = backward[placeOf(window, i, mirrored, o, blocksOf(outputs))];
        check(ahead == expected, "forward", o * inputs + i, widened(ahead), widened(expected));
        check(back == expected, "backward", o * inputs + i, widened(back), widened(expected));
      }
    }
  }
}

}  // namespace

void testWeights() {
  for (const Window window : {Window{3, 1, 1}, Window{3, 2, 1}, Window{1, 1, 0}, Window{5, 1, 2}}) {
    for (const int outputs : {1, 16, 32, 33, 70}) {
      for (const int inputs : {1, 3, 31, 32, 33, 70}) testShape({outputs, inputs, window});
    }
  }
}

}  // namespace selfadapt::test
