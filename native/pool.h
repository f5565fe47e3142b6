// A pool of freed blocks for requests of the same size. A training step requests the same sizes as the step before: reused
// blocks cost no page faults, and the heap does not fragment.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>

namespace selfadapt {

class Pool {
 public:
  explicit Pool(size_t limit) : limit_(limit) {}

  // The smallest free block of at least `bytes` that is no more than an eighth too large, or null.
  void* take(size_t bytes);

  // Keeps a block. If that would exceed the limit, the other blocks are returned to the system first, since their sizes are no
  // longer requested.
  void give(size_t bytes, void* block);

  // Returns all blocks to the system.
  void empty();

 private:
  void freeAll();

  const size_t limit_;
  std::mutex mutex_;
  std::multimap<size_t, void*> blocks_;
  size_t held_ = 0;
};

}  // namespace selfadapt
