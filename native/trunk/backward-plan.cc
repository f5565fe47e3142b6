#include "backward-plan.h"

#include <memory>

namespace selfadapt::trunk {

namespace {

// Stands for a gradient's memory; its count of owners is that of the tensor in the backward pass.
using Memory = std::shared_ptr<char>;

Memory newMemory() { return std::make_shared<char>(); }

// A value's gradient as far as it is known: a sum, and convolutions that will add to it.
struct Pending {
  Memory sum;
  std::vector<Window> sources;
  std::vector<Memory> gradients;
  bool finished = false;
};

// Walks the backward pass with memory that holds nothing.
class BackwardPlanner {
 public:
  BackwardPlanner(Plan& plan, bool training, bool imageGradients, GathersAtOnce gathersAtOnce)
      : plan_(plan), training_(training), imageGradients_(imageGradients), gathersAtOnce_(gathersAtOnce), pending_(plan.values), readers_(plan.values, 0) {
    for (const Operation& operation : plan.operations) eachRead(operation, [&](int value) { readers_[value]++; });
  }

  void walk() {
    plan_.backward.assign(plan_.operations.size(), {});
    for (size_t i = plan_.operations.size(); i-- > 0;) {
      const Operation& operation = plan_.operations[i];
      BackwardStep& step = plan_.backward[i];
      take(operation, step);
      eachRead(operation, [&](int value) {
        if (--readers_[value] == 0) step.released.push_back(value);
      });
    }
  }

 private:
  // The stored maps that an operation's backward step reads.
  template <class Body>
  static void eachRead(const Operation& operation, const Body& body) {
    if (operation.kind == OperationKind::Convolve) {
      body(operation.unnormed.value == kNone ? operation.input : operation.unnormed.value);
      if (operation.relu) body(operation.output);
    }
    if (operation.kind != OperationKind::Blend) return;
    if (operation.relu && !operation.byReader) body(operation.output);
    if (operation.first.norm != kNone) body(operation.first.value);
    if (operation.second.norm != kNone) body(operation.second.value);
  }

  void take(const Operation& operation, BackwardStep& step) {
    switch (operation.kind) {
      case OperationKind::Mean:
      case OperationKind::Maps: step.joining = contribute(operation.input, newMemory()); return;
      case OperationKind::MaxPool: return pool(operation, step);
      case OperationKind::Blend: return blend(operation, step);
      case OperationKind::Convolve: return convolve(operation, step);
      case OperationKind::Images: gather(operation, step); return;
    }
  }

  Joining contribute(int value, Memory gradient) {
    Memory& sum = pending_[value].sum;
    if (sum == nullptr) {
      sum = std::move(gradient);
      return Joining::First;
    }
    if (sum.use_count() == 1) return Joining::Add;
    sum = newMemory();
    return Joining::AddToCopy;
  }

  Memory gather(const Operation& operation, BackwardStep& step) {
    Pending& pending = pending_[operation.output];
    if (pending.sources.empty()) return std::move(pending.sum);
    step.gathered = placeForGathered(operation.output, step.fused);
    const Memory output = step.gathered == Place::Sum ? pending.sum : newMemory();
    pending = {};
    return output;
  }

  // With a mask, over the ReLU's own output, which is read element by element for the last time here; in one part only, because
  // the first of several would write over the mask.
  Place placeForGathered(int value, bool masked) const {
    const Pending& pending = pending_[value];
    if (pending.sum.use_count() == 1) return Place::Sum;
    return masked && readers_[value] == 1 && gathersAtOnce_(pending.sources) ? Place::Maps : Place::New;
  }

  // A gradient that nobody else reads.
  static Memory alone(Memory gradient, BackwardStep& step) {
    step.copied = gradient.use_count() > 1;
    return step.copied ? newMemory() : gradient;
  }

  void pool(const Operation& operation, BackwardStep& step) {
    const Memory gradient = gather(operation, step);
    step.joining = contribute(operation.input, newMemory());
  }

  void blend(const Operation& operation, BackwardStep& step) {
    step.fused = fuses(operation);
    step.scaled = step.fused && onlyScales(operation);
    Memory gradient = gather(operation, step);
    if (!step.fused) gradient = alone(std::move(gradient), step);
    if (step.scaled) {
      pending_[operation.first.value].sum = std::move(gradient);
      return;
    }
    step.first = pass(operation.first, gradient);
    if (operation.second.value != kNone) step.second = pass(operation.second, gradient);
  }

  bool fuses(const Operation& operation) const {
    return operation.relu && operation.dropout == kNone && operation.first.norm != kNone &&
           !pending_[operation.output].sources.empty();
  }

  // Batch norm by running statistics, whose gradient nothing else adds to.
  bool onlyScales(const Operation& operation) const {
    return !training_ && operation.second.value == kNone && pending_[operation.first.value].sum == nullptr &&
           lastConvolution(operation.first.value) == kNone;
  }

  SummandStep pass(const Summand& summand, const Memory& gradient) {
    SummandStep step;
    if (summand.norm == kNone) {
      step.joining = contribute(summand.value, gradient);
      return step;
    }
    Pending& pending = pending_[summand.value];
    step.convolution = lastConvolution(summand.value);
    const bool masks = step.convolution != kNone && plan_.operations[step.convolution].relu;
    step.place = placeFor(summand.value, masks ? 2 : 1);
    if (step.place != Place::Sum) pending.sum = newMemory();
    pending.finished = step.convolution != kNone;
    return step;
  }

  // `reads`: how often this step itself reads the maps.
  Place placeFor(int value, int reads) const {
    if (pending_[value].sum.use_count() == 1) return Place::Sum;
    return readers_[value] == reads ? Place::Maps : Place::New;
  }

  // The convolution with a ReLU or a bias of its own that made a value, where this is the last word on the value's gradient.
  int lastConvolution(int value) const {
    if (plan_.readers[value] != 1 || !pending_[value].sources.empty()) return kNone;
    for (size_t i = 0; i < plan_.operations.size(); i++) {
      const Operation& operation = plan_.operations[i];
      if (operation.output == value) return operation.relu || operation.bias != kNone ? static_cast<int>(i) : kNone;
    }
    return kNone;
  }

  void convolve(const Operation& operation, BackwardStep& step) {
    step.finished = pending_[operation.output].finished;
    Memory gradient = gather(operation, step);
    if (!step.finished && (operation.relu || operation.bias != kNone)) gradient = alone(std::move(gradient), step);
    if (operation.add != kNone) step.joining = contribute(operation.add, gradient);
    if (operation.columns || (operation.input == 0 && !imageGradients_)) return;
    pending_[operation.input].sources.push_back(operation.window);
    pending_[operation.input].gradients.push_back(std::move(gradient));
  }

  Plan& plan_;
  bool training_, imageGradients_;
  GathersAtOnce gathersAtOnce_;
  std::vector<Pending> pending_;
  std::vector<int> readers_;
};

}  // namespace

void planBackward(Plan& plan, bool training, bool imageGradients, GathersAtOnce gathersAtOnce) {
  BackwardPlanner(plan, training, imageGradients, gathersAtOnce).walk();
}

}  // namespace selfadapt::trunk
