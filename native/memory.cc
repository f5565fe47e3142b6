// Host memory: counts libtorch's allocations, refuses those that exceed the available memory (the kernel would kill the
// process), and keeps freed blocks for reuse, because page faults would cost more than the computation.
#include <c10/core/CPUAllocator.h>
#include <c10/util/Exception.h>
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

#if defined(__GLIBC__) || defined(__linux__)
#include <malloc.h>
#endif
#if defined(__APPLE__)
#include <malloc/malloc.h>
#endif

#include "environment.h"
#include "guard.h"
#include "memory.h"
#include "parts.h"
#include "pool.h"

namespace selfadapt {

namespace {

constexpr size_t kAlignment = 64;
// Smaller requests are not checked against the free memory.
constexpr size_t kChecked = size_t{256} << 20;

// Smaller blocks are allocated by the heap.
constexpr size_t kPooled = size_t{32} << 10;
constexpr size_t kMostPooled = size_t{8} << 30;

constexpr size_t kLarge = size_t{4} << 20;
constexpr size_t kLargePage = size_t{2} << 20;

std::atomic<int64_t> liveBytes{0};

size_t sizeOf(void* block) {
#if defined(__APPLE__)
  return malloc_size(block);
#else
  return malloc_usable_size(block);
#endif
}

// Linux's estimate of the memory available without swapping; unlimited if it is unknown.
size_t availableBytes() {
  std::ifstream file("/proc/meminfo");
  std::string key;
  size_t kilobytes = 0;
  while (file >> key >> kilobytes) {
    if (key == "MemAvailable:") return kilobytes << 10;
    file.ignore(64, '\n');
  }
  return SIZE_MAX;
}

// Never destroyed: threads may free blocks while the process exits.
Pool& pool() {
  static Pool* blocks = new Pool(std::min(availableBytes() / 4, kMostPooled));
  return *blocks;
}

// Null when out of memory. Large blocks request huge pages, which makes training about 2% faster.
void* systemBlock(size_t bytes) {
  void* block = nullptr;
  const bool large = bytes >= kLarge;
  if (posix_memalign(&block, large ? kLargePage : kAlignment, bytes) != 0) return nullptr;
#if defined(MADV_HUGEPAGE)
  if (large) madvise(block, bytes, MADV_HUGEPAGE);
#endif
  return block;
}

void* freshBlock(size_t bytes) {
  refuseBeyondMemory(bytes);
  void* block = systemBlock(bytes);
  if (block != nullptr) return block;
  pool().empty();
  block = systemBlock(bytes);
  TORCH_CHECK(block != nullptr, "out of memory: ", bytes >> 20, " MB requested");
  return block;
}

void freeBlock(void* block) {
  if (block == nullptr) return;
  const size_t bytes = sizeOf(block);
  liveBytes -= static_cast<int64_t>(bytes);
  if (bytes >= kPooled) pool().give(bytes, block);
  else std::free(block);
}

// No `override`: whether `allocate` is const, and whether `copy_data` exists, depends on libtorch's version.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverloaded-virtual"
class CountingAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) const { return allocateBlock(bytes); }
  c10::DataPtr allocate(size_t bytes) { return allocateBlock(bytes); }
  c10::DeleterFnPtr raw_deleter() const override { return &freeBlock; }
  void copy_data(void* destination, const void* source, std::size_t bytes) const {
    std::memcpy(destination, source, bytes);
  }

 private:
  static c10::DataPtr allocateBlock(size_t bytes) {
    void* block = nullptr;
    if (bytes > 0) {
      if (bytes >= kPooled) block = pool().take(bytes);
      if (block == nullptr) block = freshBlock(bytes);
      liveBytes += static_cast<int64_t>(sizeOf(block));
    }
    return {block, block, &freeBlock, c10::Device(c10::DeviceType::CPU)};
  }
};
#pragma GCC diagnostic pop

// Once per process.
void installAllocator() {
  static CountingAllocator allocator;
  static const bool installed = [] {
#if defined(__GLIBC__)
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    mallopt(M_TOP_PAD, 64 << 20);
#endif
    c10::SetAllocator(c10::DeviceType::CPU, &allocator, /*priority=*/1);
    return true;
  }();
  (void)installed;
}

}  // namespace

void refuseBeyondMemory(size_t bytes) {
  if (bytes < kChecked || bytes < availableBytes()) return;
  pool().empty();
  const size_t available = availableBytes();
  TORCH_CHECK(bytes < available, "out of memory: ", bytes >> 20, " MB requested, ", available >> 20, " MB available");
}

void registerMemory(Napi::Object exports) {
  installAllocator();
  expose(exports, "liveTensors", [](const Napi::CallbackInfo& info) -> Napi::Value {
    return Napi::Number::New(info.Env(), static_cast<double>(environmentOf(info.Env())->liveTensors));
  });
  expose(exports, "liveBytes", [](const Napi::CallbackInfo& info) -> Napi::Value {
    return Napi::Number::New(info.Env(), static_cast<double>(liveBytes.load()));
  });
  // reportMemory(bytes): reports a change in external memory to V8.
  expose(exports, "reportMemory", [](const Napi::CallbackInfo& info) -> Napi::Value {
    int64_t total = 0;
    napi_adjust_external_memory(info.Env(), info[0].As<Napi::Number>().Int64Value(), &total);
    return info.Env().Undefined();
  });
}

}  // namespace selfadapt
