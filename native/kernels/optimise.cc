#include "optimise.h"

#include "vectors.h"

namespace selfadapt::kernels {

namespace {

constexpr int kVector = 16;

int lanesLeft(size_t done, size_t count) { return count - done < kVector ? static_cast<int>(count - done) : kVector; }

__m512d addSquares(__m512 values, __m512d sum) {
  const __m512d low = _mm512_cvtps_pd(_mm512_castps512_ps256(values));
  const __m512d high = _mm512_cvtps_pd(_mm512_extractf32x8_ps(values, 1));
  return _mm512_fmadd_pd(low, low, _mm512_fmadd_pd(high, high, sum));
}

}  // namespace

double descend(float* parameters, const float* gradients, float* sums, size_t count, const DescentOptions& options) {
  const __m512 rate = _mm512_set1_ps(-options.rate);
  const __m512 momentum = _mm512_set1_ps(options.momentum);
  const __m512 decay = _mm512_set1_ps(options.weightDecay);
  __m512d squares = _mm512_setzero_pd();
  for (size_t i = 0; i < count; i += kVector) {
    const __mmask16 lanes = firstOf(lanesLeft(i, count));
    const __m512 parameter = _mm512_maskz_loadu_ps(lanes, parameters + i);
    const __m512 gradient = _mm512_maskz_loadu_ps(lanes, gradients + i);
    squares = addSquares(gradient, squares);
    __m512 direction = _mm512_fmadd_ps(parameter, decay, gradient);
    if (sums != nullptr) {
      const __m512 decayed = _mm512_mul_ps(_mm512_maskz_loadu_ps(lanes, sums + i), momentum);
      const __m512 sum = _mm512_add_ps(decayed, direction);
      _mm512_mask_storeu_ps(sums + i, lanes, sum);
      direction = options.nesterov ? _mm512_fmadd_ps(sum, momentum, direction) : sum;
    }
    _mm512_mask_storeu_ps(parameters + i, lanes, _mm512_fmadd_ps(direction, rate, parameter));
  }
  return _mm512_reduce_add_pd(squares);
}

}  // namespace selfadapt::kernels
