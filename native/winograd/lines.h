// Winograd's transforms along one side of a tile of four output pixels, for kernels of three taps.
//
// Stride 1, F(4, 3): six inputs, six points (0, a, -a, b, -b, infinity), six products instead of twelve. In two dimensions:
//   read B'xB (inputs to points), gather A'm A (points to outputs), spread A y A' (output gradients to points).
// Stride 2 by parity: odd inputs meet taps 0 and 2, F(4, 2) at a, -a, b, -b and infinity; even ones meet tap 1 alone, one
// product each. Nine products instead of twelve, with six different weights.
//
// a = 5/8, b = 3/2: powers are exact in binary, and the error is half of that with 1 and 2.
#pragma once

#include "vector.h"

namespace selfadapt::winograd::SELFADAPT_UNIT {

constexpr double kA = 0.625, kB = 1.5;
constexpr double kA2 = kA * kA, kB2 = kB * kB;

// ---- F(4, 3)

struct Read43 {
  static constexpr int kFrom = 6, kTo = 6;
  static SELFADAPT_INLINE void line(const Vector* x, Vector* to) {
    const Vector sum = all(kA2 + kB2), product = all(kA2 * kB2);
    const Vector evenA = x[4] - all(kB2) * x[2], oddA = x[3] - all(kB2) * x[1];
    const Vector evenB = x[4] - all(kA2) * x[2], oddB = x[3] - all(kA2) * x[1];
    to[0] = product * x[0] + (x[4] - sum * x[2]);
    to[1] = evenA + all(kA) * oddA;
    to[2] = evenA - all(kA) * oddA;
    to[3] = evenB + all(kB) * oddB;
    to[4] = evenB - all(kB) * oddB;
    to[5] = product * x[1] + (x[5] - sum * x[3]);
  }
};

struct Spread43 {
  static constexpr int kFrom = 4, kTo = 6;
  static SELFADAPT_INLINE void line(const Vector* y, Vector* to) {
    const Vector evenA = y[0] + all(kA2) * y[2], oddA = y[1] + all(kA2) * y[3];
    const Vector evenB = y[0] + all(kB2) * y[2], oddB = y[1] + all(kB2) * y[3];
    to[0] = y[0];
    to[1] = evenA + all(kA) * oddA;
    to[2] = evenA - all(kA) * oddA;
    to[3] = evenB + all(kB) * oddB;
    to[4] = evenB - all(kB) * oddB;
    to[5] = y[3];
  }
};

struct Gather43 {
  static constexpr int kFrom = 6, kTo = 4;
  static SELFADAPT_INLINE void line(const Vector* m, Vector* to) {
    const Vector sumA = m[1] + m[2], sumB = m[3] + m[4], lessA = m[1] - m[2], lessB = m[3] - m[4];
    to[0] = m[0] + sumA + sumB;
    to[1] = all(kA) * lessA + all(kB) * lessB;
    to[2] = all(kA2) * sumA + all(kB2) * sumB;
    to[3] = all(kA2 * kA) * lessA + (all(kB2 * kB) * lessB + m[5]);
  }
};

// The rows of G: 1 / N(p) (w0 + p w1 + p^2 w2), N the product of a point's distances to the others.
struct Weights43 {
  static constexpr int kFrom = 3, kTo = 6;
  static constexpr double kN0 = 1 / (kA2 * kB2), kNa = 1 / (2 * kA2 * (kA2 - kB2)), kNb = 1 / (2 * kB2 * (kB2 - kA2));
  static SELFADAPT_INLINE void line(const Vector* w, Vector* to) {
    const Vector evenA = all(kNa) * (w[0] + all(kA2) * w[2]), oddA = all(kNa * kA) * w[1];
    const Vector evenB = all(kNb) * (w[0] + all(kB2) * w[2]), oddB = all(kNb * kB) * w[1];
    to[0] = all(kN0) * w[0];
    to[1] = evenA + oddA;
    to[2] = evenA - oddA;
    to[3] = evenB + oddB;
    to[4] = evenB - oddB;
    to[5] = w[2];
  }
};

struct WeightGradient43 {
  static constexpr int kFrom = 6, kTo = 3;
  static SELFADAPT_INLINE void line(const Vector* u, Vector* to) {
    const Vector sumA = all(Weights43::kNa) * (u[1] + u[2]), sumB = all(Weights43::kNb) * (u[3] + u[4]);
    const Vector lessA = u[1] - u[2], lessB = u[3] - u[4];
    to[0] = all(Weights43::kN0) * u[0] + (sumA + sumB);
    to[1] = all(Weights43::kNa * kA) * lessA + all(Weights43::kNb * kB) * lessB;
    to[2] = all(kA2) * sumA + (all(kB2) * sumB + u[5]);
  }
};

// ---- F(4, 2), and the even inputs beside it

static SELFADAPT_INLINE void read42(const Vector* x, Vector* to) {
  const Vector evenA = x[3] - all(kB2) * x[1], oddA = x[2] - all(kB2) * x[0];
  const Vector evenB = x[3] - all(kA2) * x[1], oddB = x[2] - all(kA2) * x[0];
  to[0] = evenA + all(kA) * oddA;
  to[1] = evenA - all(kA) * oddA;
  to[2] = evenB + all(kB) * oddB;
  to[3] = evenB - all(kB) * oddB;
  to[4] = all(kA2 * kB2) * x[0] + (x[4] - all(kA2 + kB2) * x[2]);
}

static SELFADAPT_INLINE void gather42(const Vector* m, Vector* to) {
  const Vector sumA = m[0] + m[1], sumB = m[2] + m[3], lessA = m[0] - m[1], lessB = m[2] - m[3];
  to[0] = sumA + sumB;
  to[1] = all(kA) * lessA + all(kB) * lessB;
  to[2] = all(kA2) * sumA + all(kB2) * sumB;
  to[3] = all(kA2 * kA) * lessA + (all(kB2 * kB) * lessB + m[4]);
}

struct ReadStrided {
  static constexpr int kFrom = 9, kTo = 9;
  static SELFADAPT_INLINE void line(const Vector* x, Vector* to) {
    const Vector odd[5] = {x[0], x[2], x[4], x[6], x[8]};
    read42(odd, to);
    for (int i = 0; i < 4; i++) to[5 + i] = x[2 * i + 1];
  }
};

struct GatherStrided {
  static constexpr int kFrom = 9, kTo = 4;
  static SELFADAPT_INLINE void line(const Vector* m, Vector* to) {
    gather42(m, to);
    for (int i = 0; i < 4; i++) to[i] += m[5 + i];
  }
};

struct SpreadStrided {
  static constexpr int kFrom = 4, kTo = 9;
  static SELFADAPT_INLINE void line(const Vector* y, Vector* to) {
    const Vector evenA = y[0] + all(kA2) * y[2], oddA = y[1] + all(kA2) * y[3];
    const Vector evenB = y[0] + all(kB2) * y[2], oddB = y[1] + all(kB2) * y[3];
    to[0] = evenA + all(kA) * oddA;
    to[1] = evenA - all(kA) * oddA;
    to[2] = evenB + all(kB) * oddB;
    to[3] = evenB - all(kB) * oddB;
    to[4] = y[3];
    for (int i = 0; i < 4; i++) to[5 + i] = y[i];
  }
};

// On the way back four output gradients (and one beside them) give eight input gradients.
struct ReadStridedBack {
  static constexpr int kFrom = 5, kTo = 9;
  static SELFADAPT_INLINE void line(const Vector* y, Vector* to) {
    read42(y, to);
    for (int i = 0; i < 4; i++) to[5 + i] = y[i];
  }
};

struct GatherStridedBack {
  static constexpr int kFrom = 9, kTo = 8;
  static SELFADAPT_INLINE void line(const Vector* m, Vector* to) {
    Vector odd[4];
    gather42(m, odd);
    for (int i = 0; i < 4; i++) {
      to[2 * i] = m[5 + i];
      to[2 * i + 1] = odd[i];
    }
  }
};

struct WeightsStrided {
  static constexpr int kFrom = 3, kTo = 6;
  static constexpr double kNa = 1 / (2 * kA * (kA2 - kB2)), kNb = 1 / (2 * kB * (kB2 - kA2));
  static SELFADAPT_INLINE void line(const Vector* w, Vector* to) {
    to[0] = all(kNa) * w[0] + all(kNa * kA) * w[2];
    to[1] = all(kNa * kA) * w[2] - all(kNa) * w[0];
    to[2] = all(kNb) * w[0] + all(kNb * kB) * w[2];
    to[3] = all(kNb * kB) * w[2] - all(kNb) * w[0];
    to[4] = w[2];
    to[5] = w[1];
  }
};

struct WeightGradientStrided {
  static constexpr int kFrom = 6, kTo = 3;
  static SELFADAPT_INLINE void line(const Vector* u, Vector* to) {
    constexpr double kNa = WeightsStrided::kNa, kNb = WeightsStrided::kNb;
    to[0] = all(kNa) * (u[0] - u[1]) + all(kNb) * (u[2] - u[3]);
    to[1] = u[5];
    to[2] = all(kNa * kA) * (u[0] + u[1]) + (all(kNb * kB) * (u[2] + u[3]) + u[4]);
  }
};

// A transform along both sides: from(y, x) gives a vector, to(y, x, vector) takes one.
template <class Side, class From, class To>
static SELFADAPT_INLINE void transform(const From& from, const To& to) {
  Vector lines[Side::kFrom][Side::kTo];
#pragma GCC unroll 9
  for (int y = 0; y < Side::kFrom; y++) {
    Vector line[Side::kFrom];
#pragma GCC unroll 9
    for (int x = 0; x < Side::kFrom; x++) line[x] = from(y, x);
    Side::line(line, lines[y]);
  }
#pragma GCC unroll 9
  for (int x = 0; x < Side::kTo; x++) {
    Vector column[Side::kFrom], result[Side::kTo];
#pragma GCC unroll 9
    for (int y = 0; y < Side::kFrom; y++) column[y] = lines[y][x];
    Side::line(column, result);
#pragma GCC unroll 9
    for (int y = 0; y < Side::kTo; y++) to(y, x, result[y]);
  }
}

}  // namespace selfadapt::winograd::SELFADAPT_UNIT
