#include "winograd.h"

#if defined(__x86_64__)
#include "kernels/cpu.h"
#endif

namespace selfadapt::test::fp32 {

std::vector<const Unit*> units() {
#if defined(__x86_64__)
  std::vector<const Unit*> present;
  if (hasAvx2()) present.push_back(&winograd::avx2::unit());
  if (hasAvx512()) present.push_back(&winograd::avx512::unit());
  return present;
#else
  return {&winograd::neon::unit()};
#endif
}

Floats mapsOf(const Maps& shape, uint64_t seed, float step) {
  Random random(seed);
  Floats maps(shape.elements());
  for (size_t i = 0; i < maps.size(); i++) {
    const float value = random.uniform();
    const bool exists = static_cast<int>(i % shape.paddedChannels()) < shape.channels;
    maps[i] = !exists ? 0 : step > 0 ? std::floor(value / step) * step : value;
  }
  return maps;
}

Floats channelsOf(const Maps& shape, uint64_t seed) { return mapsOf({1, shape.channels, 1, 1}, seed); }

}  // namespace selfadapt::test::fp32
