// Measures the peak rate of the machine, from which the benchmark computes the minimum time of a step.
#pragma once

namespace selfadapt::kernels {

// Multiplications and additions a second of tile products on random numbers held in the nearest cache, on so many threads.
double productRate(int threads);

}  // namespace selfadapt::kernels
