// A trunk's backward pass. What it may write over is decided by the plan (backward-plan.h) and only obeyed here. Gradients of a
// value wait until all of its readers have spoken: those through convolutions are gathered at once when the operation that made
// the value takes its turn, which lets its ReLU's mask and its batch norms' sums be taken in the convolution's epilogue.
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>

#include "norm-passage.h"
#include "parameter-gradients.h"
#include "run.h"
#include "winograd-unit.h"

#if defined(SELFADAPT_AMX)
#include "packed-unit.h"
#endif

namespace selfadapt::trunk {

// What is known of a value's gradient: a sum so far, and convolutions that will add to it.
template <class Source>
struct Pending {
  at::Tensor sum;
  std::vector<Source> sources;
  // Keep what the sources point to.
  std::vector<at::Tensor> read;
};

template <class Unit>
class Backward {
 public:
  using Element = typename Unit::Element;
  using Maps = typename Unit::Maps;
  using Source = typename Unit::Source;
  using GradientEpilogue = typename Unit::GradientEpilogue;

  Backward(RunBy<Unit>& run, const Wanted& wanted, bool mayOverwrite)
      : run_(run), wanted_(wanted), mayOverwrite_(mayOverwrite), pending_(run.plan_.values),
        parameters_(run.inputs_.parameters, wanted.parameters) {}

  Gradients compute(const at::Tensor& gradient) {
    const auto& operations = run_.plan_.operations;
    for (size_t i = operations.size(); i-- > 0;) {
      const Operation& operation = operations[i];
      switch (operation.kind) {
        case OperationKind::Mean: mean(operation, i, gradient); break;
        case OperationKind::Maps: maps(operation, i, gradient); break;
        case OperationKind::MaxPool: pool(operation, i); break;
        case OperationKind::Blend: blend(operation, i); break;
        case OperationKind::Convolve: convolve(operation, i); break;
        case OperationKind::Images: images(i); break;
      }
      if (!mayOverwrite_) continue;
      for (const int value : stepOf(i).released) run_.maps_[value].reset();
    }
    return {std::move(images_), parameters_.take()};
  }

 private:
  static Element* pointerTo(const at::Tensor& tensor) {
    return tensor.defined() ? static_cast<Element*>(tensor.data_ptr()) : nullptr;
  }
  static at::Tensor newMaps(const Maps& shape) { return RunBy<Unit>::newMaps(shape); }

  const BackwardStep& stepOf(size_t index) const { return run_.plan_.backward[index]; }

  void mean(const Operation& operation, size_t index, const at::Tensor& gradient) {
    const Maps& shape = run_.shapes_[operation.input];
    const at::Tensor whole = gradient.to(at::kFloat).contiguous();
    at::Tensor maps = newMaps(shape);
    run_.unit_.meanGradient(shape, static_cast<const float*>(whole.data_ptr()), pointerTo(maps));
    contribute(operation.input, std::move(maps), stepOf(index).joining);
  }

  void maps(const Operation& operation, size_t index, const at::Tensor& gradient) {
    const at::Tensor whole = gradient.to(at::kFloat);
    at::Tensor maps = newMaps(run_.shapes_[operation.input]);
    run_.unit_.toMaps(run_.imagesAt(whole), pointerTo(maps));
    contribute(operation.input, std::move(maps), stepOf(index).joining);
  }

  void pool(const Operation& operation, size_t index) {
    const at::Tensor gradient = gather(operation.output, stepOf(index).gathered, {});
    at::Tensor maps = newMaps(run_.shapes_[operation.input]);
    run_.unit_.maxPoolGradient({pointerTo(gradient), run_.shapes_[operation.output], pointerTo(maps), run_.shapes_[operation.input],
                              operation.window, static_cast<const uint8_t*>(run_.chosen_[index].data_ptr()), run_.threads_});
    contribute(operation.input, std::move(maps), stepOf(index).joining);
  }

  // Adds to a value's gradient.
  void contribute(int value, at::Tensor gradient, Joining joining) {
    at::Tensor& sum = pending_[value].sum;
    if (joining == Joining::First) {
      sum = std::move(gradient);
      return;
    }
    if (joining == Joining::AddToCopy) sum = sum.clone();
    run_.unit_.addMaps(run_.shapes_[value], pointerTo(sum), pointerTo(gradient));
  }

  // The whole gradient of a value, with an epilogue where convolutions gather it.
  at::Tensor gather(int value, Place place, GradientEpilogue epilogue, std::vector<double>* sums = nullptr) {
    Pending<Source>& pending = pending_[value];
    if (pending.sources.empty()) {
      TORCH_CHECK(pending.sum.defined(), "a trunk's value ", value, " is read by nothing");
      return std::move(pending.sum);
    }
    TORCH_CHECK(pending.sources.size() <= Unit::kMostSources, "at most ", Unit::kMostSources,
                " convolutions of a trunk read one value");
    epilogue.add = pointerTo(pending.sum);
    const at::Tensor output = memoryAt(place, value);
    std::vector<double> gathered = run_.unit_.convolve(pending.sources, pointerTo(output), run_.shapes_[value], epilogue);
    if (sums != nullptr) *sums = std::move(gathered);
    pending = {};
    return output;
  }

  // Where a value's gradient is written.
  at::Tensor memoryAt(Place place, int value) {
    if (place == Place::Sum) return pending_[value].sum;
    if (place == Place::Maps && mayOverwrite_) return std::move(run_.maps_[value]);
    return newMaps(run_.shapes_[value]);
  }

  void blend(const Operation& operation, size_t index) {
    const Maps& shape = run_.shapes_[operation.output];
    const size_t channels = shape.paddedChannels();
    // Sums of the gradient, and of its products with the first and the second summand's maps.
    std::vector<double> sums;
    at::Tensor gradient;
    const BackwardStep& step = stepOf(index);
    if (step.fused) {
      GradientEpilogue epilogue = epilogueOf(operation);
      if (step.scaled) epilogue.slope = run_.norms_[operation.first.norm].scale.data();
      gradient = gather(operation.output, step.gathered, epilogue, &sums);
    } else {
      gradient = gather(operation.output, step.gathered, {});
      if (step.copied) gradient = gradient.clone();
      sums = blendSums(operation, index, gradient);
    }
    if (step.scaled) {
      throughNorm(operation.first, sums.data(), sums.data() + channels);
      pending_[operation.first.value].sum = std::move(gradient);
      return;
    }
    pass(operation.first, step.first, sums, 1, gradient);
    if (operation.second.value != kNone) pass(operation.second, step.second, sums, 2, gradient);
  }

  GradientEpilogue epilogueOf(const Operation& operation) {
    const NormState& norm = run_.norms_[operation.first.norm];
    GradientEpilogue epilogue;
    epilogue.first = run_.mapsOf(operation.first.value);
    if (operation.second.value == kNone) {
      epilogue.scale = norm.scale.data();
      epilogue.shift = norm.shift.data();
      return epilogue;
    }
    epilogue.activation = run_.mapsOf(operation.output);
    if (operation.second.norm != kNone) epilogue.second = run_.mapsOf(operation.second.value);
    return epilogue;
  }

  // A blend's mask, or a convolution's own ReLU, and the sums, in a pass of their own.
  std::vector<double> blendSums(const Operation& operation, size_t index, const at::Tensor& gradient) {
    const Maps& shape = run_.shapes_[operation.output];
    const auto dotOf = [&](const Summand& summand) { return summand.norm == kNone ? nullptr : run_.mapsOf(summand.value); };
    typename Unit::BlendGradient job;
    job.shape = shape;
    job.gradient = pointerTo(gradient);
    if (operation.dropout != kNone) job.dropout = static_cast<const float*>(run_.dropouts_[index].data_ptr());
    if (operation.relu) job.activation = run_.mapsOf(operation.output);
    job.first = dotOf(operation.first);
    job.second = dotOf(operation.second);
    return run_.unit_.blendGradient(job);
  }

  // Hands a blend's gradient on to one of its summands; `dot` says which of the sums belong to it.
  void pass(const Summand& summand, const SummandStep& step, const std::vector<double>& sums, int dot,
            const at::Tensor& gradient) {
    if (summand.norm == kNone) return contribute(summand.value, gradient, step.joining);
    const size_t channels = run_.shapes_[summand.value].paddedChannels();
    const NormFactors factors = throughNorm(summand, sums.data(), sums.data() + dot * channels);
    Pending<Source>& pending = pending_[summand.value];
    const Operation* convolution = step.convolution == kNone ? nullptr : &run_.plan_.operations[step.convolution];
    typename Unit::NormGradient job;
    job.shape = run_.shapes_[summand.value];
    job.gradient = pointerTo(gradient);
    job.maps = run_.mapsOf(summand.value);
    job.a = factors.a.data();
    job.b = factors.b.data();
    job.c = factors.c.data();
    job.add = pointerTo(pending.sum);
    job.relu = convolution != nullptr && convolution->relu;
    at::Tensor output = memoryAt(step.place, summand.value);
    job.output = pointerTo(output);
    const std::vector<double> outputSums = run_.unit_.normGradient(job, convolution != nullptr);
    pending.sum = std::move(output);
    if (convolution != nullptr) giveBias(*convolution, outputSums);
  }

  // Gives a batch norm its parameters' gradients, and says what becomes of the gradient behind it.
  NormFactors throughNorm(const Summand& summand, const double* sums, const double* dots) {
    const Norm& norm = run_.plan_.norms[summand.norm];
    const Maps& shape = run_.shapes_[summand.value];
    const NormPassage passage =
        passNorm(run_.norms_[summand.norm], static_cast<double>(shape.images) * shape.pixels(), sums, dots, run_.inputs_.training);
    parameters_.give(norm.parameter, passage.weight);
    parameters_.give(norm.parameter + 1, passage.bias);
    return passage.factors;
  }

  void giveBias(const Operation& operation, const std::vector<double>& sums) {
    if (operation.bias != kNone) parameters_.give(operation.bias, sums);
  }

  void convolve(const Operation& operation, size_t index) {
    const BackwardStep& step = stepOf(index);
    at::Tensor gradient = gather(operation.output, step.gathered, {});
    if (!step.finished && (operation.relu || operation.bias != kNone)) {
      if (step.copied) gradient = gradient.clone();
      giveBias(operation, blendSums(operation, index, gradient));
    }
    if (parameters_.wants(operation.weight)) parameters_.give(operation.weight, weightGradient(operation, gradient));
    if (operation.add != kNone) contribute(operation.add, gradient, step.joining);
    if (operation.columns) {
      if (wanted_.images) columnGradient(operation, index, gradient);
      return;
    }
    if (operation.input == 0 && !wanted_.images) return;
    Pending<Source>& input = pending_[operation.input];
    const at::Tensor weights = backwardWeights(operation, index);
    input.sources.push_back(sourceOf(operation, gradient, weights));
    input.read.push_back(weights);
    input.read.push_back(std::move(gradient));
  }

  Source sourceOf(const Operation& operation, const at::Tensor& gradient, const at::Tensor& weights) const {
    const Window window = operation.columns ? Window{1, 1, 0} : operation.window;
    return {pointerTo(gradient), run_.shapes_[operation.output], pointerTo(weights), window, true};
  }

  // Packed for the way back: in the forward pass, or now.
  at::Tensor backwardWeights(const Operation& operation, size_t index) const {
    const at::Tensor& packed = run_.packed_[index].backward;
    if (packed.defined()) return packed;
    const at::Tensor& weight = run_.inputs_.parameters[operation.weight];
    TORCH_CHECK(weight._version() == run_.versions_[index],
                "a convolution's weights were changed in place between a trunk's forward and backward pass");
    return packedForUse(weight, weightShapeOf(weight, operation.window, operation.columns), Unit::packing(), Direction::Backward,
                        run_.threads_);
  }

  at::Tensor weightGradient(const Operation& operation, const at::Tensor& gradient) {
    at::Tensor result = at::empty(run_.inputs_.parameters[operation.weight].sizes(),
                                  at::TensorOptions(at::kFloat).memory_format(at::MemoryFormat::ChannelsLast));
    const Window window = operation.columns ? Window{1, 1, 0} : operation.window;
    run_.unit_.weightGradient(run_.readMapsOf(operation), run_.shapes_[operation.input], run_.readingOf(operation),
                              pointerTo(gradient), run_.shapes_[operation.output], window,
                              static_cast<float*>(result.data_ptr()));
    return result;
  }

  void images(size_t index) {
    if (!wanted_.images) return;
    const at::Tensor gradient = gather(0, stepOf(index).gathered, {});
    images_ = at::empty_like(run_.inputs_.images);
    run_.unit_.fromMaps(pointerTo(gradient), run_.imagesAt(images_));
  }

  void columnGradient(const Operation& operation, size_t index, const at::Tensor& gradient) {
    const at::Tensor columns = newMaps(run_.shapes_[0]);
    const at::Tensor weights = backwardWeights(operation, index);
    run_.unit_.convolve({sourceOf(operation, gradient, weights)}, pointerTo(columns), run_.shapes_[0], GradientEpilogue{});
    images_ = at::empty_like(run_.inputs_.images);
    run_.unit_.fromColumnGradient(pointerTo(columns), operation.window, run_.imagesAt(images_));
  }

  RunBy<Unit>& run_;
  const Wanted& wanted_;
  bool mayOverwrite_;
  std::vector<Pending<Source>> pending_;
  ParameterGradients parameters_;
  at::Tensor images_;
};

template <class Unit>
Gradients RunBy<Unit>::backward(const at::Tensor& gradient, const Wanted& wanted, bool mayOverwrite) {
  return Backward<Unit>(*this, wanted, mayOverwrite).compute(gradient);
}

template Gradients RunBy<WinogradUnit>::backward(const at::Tensor&, const Wanted&, bool);
#if defined(SELFADAPT_AMX)
template Gradients RunBy<PackedUnit>::backward(const at::Tensor&, const Wanted&, bool);
#endif

}  // namespace selfadapt::trunk
