// Denormal numbers count as zero while such an object lives, on its thread.
#pragma once

#include <cstdint>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace selfadapt {

class FlushedDenormals {
 public:
  FlushedDenormals() : saved_(control()) { setControl(saved_ | kFlush); }
  ~FlushedDenormals() { setControl(saved_); }
  FlushedDenormals(const FlushedDenormals&) = delete;
  FlushedDenormals& operator=(const FlushedDenormals&) = delete;

 private:
#if defined(__SSE__)
  static constexpr uint64_t kFlush = 0x8040;
  static uint64_t control() { return _mm_getcsr(); }
  static void setControl(uint64_t value) { _mm_setcsr(static_cast<unsigned>(value)); }
#elif defined(__aarch64__)
  static constexpr uint64_t kFlush = uint64_t{1} << 24;
  static uint64_t control() {
    uint64_t value;
    asm volatile("mrs %0, fpcr" : "=r"(value));
    return value;
  }
  static void setControl(uint64_t value) { asm volatile("msr fpcr, %0" ::"r"(value)); }
#else
  static constexpr uint64_t kFlush = 0;
  static uint64_t control() { return 0; }
  static void setControl(uint64_t) {}
#endif

  uint64_t saved_;
};

}  // namespace selfadapt
