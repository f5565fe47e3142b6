#include "norm-passage.h"

namespace selfadapt::trunk {

NormPassage passNorm(const NormState& state, double count, const double* sums, const double* dots, bool training) {
  const size_t channels = state.scale.size();
  NormPassage result = {{std::vector<float>(channels), std::vector<float>(channels), std::vector<float>(channels)},
                        std::vector<double>(channels),
                        std::vector<double>(channels)};
  for (size_t c = 0; c < channels; c++) {
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
