// What a convolution does with a row of its result, 32 channels of one image at one pixel, before it is stored. An epilogue
// lives as long as one block of output channels of one task: begin, rows, end.
#pragma once

#include "convolve.h"
#include "vectors.h"

namespace selfadapt::kernels {

// Where a row belongs.
struct Place {
  // Of the row's first element, in the output and in all maps of its shape.
  size_t element;
  // The image within its block.
  int image;
};

template <bool HasBias, bool HasAdd>
class StatisticsRows {
 public:
  static constexpr int kSums = 2;
  static constexpr bool kStreams = true;

  StatisticsRows(const StatisticsEpilogue& epilogue, const Gathering&, int outputBlock, int images)
      : add_(epilogue.add), images_(images), floor_(rowOf(epilogue.relu ? 0.0f : -__builtin_inff())) {
    if (HasBias) bias_ = loadRow(epilogue.bias + outputBlock * kLanes);
  }

  Row operator()(Row value, Place place) {
    if (HasBias) value = place.image < images_ ? larger(value + bias_, floor_) : zeroRow();
    if (HasAdd) value = value + loadRow(add_ + place.element);
    sum_ = sum_ + value;
    squares_ = multiplyAdd(value, value, squares_);
    return value;
  }

  void end(float* partial, int channels) const {
    storeRow(partial, sum_);
    storeRow(partial + channels, squares_);
  }

 private:
  const Bf16* add_;
  int images_;
  Row floor_;
  Row bias_ = zeroRow();
  Row sum_ = zeroRow();
  Row squares_ = zeroRow();
};

template <bool HasAdd>
class InferenceRows {
 public:
  static constexpr int kSums = 0;
  static constexpr bool kStreams = true;

  InferenceRows(const InferenceEpilogue& epilogue, const Gathering&, int outputBlock, int)
      : add_(epilogue.add),
        floor_(rowOf(epilogue.relu ? 0.0f : -__builtin_inff())),
        lastFloor_(rowOf(epilogue.lastRelu ? 0.0f : -__builtin_inff())) {
    const int channel = outputBlock * kLanes;
    bias_ = epilogue.bias ? loadRow(epilogue.bias + channel) : zeroRow();
    scale_ = epilogue.scale ? loadRow(epilogue.scale + channel) : rowOf(1);
    shift_ = epilogue.scale ? loadRow(epilogue.shift + channel) : zeroRow();
  }

  Row operator()(Row value, Place place) {
    value = multiplyAdd(larger(value + bias_, floor_), scale_, shift_);
    if (HasAdd) value = value + loadRow(add_ + place.element);
    return larger(value, lastFloor_);
  }

  void end(float*, int) const {}

 private:
  const Bf16* add_;
  Row floor_, lastFloor_, bias_, scale_, shift_;
};

enum class Mask { None, Recomputed, Activation };

template <bool HasAdd, Mask kMask, int kDots>
class GradientRows {
 public:
  static constexpr int kSums = kMask == Mask::None ? 0 : 1 + kDots;
  static constexpr bool kStreams = false;

  GradientRows(const GradientEpilogue& epilogue, const Gathering&, int outputBlock, int) : epilogue_(epilogue) {
    if (kMask != Mask::Recomputed) return;
    scale_ = loadRow(epilogue.scale + outputBlock * kLanes);
    shift_ = loadRow(epilogue.shift + outputBlock * kLanes);
    slope_ = epilogue.slope ? loadRow(epilogue.slope + outputBlock * kLanes) : rowOf(1);
  }

  Row operator()(Row value, Place place) {
    if (HasAdd) value = value + loadRow(epilogue_.add + place.element);
    if (kMask == Mask::None) return value;
    const Row first = loadRow(epilogue_.first + place.element);
    if (kMask == Mask::Recomputed) value = wherePositive(value, multiplyAdd(first, scale_, shift_));
    else value = wherePositive(value, loadRow(epilogue_.activation + place.element));
    sum_ = sum_ + value;
    firstDot_ = multiplyAdd(value, first, firstDot_);
    if (kDots == 2) secondDot_ = multiplyAdd(value, loadRow(epilogue_.second + place.element), secondDot_);
    return kMask == Mask::Recomputed ? value * slope_ : value;
  }

  void end(float* partial, int channels) const {
    if (kSums == 0) return;
    storeRow(partial, sum_);
    storeRow(partial + channels, firstDot_);
    if (kDots == 2) storeRow(partial + 2 * channels, secondDot_);
  }

 private:
  GradientEpilogue epilogue_;
  Row scale_ = zeroRow(), shift_ = zeroRow(), slope_ = zeroRow();
  Row sum_ = zeroRow(), firstDot_ = zeroRow(), secondDot_ = zeroRow();
};

}  // namespace selfadapt::kernels
