#include "convolve.h"

#include "gather.h"

namespace selfadapt::kernels {

namespace {

template <bool HasAdd>
void gradient(const Gathering& job, const GradientEpilogue& epilogue) {
  if (epilogue.first == nullptr) return gather<GradientRows<HasAdd, Mask::None, 0>>(job, epilogue);
  if (epilogue.activation == nullptr) return gather<GradientRows<HasAdd, Mask::Recomputed, 1>>(job, epilogue);
  if (epilogue.second == nullptr) return gather<GradientRows<HasAdd, Mask::Activation, 1>>(job, epilogue);
  return gather<GradientRows<HasAdd, Mask::Activation, 2>>(job, epilogue);
}

// How many of the sources form the first part: those that slide are served one at a time, the others together.
int partAt(const Source* sources, int count) {
  int length = 1;
  if (sources[0].window.slides()) return length;
  while (length < count && !sources[length].window.slides()) length++;
  return length;
}

Gathering partOf(const Gathering& job, int first, int count) {
  Gathering part = job;
  part.count = count;
  for (int i = 0; i < count; i++) part.sources[i] = job.sources[first + i];
  return part;
}

}  // namespace

void convolve(const Gathering& job, const StatisticsEpilogue& epilogue) {
  const bool add = epilogue.add != nullptr;
  if (epilogue.bias != nullptr) {
    if (add) return gather<StatisticsRows<true, true>>(job, epilogue);
    return gather<StatisticsRows<true, false>>(job, epilogue);
  }
  if (add) return gather<StatisticsRows<false, true>>(job, epilogue);
  return gather<StatisticsRows<false, false>>(job, epilogue);
}

void convolve(const Gathering& job, const InferenceEpilogue& epilogue) {
  if (epilogue.add != nullptr) gather<InferenceRows<true>>(job, epilogue);
  else gather<InferenceRows<false>>(job, epilogue);
}

void convolve(const Gathering& job, const GradientEpilogue& epilogue) {
  const Bf16* add = epilogue.add;
  for (int first = 0; first < job.count;) {
    const int next = first + partAt(job.sources + first, job.count - first);
    const Gathering part = partOf(job, first, next - first);
    GradientEpilogue own = next == job.count ? epilogue : GradientEpilogue{};
    own.add = add;
    if (add != nullptr) gradient<true>(part, own);
    else gradient<false>(part, own);
    add = job.output;
    first = next;
  }
}

int partsOf(const Source* sources, size_t count) {
  int parts = 0;
  for (int first = 0; first < static_cast<int>(count); parts++) first += partAt(sources + first, static_cast<int>(count) - first);
  return parts;
}

}  // namespace selfadapt::kernels
