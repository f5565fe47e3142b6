#include "pool.h"

#include <cstdlib>

namespace selfadapt {

void* Pool::take(size_t bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = blocks_.lower_bound(bytes);
  if (found == blocks_.end() || found->first > bytes + bytes / 8) return nullptr;
  void* block = found->second;
  held_ -= found->first;
  blocks_.erase(found);
  return block;
}

void Pool::give(size_t bytes, void* block) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (held_ + bytes > limit_) freeAll();
  if (bytes > limit_) return std::free(block);
  blocks_.emplace(bytes, block);
  held_ += bytes;
}

void Pool::empty() {
  const std::lock_guard<std::mutex> lock(mutex_);
  freeAll();
}

void Pool::freeAll() {
  for (const auto& [bytes, block] : blocks_) std::free(block);
  blocks_.clear();
  held_ = 0;
}

}  // namespace selfadapt
