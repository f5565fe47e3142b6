// A trunk's forward pass: one fused operation after the other.
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/var_mean.h>
#include <ATen/ops/zeros.h>

#include <cmath>

#include "backward-plan.h"
#include "kernels.h"
#include "run.h"
#include "winograd-unit.h"

#if defined(SELFADAPT_AMX)
#include "packed-unit.h"
#endif

namespace selfadapt::trunk {

namespace {

constexpr int64_t kLargest = int64_t{1} << 24;

void checkVector(const at::Tensor& tensor, int channels, const char* what) {
  TORCH_CHECK(tensor.dim() == 1 && tensor.size(0) == channels && tensor.scalar_type() == at::kFloat && tensor.is_contiguous(),
              "a trunk's ", what, " is ", channels, " float32 numbers here, received ", tensor.sizes(), " ", tensor.scalar_type());
}

void checkWeight(const at::Tensor& weight, int inputs, const Window& window) {
  TORCH_CHECK(weight.dim() == 4 && weight.size(1) == inputs && weight.size(2) == window.kernel &&
                  weight.size(3) == window.kernel && weight.size(0) > 0 && weight.size(0) < kLargest &&
                  weight.scalar_type() == at::kFloat && weight.device().is_cpu(),
              "a trunk's convolution reads ", inputs, " channels with a kernel of ", window.kernel, " in float32, received weights ",
              weight.sizes(), " ", weight.scalar_type());
}

}  // namespace

template <class Unit>
RunBy<Unit>::RunBy(Inputs inputs, Unit unit)
    : inputs_(std::move(inputs)), unit_(unit), threads_(at::get_num_threads()) {
  const at::Tensor& images = inputs_.images;
  TORCH_CHECK(images.dim() == 4 && images.scalar_type() == at::kFloat && images.device().is_cpu(),
              "a trunk reads float32 images (n, channels, height, width) on the CPU, received ", images.sizes(), " ",
              images.scalar_type(), " on ", images.device());
  for (int i = 0; i < 4; i++) {
    TORCH_CHECK(images.size(i) > 0 && images.size(i) < kLargest, "a trunk's images are empty or too large: ", images.sizes());
  }
  const bool fold = !inputs_.recorded && !inputs_.training;
  plan_ = planOf(inputs_.rows, inputs_.parameters.size(), inputs_.buffers.size(), inputs_.numbers.size(), fold, inputs_.training,
                 Unit::readsNorms);
  if (inputs_.recorded) planBackward(plan_, inputs_.training, images.requires_grad(), Unit::gathersAtOnce);
  const size_t operations = plan_.operations.size();
  maps_.resize(plan_.values);
  shapes_.resize(plan_.values);
  sums_.resize(plan_.values);
  packed_.resize(operations);
  versions_.resize(operations);
  chosen_.resize(operations);
  dropouts_.resize(operations);
  norms_.resize(plan_.norms.size());
  unread_ = plan_.readers;
}

template <class Unit>
at::Tensor RunBy<Unit>::forward() {
  at::Tensor features;
  for (const Operation& operation : plan_.operations) {
    switch (operation.kind) {
      case OperationKind::Images: images(); break;
      case OperationKind::Convolve: convolve(operation); break;
      case OperationKind::Blend: blend(operation); break;
      case OperationKind::MaxPool: pool(operation); break;
      case OperationKind::Mean: features = mean(operation); break;
      case OperationKind::Maps: features = maps(operation); break;
    }
    if (!inputs_.recorded) releaseRead(operation);
  }
  return features;
}

// Without a backward pass, what nobody will read again makes room at once.
template <class Unit>
void RunBy<Unit>::releaseRead(const Operation& operation) {
  for (const int value : operation.reads()) {
    if (value != kNone && --unread_[value] == 0) maps_[value].reset();
  }
}

template <class Unit>
kernels::Images RunBy<Unit>::imagesAt(const at::Tensor& tensor) const {
  const auto size = [&](int i) { return static_cast<int>(tensor.size(i)); };
  return {static_cast<float*>(tensor.data_ptr()), size(0), size(1), size(2), size(3),
          tensor.stride(0), tensor.stride(1), tensor.stride(2), tensor.stride(3)};
}

template <class Unit>
std::vector<float> RunBy<Unit>::padded(int index, const Maps& shape) const {
  const at::Tensor& tensor = inputs_.parameters[index];
  std::vector<float> values(shape.paddedChannels(), 0.0f);
  std::copy_n(static_cast<const float*>(tensor.data_ptr()), tensor.numel(), values.begin());
  return values;
}

template <class Unit>
at::Tensor RunBy<Unit>::store(int value, const Maps& shape) {
  shapes_[value] = shape;
  return maps_[value] = newMaps(shape);
}

template <class Unit>
kernels::Reading RunBy<Unit>::readingOf(const Operation& operation) const {
  if (operation.unnormed.value == kNone) return {};
  const NormState& norm = norms_[operation.unnormed.norm];
  return {norm.scale.data(), norm.shift.data()};
}

template <class Unit>
void RunBy<Unit>::readColumns(const Operation& operation) {
  const kernels::Images images = imagesAt(inputs_.images);
  TORCH_CHECK(images.height + 2 * operation.window.padding >= operation.window.kernel &&
                  images.width + 2 * operation.window.padding >= operation.window.kernel,
              "a trunk's images of ", images.height, " x ", images.width, " are smaller than its first window");
  store(0, unit_.columnShape(images, operation.window));
  unit_.toColumns(images, operation.window, mapsOf(0));
}

template <class Unit>
void RunBy<Unit>::images() {
  const kernels::Images from = imagesAt(inputs_.images);
  store(0, {from.images, from.channels, from.height, from.width});
  unit_.toMaps(from, mapsOf(0));
}

template <class Unit>
void RunBy<Unit>::convolve(const Operation& operation) {
  const bool columns = operation.columns;
  const size_t index = &operation - plan_.operations.data();
  const at::Tensor& weight = inputs_.parameters[operation.weight];
  checkWeight(weight, columns ? static_cast<int>(inputs_.images.size(1)) : shapes_[operation.input].channels, operation.window);
  if (columns) readColumns(operation);
  const kernels::WeightShape weightShape = weightShapeOf(weight, operation.window, columns);
  const bool backward = inputs_.recorded && (!columns || inputs_.images.requires_grad());
  const bool kept = Unit::packing().keptInTraining || !(inputs_.recorded && inputs_.training);
  packed_[index] = kept ? packedWeights(weight, weightShape, Unit::packing(), backward, threads_)
                        : PackedTensors{packedForUse(weight, weightShape, Unit::packing(), Direction::Forward, threads_), {}};
  versions_[index] = weight._version();

  const Window window = weightShape.window;
  const Maps& from = shapes_[operation.input];
  const Maps to = {from.images, weightShape.outputs, window.outputSize(from.height), window.outputSize(from.width)};
  store(operation.output, to);
  const typename Unit::Source source =
      Unit::sourceOf(readMapsOf(operation), from, static_cast<const Element*>(packed_[index].forward.data_ptr()), window,
                     readingOf(operation));

  std::vector<float> bias;
  if (operation.bias != kNone) {
    checkVector(inputs_.parameters[operation.bias], to.channels, "bias");
    bias = padded(operation.bias, to);
  } else if (operation.relu) {
    bias.assign(to.paddedChannels(), 0.0f);
  }
  const float* biasOrNull = bias.empty() ? nullptr : bias.data();
  if (operation.add != kNone) {
    const Maps& other = shapes_[operation.add];
    TORCH_CHECK(other.channels == to.channels && other.height == to.height && other.width == to.width,
                "a trunk adds maps of one shape");
  }
  if (!inputs_.recorded && !inputs_.training) {
    if (operation.norm != kNone) prepareNorm(operation.norm, operation.output);
    const NormState* norm = operation.norm == kNone ? nullptr : &norms_[operation.norm];
    unit_.convolve({source}, mapsOf(operation.output), to,
                   typename Unit::InferenceEpilogue{biasOrNull, operation.relu, norm ? norm->scale.data() : nullptr,
                                                    norm ? norm->shift.data() : nullptr, mapsOf(operation.add),
                                                    operation.lastRelu});
    return;
  }
  std::vector<double> sums =
      unit_.convolve({source}, mapsOf(operation.output), to,
                     typename Unit::StatisticsEpilogue{biasOrNull, operation.relu, mapsOf(operation.add)});
  if (!kept) packed_[index] = {};
  if (operation.normed && inputs_.training) sums_[operation.output] = std::move(sums);
}

// Of each channel, by sums of values and squares. These lose the deviation of values that are far from zero: the statistics of such
// channels are those of a second pass.
template <class Unit>
BatchStatistics RunBy<Unit>::statisticsOf(int value) {
  constexpr double kFarFromZero = 64;
  const Maps& shape = shapes_[value];
  const double count = static_cast<double>(shape.images) * shape.pixels();
  const std::vector<double>& sums = sums_[value];
  BatchStatistics found{std::vector<double>(shape.channels), std::vector<double>(shape.channels)};
  std::vector<int> far;
  for (int c = 0; c < shape.channels; c++) {
    const double mean = sums[c] / count;
    const double variance = sums[shape.paddedChannels() + c] / count - mean * mean;
    found.mean[c] = mean;
    found.variance[c] = variance < 0 ? 0 : variance;  // What is not a number stays so.
    if (mean * mean > kFarFromZero * found.variance[c]) far.push_back(c);
  }
  if (far.empty()) return found;
  const auto [variances, means] = at::var_mean(plainMaps(value), {0, 2, 3}, false);
  for (const int c : far) {
    found.mean[c] = static_cast<const float*>(means.data_ptr())[c];
    found.variance[c] = static_cast<const float*>(variances.data_ptr())[c];
  }
  return found;
}

// Scale and shift of a batch norm that reads a value, by its sums in training (which move the running statistics) and by
// the running statistics otherwise.
template <class Unit>
void RunBy<Unit>::prepareNorm(int index, int value) {
  const Norm& norm = plan_.norms[index];
  const Maps& shape = shapes_[value];
  const int channels = shape.channels;
  for (const int parameter : {norm.parameter, norm.parameter + 1}) {
    checkVector(inputs_.parameters[parameter], channels, "batch norm's weight");
  }
  for (const int buffer : {norm.buffer, norm.buffer + 1}) {
    checkVector(inputs_.buffers[buffer], channels, "batch norm's running statistic");
  }
  auto* runningMean = static_cast<float*>(inputs_.buffers[norm.buffer].data_ptr());
  auto* runningVariance = static_cast<float*>(inputs_.buffers[norm.buffer + 1].data_ptr());
  const double eps = inputs_.numbers[norm.number];
  const double momentum = inputs_.numbers[norm.number + 1];
  const double count = static_cast<double>(shape.images) * shape.pixels();
  TORCH_CHECK(!inputs_.training || count > 1, "batch norm learns from more than one value a channel, received one");
  NormState& state = norms_[index];
  const BatchStatistics batch = inputs_.training ? statisticsOf(value) : BatchStatistics{};
  for (std::vector<float>* values : {&state.scale, &state.shift, &state.mean, &state.inverse}) {
    values->assign(shape.paddedChannels(), 0.0f);
  }
  for (int c = 0; c < channels; c++) {
    double mean = runningMean[c];
    double variance = runningVariance[c];
    if (inputs_.training) {
      mean = batch.mean[c];
      variance = batch.variance[c];
      runningMean[c] = static_cast<float>((1 - momentum) * runningMean[c] + momentum * mean);
      runningVariance[c] = static_cast<float>((1 - momentum) * runningVariance[c] + momentum * variance * count / (count - 1));
    }
    const double inverse = 1 / std::sqrt(variance + eps);
    state.mean[c] = static_cast<float>(mean);
    state.inverse[c] = static_cast<float>(inverse);
    state.scale[c] = static_cast<float>(parameter(norm.parameter)[c] * inverse);
    state.shift[c] = static_cast<float>(parameter(norm.parameter + 1)[c] - mean * parameter(norm.parameter)[c] * inverse);
  }
}

// Whole channels of an image are dropped, drawn from the default stream just as libtorch's own feature_dropout draws.
template <class Unit>
void RunBy<Unit>::drawDropout(const Operation& operation, const Maps& shape) {
  const double probability = inputs_.numbers[operation.dropout];
  TORCH_CHECK(probability >= 0 && probability <= 1, "dropout's probability is from 0 to 1, received ", probability);
  const at::Tensor kept = at::empty({shape.images, shape.channels}, at::kFloat);
  if (probability < 1) kept.bernoulli_(1 - probability).div_(1 - probability);
  else kept.zero_();
  const at::Tensor all = at::zeros({Unit::paddedImages(shape), shape.paddedChannels()}, at::kFloat);
  all.narrow(0, 0, shape.images).narrow(1, 0, shape.channels).copy_(kept);
  dropouts_[&operation - plan_.operations.data()] = all;
}

template <class Unit>
void RunBy<Unit>::blend(const Operation& operation) {
  const Maps shape = shapes_[operation.first.value];
  if (operation.byReader) {
    shapes_[operation.output] = shape;
    return prepareNorm(operation.first.norm, operation.first.value);
  }
  store(operation.output, shape);
  const auto termOf = [&](const Summand& summand) -> typename Unit::Term {
    if (summand.value == kNone) return {};
    const Maps& own = shapes_[summand.value];
    TORCH_CHECK(own.channels == shape.channels && own.height == shape.height && own.width == shape.width,
                "a trunk adds maps of one shape");
    if (summand.norm == kNone) return {mapsOf(summand.value), nullptr, nullptr};
    prepareNorm(summand.norm, summand.value);
    return {mapsOf(summand.value), norms_[summand.norm].scale.data(), norms_[summand.norm].shift.data()};
  };
  typename Unit::Blend job;
  job.shape = shape;
  job.first = termOf(operation.first);
  job.second = termOf(operation.second);
  job.relu = operation.relu;
  if (operation.dropout != kNone) {
    drawDropout(operation, shape);
    job.dropout = static_cast<const float*>(dropouts_[&operation - plan_.operations.data()].data_ptr());
  }
  job.output = mapsOf(operation.output);
  unit_.blend(job);
}

template <class Unit>
void RunBy<Unit>::pool(const Operation& operation) {
  const Maps& from = shapes_[operation.input];
  const Window& window = operation.window;
  TORCH_CHECK(2 * window.padding <= window.kernel && from.height + 2 * window.padding >= window.kernel &&
                  from.width + 2 * window.padding >= window.kernel && window.taps() < 256,
              "a trunk's pooling of ", window.kernel, " with padding ", window.padding, " does not fit maps of ", from.height,
              " x ", from.width);
  const Maps to = {from.images, from.channels, window.outputSize(from.height), window.outputSize(from.width)};
  store(operation.output, to);
  at::Tensor& chosen = chosen_[&operation - plan_.operations.data()];
  if (inputs_.recorded) chosen = at::empty({static_cast<int64_t>(to.elements())}, at::kByte);
  unit_.maxPool({mapsOf(operation.input), from, mapsOf(operation.output), to, window,
                    chosen.defined() ? static_cast<uint8_t*>(chosen.data_ptr()) : nullptr, threads_});
}

template <class Unit>
at::Tensor RunBy<Unit>::mean(const Operation& operation) {
  const Maps& shape = shapes_[operation.input];
  at::Tensor features = at::empty({shape.images, shape.channels}, at::kFloat);
  unit_.meanOfPixels(shape, mapsOf(operation.input), static_cast<float*>(features.data_ptr()));
  return features;
}

template <class Unit>
at::Tensor RunBy<Unit>::maps(const Operation& operation) {
  return plainMaps(operation.input);
}

template <class Unit>
at::Tensor RunBy<Unit>::plainMaps(int value) {
  const Maps& shape = shapes_[value];
  const at::Tensor plain = at::empty({shape.images, shape.channels, shape.height, shape.width}, at::kFloat);
  unit_.fromMaps(mapsOf(value), imagesAt(plain));
  return plain;
}

template class RunBy<WinogradUnit>;
#if defined(SELFADAPT_AMX)
template class RunBy<PackedUnit>;
#endif

std::unique_ptr<Run> newRun(Inputs inputs) {
  const int threads = at::get_num_threads();
#if defined(SELFADAPT_AMX)
  if (!isWinograd(inputs.kernels)) return std::make_unique<RunBy<PackedUnit>>(std::move(inputs), PackedUnit(threads));
#endif
  return std::make_unique<RunBy<WinogradUnit>>(std::move(inputs), WinogradUnit(threads));
}

}  // namespace selfadapt::trunk
