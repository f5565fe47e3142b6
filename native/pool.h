// Freed blocks kept for the next request of their size. A training step asks for the very sizes of the step before: taken
// from here they cost no page faults, and the heap, which would split and join them, stays as large as it is.
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

  // Keeps a block. Where that would exceed the limit, the others go back to the system first: they are of sizes that
  // nobody asks for any more.
  void give(size_t bytes, void* block);

  // Gives everything back to the system.
  void empty();

 private:
  void freeAll();

  const size_t limit_;
  std::mutex mutex_;
  std::multimap<size_t, void*> blocks_;
  size_t held_ = 0;
};

}  // namespace selfadapt
