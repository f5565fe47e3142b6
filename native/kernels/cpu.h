// Which of our kernels this CPU, and the system it runs, let us use.
#pragma once

namespace selfadapt::kernels {

// AVX2 with FMA, and AVX-512 (F, DQ, BW, VL) beside it.
bool hasAvx2();
bool hasAvx512();
// AVX-512 with BF16 products.
bool hasVectorUnit();
// AMX with BF16 products beside it; the system is asked for the tiles' state once a process.
bool hasMatrixUnit();

}  // namespace selfadapt::kernels
