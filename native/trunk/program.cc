#include "program.h"

#include <c10/util/Exception.h>

namespace selfadapt::trunk {

namespace {

// Of indices, sizes and counts in a row.
constexpr int64_t kLargest = int64_t{1} << 20;
constexpr int64_t kMostSteps = static_cast<int64_t>(kLastStep);

struct Step {
  StepKind kind;
  int x;
  int operands[kRowLength - 2];
};

std::vector<Step> stepsOf(const std::vector<int64_t>& rows) {
  TORCH_CHECK(!rows.empty() && rows.size() % kRowLength == 0, "a trunk's program has rows of ", kRowLength,
              " integers, received ", rows.size(), " integers");
  std::vector<Step> steps;
  for (size_t row = 0; row < rows.size() / kRowLength; row++) {
    const int64_t* from = rows.data() + row * kRowLength;
    TORCH_CHECK(from[0] >= 1 && from[0] <= kMostSteps, "row ", row, " of a trunk's program begins with ", from[0],
                "; expected a step from 1 to ", kMostSteps);
    TORCH_CHECK(from[1] >= 0 && from[1] <= static_cast<int64_t>(row), "row ", row, " of a trunk's program reads value ",
                from[1], ", which is not there yet");
    for (int i = 2; i < kRowLength; i++) {
      TORCH_CHECK(from[i] >= kNone && from[i] < kLargest, "row ", row, " of a trunk's program holds ", from[i],
                  "; expected a number from -1 to below ", kLargest);
    }
    Step step = {static_cast<StepKind>(from[0]), static_cast<int>(from[1]), {}};
    for (int i = 2; i < kRowLength; i++) step.operands[i - 2] = static_cast<int>(from[i]);
    const bool last = row + 1 == rows.size() / kRowLength;
    TORCH_CHECK((step.kind >= StepKind::Mean) == last, "a trunk's program ends with a mean or with maps, and only there");
    steps.push_back(step);
  }
  return steps;
}

// What is known of a value while the plan is made: it is stored by an operation, or still to be blended from stored ones.
struct Form {
  bool stored = false;
  // The operation that stores it.
  int operation = kNone;
  // The value under which it is stored.
  int value = kNone;
  Operation blend = {OperationKind::Blend};
};

class Planner {
 public:
  Planner(size_t parameters, size_t buffers, size_t numbers, bool fold, bool dropping, ReadsNorms readsNorms)
      : parameters_(parameters), buffers_(buffers), numbers_(numbers), fold_(fold), dropping_(dropping), readsNorms_(readsNorms) {}

  Plan make(const std::vector<Step>& steps) {
    plan_.values = static_cast<int>(steps.size()) + 1;
    forms_.resize(plan_.values);
    uses_.assign(plan_.values, 0);
    for (const Step& step : steps) {
      uses_[step.x]++;
      if (step.kind == StepKind::Add) uses_[inside(step.operands[0], plan_.values, "a value")]++;
    }
    columns_ = uses_[0] == 1 && steps[0].kind == StepKind::Convolve;
    if (columns_) forms_[0] = {true, kNone, 0, {OperationKind::Blend}};
    else emit({OperationKind::Images}, 0);
    for (size_t i = 0; i < steps.size(); i++) take(steps[i], static_cast<int>(i) + 1);
    countReaders();
    return std::move(plan_);
  }

 private:
  static int inside(int index, size_t count, const char* what) {
    TORCH_CHECK(index >= 0 && static_cast<size_t>(index) < count, "a trunk's program names ", what, " ", index, " of ", count);
    return index;
  }

  void take(const Step& step, int value) {
    switch (step.kind) {
      case StepKind::Convolve: return convolve(step, value);
      case StepKind::Norm: return norm(step, value);
      case StepKind::Relu: return relu(step, value);
      case StepKind::Add: return add(step, value);
      case StepKind::MaxPool: return pool(step, value);
      case StepKind::Dropout: return dropout(step, value);
      case StepKind::Mean: return end(OperationKind::Mean, step, value);
      case StepKind::Maps: return end(OperationKind::Maps, step, value);
    }
  }

  Operation& emit(Operation operation, int value) {
    operation.output = value;
    plan_.operations.push_back(operation);
    forms_[value] = {true, static_cast<int>(plan_.operations.size()) - 1, value, {OperationKind::Blend}};
    return plan_.operations.back();
  }

  // The value under which one is stored, computed now where it was not.
  int stored(int value) {
    if (!forms_[value].stored) emit(forms_[value].blend, value);
    return forms_[value].value;
  }

  // The convolution that stores a value which nothing else reads, or null.
  Operation* convolutionOf(int value) {
    const Form& form = forms_[value];
    if (!form.stored || form.operation == kNone || uses_[value] != 1) return nullptr;
    Operation& operation = plan_.operations[form.operation];
    return operation.kind == OperationKind::Convolve && !operation.normed && !operation.lastRelu ? &operation : nullptr;
  }

  // What follows an operation becomes part of it: its value gets another name.
  void continueWith(int before, Operation& operation, int value) {
    operation.output = value;
    forms_[value] = {true, forms_[before].operation, value, {OperationKind::Blend}};
  }

  static Window windowOf(int kernel, int stride, int padding) {
    TORCH_CHECK(kernel >= 1 && kernel <= 64 && stride >= 1 && stride <= 64 && padding >= 0 && padding < kernel,
                "a trunk's windows are 1 to 64 wide, with a padding below that and a stride of 1 to 64; received ", kernel, ", ",
                padding, ", ", stride);
    return {kernel, stride, padding};
  }

  void convolve(const Step& step, int value) {
    Operation operation = {OperationKind::Convolve};
    operation.weight = inside(step.operands[0], parameters_, "parameter");
    operation.bias = step.operands[1] == kNone ? kNone : inside(step.operands[1], parameters_, "parameter");
    operation.window = windowOf(step.operands[2], step.operands[3], step.operands[4]);
    const auto& [kernel, stride, padding] = operation.window;
    operation.columns = step.x == 0 && columns_;
    TORCH_CHECK(operation.columns || ((kernel == 1 || kernel == 3) && padding == kernel / 2),
                "a trunk's inner convolutions have kernels of 1 or 3 that keep the size, received ", kernel, " with padding ",
                padding);
    if (normsInput(step.x) && readsNorms_(operation.window)) {
      operation.unnormed = forms_[step.x].blend.first;
      forms_[step.x].blend.byReader = true;
    }
    operation.input = stored(step.x);
    emit(operation, value);
  }

  // Whether a value is a ReLU of a batch norm, and nothing more, that is still to be computed.
  bool normsInput(int value) const {
    const Operation& blend = forms_[value].blend;
    return isOpen(value) && blend.relu && blend.first.norm != kNone && blend.second.value == kNone;
  }

  void norm(const Step& step, int value) {
    const auto* o = step.operands;
    inside(o[0] + 1, parameters_, "parameter");
    inside(o[1] + 1, buffers_, "buffer");
    inside(o[2] + 1, numbers_, "number");
    plan_.norms.push_back({inside(o[0], parameters_, "parameter"), inside(o[1], buffers_, "buffer"), inside(o[2], numbers_, "number")});
    const int norm = static_cast<int>(plan_.norms.size()) - 1;
    Operation* convolution = convolutionOf(step.x);
    if (fold_ && convolution != nullptr && convolution->norm == kNone && convolution->add == kNone) {
      convolution->norm = norm;
      return continueWith(step.x, *convolution, value);
    }
    const int from = stored(step.x);
    const int producer = forms_[step.x].operation;
    TORCH_CHECK(producer != kNone && plan_.operations[producer].kind == OperationKind::Convolve,
                "a trunk's batch norms read what convolutions store");
    plan_.operations[producer].normed = true;
    forms_[value].blend.first = {from, norm};
  }

  void relu(const Step& step, int value) {
    Operation* convolution = convolutionOf(step.x);
    if (convolution != nullptr && (fold_ || convolution->add == kNone)) {
      const bool early = convolution->norm == kNone && convolution->add == kNone;
      (early ? convolution->relu : convolution->lastRelu) = true;
      return continueWith(step.x, *convolution, value);
    }
    Form& form = forms_[value];
    if (isOpen(step.x) && !forms_[step.x].blend.relu) form.blend = forms_[step.x].blend;
    else form.blend.first = {stored(step.x), kNone};
    form.blend.relu = true;
  }

  void add(const Step& step, int value) {
    const int x = step.x;
    const int y = inside(step.operands[0], value, "value");
    TORCH_CHECK(x != y, "a trunk adds two values, not one to itself");
    // The later of two convolutions takes the other's result as it stores its own.
    const bool swapped = forms_[y].stored && forms_[x].stored && forms_[y].operation > forms_[x].operation;
    for (const int one : {swapped ? y : x, swapped ? x : y}) {
      const int other = one == x ? y : x;
      Operation* convolution = convolutionOf(one);
      if (convolution == nullptr || convolution->add != kNone || (convolution->relu && convolution->norm == kNone)) continue;
      if (!forms_[other].stored || forms_[other].operation > forms_[one].operation) continue;
      convolution->add = forms_[other].value;
      return continueWith(one, *convolution, value);
    }
    const Summand first = summandOf(x);
    forms_[value].blend.second = summandOf(y);
    forms_[value].blend.first = first;
    // The first is the one with a batch norm.
    Operation& blend = forms_[value].blend;
    if (blend.first.norm == kNone) std::swap(blend.first, blend.second);
  }

  void pool(const Step& step, int value) {
    Operation operation = {OperationKind::MaxPool};
    operation.input = stored(step.x);
    operation.window = windowOf(step.operands[0], step.operands[1], step.operands[2]);
    emit(operation, value);
  }

  void dropout(const Step& step, int value) {
    inside(step.operands[0], numbers_, "number");
    Form& form = forms_[value];
    if (isOpen(step.x)) form.blend = forms_[step.x].blend;
    else form.blend.first = {stored(step.x), kNone};
    if (dropping_) form.blend.dropout = step.operands[0];
    else if (forms_[step.x].stored && uses_[step.x] == 1) form = forms_[step.x];
  }

  void end(OperationKind kind, const Step& step, int value) {
    Operation operation = {kind};
    operation.input = stored(step.x);
    emit(operation, value);
  }

  // Whether a value is still to be computed, and by one reader, who may add to what is done.
  bool isOpen(int value) const {
    return !forms_[value].stored && uses_[value] == 1 && forms_[value].blend.dropout == kNone;
  }

  Summand summandOf(int value) {
    const Form& form = forms_[value];
    if (isOpen(value) && !form.blend.relu && form.blend.second.value == kNone) return form.blend.first;
    return {stored(value), kNone};
  }

  void countReaders() {
    plan_.readers.assign(plan_.values, 0);
    for (const Operation& operation : plan_.operations) {
      for (const int value : operation.reads()) {
        if (value != kNone) plan_.readers[value]++;
      }
    }
  }

  size_t parameters_, buffers_, numbers_;
  bool fold_, dropping_;
  ReadsNorms readsNorms_;
  bool columns_ = false;
  Plan plan_;
  std::vector<Form> forms_;
  std::vector<int> uses_;
};

}  // namespace

Plan planOf(const std::vector<int64_t>& rows, size_t parameters, size_t buffers, size_t numbers, bool fold, bool dropping,
            ReadsNorms readsNorms) {
  return Planner(parameters, buffers, numbers, fold, dropping, readsNorms).make(stepsOf(rows));
}

}  // namespace selfadapt::trunk
