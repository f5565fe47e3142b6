#include "norm-passage.h"

namespace selfadapt::trunk {

NormPassage passNorm(const NormState& state, const Maps& shape, const double* sums, const double* dots, bool training) {
  const double count = static_cast<double>(shape.images) * shape.pixels();
  const size_t channels = shape.paddedChannels();
  NormPassage result = {{std::vector<float>(channels), std::vector<float>(channels), std::vector<float>(channels)},
                        std::vector<double>(shape.channels),
                        std::vector<double>(shape.channels)};
  for (int c = 0; c < shape.channels; c++) {
    const double scale = state.scale[c];
    const double inverse = state.inverse[c];
    result.bias[c] = sums[c];
    result.weight[c] = (dots[c] - state.mean[c] * sums[c]) * inverse;
    result.factors.a[c] = state.scale[c];
    if (!training) continue;
    const double slope = result.weight[c] / count * inverse;
    result.factors.b[c] = static_cast<float>(-scale * slope);
    result.factors.c[c] = static_cast<float>(scale * (slope * state.mean[c] - sums[c] / count));
  }
  return result;
}

}  // namespace selfadapt::trunk
