// Which of our kernels this CPU, and the system it runs, let us use.
#pragma once

namespace selfadapt::kernels {

// AVX2 with FMA, AVX-512 (F, DQ, BW, VL) beside it, and AVX-512 with BF16 conversions.
bool hasAvx2();
bool hasAvx512();
bool hasAvx512Bf16();
// AMX with BF16 products beside all of these; the system is asked for the tiles' state once a process.
// With SELFADAPT_EMULATED_TILES, AVX-512 BF16 is enough.
bool hasAmx();

}  // namespace selfadapt::kernels
