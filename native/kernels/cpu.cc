#include "cpu.h"

#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace selfadapt::kernels {

namespace {

struct Leaf {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  Leaf(unsigned leaf, unsigned part) {
    if (!__get_cpuid_count(leaf, part, &eax, &ebx, &ecx, &edx)) eax = ebx = ecx = edx = 0;
  }
};

bool all(unsigned value, unsigned wanted) { return (value & wanted) == wanted; }

// The register states that the system saves for its threads.
uint64_t savedStates() {
  if (!all(Leaf(1, 0).ecx, 1u << 27)) return 0;
  unsigned low, high;
  asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (static_cast<uint64_t>(high) << 32) | low;
}

constexpr unsigned kAvx2 = 1u << 5;
constexpr unsigned kFma = 1u << 12;
constexpr uint64_t kAvxStates = 0x6;
constexpr unsigned kAvx512 = (1u << 16) | (1u << 17) | (1u << 30) | (1u << 31);  // F, DQ, BW, VL
constexpr unsigned kAvx512Bf16 = 1u << 5;
constexpr unsigned kAmx = (1u << 22) | (1u << 24);  // BF16, tiles
constexpr uint64_t kVectorStates = 0xe6;
constexpr uint64_t kTileStates = 0x60000;
constexpr long kRequestPermission = 0x1023;
constexpr long kTileData = 18;

bool hasTiles() {
#if defined(SELFADAPT_EMULATED_TILES)
  return true;
#else
  return (savedStates() & kTileStates) == kTileStates && all(Leaf(7, 0).edx, kAmx) &&
         syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
#endif
}

}  // namespace

bool hasAvx2() {
  static const bool has =
      (savedStates() & kAvxStates) == kAvxStates && all(Leaf(1, 0).ecx, kFma) && all(Leaf(7, 0).ebx, kAvx2);
  return has;
}

bool hasAvx512() {
  static const bool has = hasAvx2() && (savedStates() & kVectorStates) == kVectorStates && all(Leaf(7, 0).ebx, kAvx512);
  return has;
}

bool hasAvx512Bf16() {
  static const bool has = hasAvx512() && all(Leaf(7, 1).eax, kAvx512Bf16);
  return has;
}

bool hasAmx() {
  static const bool has = hasAvx512Bf16() && hasTiles();
  return has;
}

}  // namespace selfadapt::kernels
