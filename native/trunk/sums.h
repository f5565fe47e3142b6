// Sums by channel: in floats within a task, in doubles over all of them, in the order of the tasks.
#pragma once

#include <cstddef>
#include <vector>

namespace selfadapt::trunk {

class PartialSums {
 public:
  PartialSums(int tasks, size_t width) : width_(width), rows_(tasks * width) {}

  // Zeros, [tasks][width].
  float* rows() { return rows_.data(); }

  std::vector<double> added() const {
    std::vector<double> sums(width_, 0.0);
    for (size_t i = 0; i < rows_.size(); i++) sums[i % width_] += rows_[i];
    return sums;
  }

 private:
  size_t width_;
  std::vector<float> rows_;
};

}  // namespace selfadapt::trunk
