// The two register-blocked products that all convolutions are made of. The right factor lies in panels of kPanel columns,
// [columns / kPanel][depth][kPanel]; a last narrow panel has kWidth columns. The left factor is read where it lies.
#pragma once

#include "vector.h"

namespace selfadapt::winograd::SELFADAPT_UNIT {

static SELFADAPT_INLINE size_t panelAt(int column, size_t depth) {
  return static_cast<size_t>(column / kPanel) * depth * kPanel;
}
static SELFADAPT_INLINE int panelWidth(int column, int columns) { return columns - column >= kPanel ? kPanel : kWidth; }

template <int Rows, int Vectors>
struct Sums {
  Vector of[Rows][Vectors];

  SELFADAPT_INLINE void begin(const float* from, size_t stride, bool add) {
#pragma GCC unroll 16
    for (int r = 0; r < Rows; r++)
#pragma GCC unroll 4
      for (int v = 0; v < Vectors; v++) of[r][v] = add ? load(from + r * stride + v * kWidth) : Vector{};
  }
  SELFADAPT_INLINE void end(float* to, size_t stride) const {
#pragma GCC unroll 16
    for (int r = 0; r < Rows; r++)
#pragma GCC unroll 4
      for (int v = 0; v < Vectors; v++) store(to + r * stride + v * kWidth, of[r][v]);
  }
  // Adds a column of the left factor, left(r), times a row of the right one.
  template <class Left>
  SELFADAPT_INLINE void add(const Left& left, const float* right) {
    Vector b[Vectors];
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; v++) b[v] = load(right + v * kWidth);
#pragma GCC unroll 16
    for (int r = 0; r < Rows; r++) {
      const Vector a = all(left(r));
#pragma GCC unroll 4
      for (int v = 0; v < Vectors; v++) of[r][v] += a * b[v];
    }
  }
};

// A product to compute: to[rows][columns] (+)= left times panels.
struct Product {
  const float* left;
  size_t leftStride;
  const float* panels;
  float* to;
  size_t toStride;
  int rows, columns, depth;
  bool add;
};

// left[row * stride + k]
template <int Rows, int Vectors>
static void rowsTimesPanel(const Product& job, int row, int column) {
  float* to = job.to + row * job.toStride + column;
  const float* panel = job.panels + panelAt(column, job.depth);
  const size_t stride = job.leftStride;
  Sums<Rows, Vectors> sums;
  sums.begin(to, job.toStride, job.add);
  // Every third row has a pointer: addresses reach the two behind it.
  constexpr int kPointers = (Rows + 2) / 3;
  const float* p[kPointers];
#pragma GCC unroll 8
  for (int i = 0; i < kPointers; i++) p[i] = job.left + (row + 3 * i) * stride;
  for (int k = 0; k < job.depth; k++, panel += Vectors * kWidth) {
    sums.add([&](int r) { return p[r / 3][r % 3 * stride]; }, panel);
#pragma GCC unroll 8
    for (int i = 0; i < kPointers; i++) p[i]++;
  }
  sums.end(to, job.toStride);
}

// left[k * stride + row]
template <int Rows, int Vectors>
static void columnsTimesPanel(const Product& job, int row, int column) {
  float* to = job.to + row * job.toStride + column;
  const float* panel = job.panels + panelAt(column, job.depth);
  const float* left = job.left + row;
  Sums<Rows, Vectors> sums;
  sums.begin(to, job.toStride, job.add);
  for (int k = 0; k < job.depth; k++, panel += Vectors * kWidth, left += job.leftStride) {
    sums.add([&](int r) { return left[r]; }, panel);
  }
  sums.end(to, job.toStride);
}

template <int Rows, class Body>
static SELFADAPT_INLINE void restOfRows(int row, int left, const Body& body) {
  if constexpr (Rows > 0) {
    if (left == Rows) body.template operator()<Rows>(row);
    else restOfRows<Rows - 1>(row, left, body);
  }
}

// Calls body<Rows>(first row) for rows in groups of kRows, and for one group of what is left over.
template <class Body>
static SELFADAPT_INLINE void eachRows(int rows, const Body& body) {
  int row = 0;
  for (; row + kRows <= rows; row += kRows) body.template operator()<kRows>(row);
  restOfRows<kRows - 1>(row, rows - row, body);
}

// Calls body<Rows, Vectors>(first row, first column) for every block of a product, panel by panel.
template <class Body>
static SELFADAPT_INLINE void eachBlock(int rows, int firstColumn, int lastColumn, int columns, const Body& body) {
  for (int column = firstColumn; column < lastColumn; column += kPanel) {
    if (panelWidth(column, columns) == kPanel) {
      eachRows(rows, [&]<int Rows>(int row) { body.template operator()<Rows, 2>(row, column); });
    } else {
      eachRows(rows, [&]<int Rows>(int row) { body.template operator()<Rows, 1>(row, column); });
    }
  }
}

// The columns from `first` to before `last`, whole panels, of left times panels.
static void multiply(const Product& job, int first, int last) {
  eachBlock(job.rows, first, last, job.columns,
            [&]<int Rows, int Vectors>(int row, int column) { rowsTimesPanel<Rows, Vectors>(job, row, column); });
}

// The same of the transpose of left, [depth][rows].
static void multiplyTransposed(const Product& job, int first, int last) {
  eachBlock(job.rows, first, last, job.columns,
            [&]<int Rows, int Vectors>(int row, int column) { columnsTimesPanel<Rows, Vectors>(job, row, column); });
}

}  // namespace selfadapt::winograd::SELFADAPT_UNIT
