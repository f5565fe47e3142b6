#include "packed-weights.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <mutex>
#include <unordered_map>

#include "../kernels/parallel.h"

namespace selfadapt::trunk {

using kernels::blocksOf;
using kernels::WeightShape;

namespace {

// A parameter's packed form, and what the parameter was when it was made.
struct Entry {
  c10::weak_intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl> owner;
  const void* memory;
  uint32_t version;
  WeightShape shape;
  const Packing* packing;
  PackedTensors packed;
};

// By the tensor's address; an entry whose tensor is gone is replaced or swept out.
class Cache {
 public:
  template <class Body>
  auto with(const at::Tensor& weight, const Body& body) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = entries_.find(weight.unsafeGetTensorImpl());
    const bool alive = found != entries_.end() && !found->second.owner.expired();
    return body(alive ? &found->second : nullptr);
  }

  void put(const at::Tensor& weight, Entry entry) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (entries_.size() >= sweepAt_) sweep();
    entries_.insert_or_assign(weight.unsafeGetTensorImpl(), std::move(entry));
  }

 private:
  void sweep() {
    for (auto entry = entries_.begin(); entry != entries_.end();) {
      entry = entry->second.owner.expired() ? entries_.erase(entry) : std::next(entry);
    }
    sweepAt_ = 2 * entries_.size() + 64;
  }

  std::mutex mutex_;
  std::unordered_map<at::TensorImpl*, Entry> entries_;
  size_t sweepAt_ = 64;
};

// Never destroyed: tensors may outlive the end of the process' statics.
Cache& cache() {
  static Cache* entries = new Cache;
  return *entries;
}

bool sameShape(const WeightShape& a, const WeightShape& b) {
  return a.outputs == b.outputs && a.inputs == b.inputs && a.window.kernel == b.window.kernel &&
         a.window.slides() == b.window.slides();
}

bool fits(const Entry& entry, const at::Tensor& weight, const WeightShape& shape, const Packing& packing) {
  return entry.packing == &packing && entry.memory == weight.data_ptr() && entry.version == weight._version() && sameShape(entry.shape, shape);
}

void remember(const at::Tensor& weight, const WeightShape& shape, const Packing& packing, const PackedTensors& packed) {
  cache().put(weight, {c10::weak_intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>(weight.getIntrusivePtr()),
                       weight.data_ptr(), static_cast<uint32_t>(weight._version()), shape, &packing, packed});
}

at::Tensor emptyPacked(const WeightShape& shape, const Packing& packing) {
  return at::empty({static_cast<int64_t>(packing.size(shape))}, packing.type);
}

void packAll(const at::Tensor& weight, const WeightShape& shape, const Packing& packing, const PackedTensors& packed, int threads) {
  const at::Tensor ordered = weight.detach().contiguous(at::MemoryFormat::ChannelsLast);
  const auto* values = static_cast<const float*>(ordered.data_ptr());
  kernels::parallelFor(blocksOf(shape.outputs), threads, [&](int block) { packBlock(values, shape, packing, block, packed); });
}

}  // namespace

WeightShape weightShapeOf(const at::Tensor& weight, const kernels::Window& window, bool columns) {
  const int outputs = static_cast<int>(weight.size(0));
  const int inputs = static_cast<int>(weight.size(1));
  if (columns) return {outputs, inputs * window.taps(), {1, 1, 0}};
  return {outputs, inputs, window};
}

void packBlock(const float* weights, const WeightShape& shape, const Packing& packing, int outputBlock,
               const PackedTensors& packed) {
  const auto memoryOf = [](const at::Tensor& form) { return form.defined() ? form.data_ptr() : nullptr; };
  packing.pack(weights, shape, outputBlock, memoryOf(packed.forward), memoryOf(packed.backward));
}

at::Tensor packedForUse(const at::Tensor& weight, const WeightShape& shape, const Packing& packing, Direction direction,
                        int threads) {
  const at::Tensor form = emptyPacked(shape, packing);
  const bool forward = direction == Direction::Forward;
  packAll(weight, shape, packing, {forward ? form : at::Tensor(), forward ? at::Tensor() : form}, threads);
  return form;
}

PackedTensors packedWeights(const at::Tensor& weight, const WeightShape& shape, const Packing& packing, bool backward,
                            int threads) {
  const auto known = cache().with(weight, [&](const Entry* entry) {
    const bool usable = entry != nullptr && fits(*entry, weight, shape, packing) && (!backward || entry->packed.backward.defined());
    return usable ? entry->packed : PackedTensors{};
  });
  if (known.forward.defined()) return known;
  const PackedTensors packed = {emptyPacked(shape, packing), backward ? emptyPacked(shape, packing) : at::Tensor()};
  packAll(weight, shape, packing, packed, threads);
  remember(weight, shape, packing, packed);
  return packed;
}

bool takeForRepacking(const at::Tensor& weight, Repacking& repacking) {
  if (weight.dim() != 4 || !weight.is_contiguous(at::MemoryFormat::ChannelsLast)) return false;
  return cache().with(weight, [&](Entry* entry) {
    if (entry == nullptr || entry->memory != weight.data_ptr()) return false;
    if (!entry->packing->keptInTraining) {
      entry->packed = {};
      return false;
    }
    repacking.shape = entry->shape;
    repacking.packing = entry->packing;
    // A graph that is still to go backward reads the packed form that it went forward with.
    const auto again = [&](const at::Tensor& packed) {
      if (!packed.defined()) return packed;
      return packed.use_count() == 1 ? packed : emptyPacked(entry->shape, *entry->packing);
    };
    repacking.packed = {again(entry->packed.forward), again(entry->packed.backward)};
    return true;
  });
}

void repacked(const at::Tensor& weight, const Repacking& repacking) {
  remember(weight, repacking.shape, *repacking.packing, repacking.packed);
}

}  // namespace selfadapt::trunk
