// Tasks over OpenMP, which libtorch uses too; over plain threads where SELFADAPT_PLAIN_THREADS is defined, because
// ThreadSanitizer does not understand OpenMP's.
#include "../kernels/parallel.h"

#include <atomic>

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

#if defined(SELFADAPT_PLAIN_THREADS)
#include <thread>
#include <vector>
#endif

namespace selfadapt::kernels {

namespace {

// Denormal numbers count as zero on every thread alike, whichever task it happens to take.
class FlushedDenormals {
 public:
#if defined(__SSE__)
  FlushedDenormals() : saved_(_mm_getcsr()) { _mm_setcsr(saved_ | 0x8040); }
  ~FlushedDenormals() { _mm_setcsr(saved_); }

 private:
  unsigned saved_;
#endif
};

void takeTasks(std::atomic<int>& next, int tasks, TaskBody body, void* context) {
  const FlushedDenormals flushed;
  for (int task = next++; task < tasks; task = next++) body(context, task);
#if defined(__SSE__)
  // Streamed stores are seen by other threads from here on.
  _mm_sfence();
#endif
}

}  // namespace

void runTasks(int tasks, int threads, TaskBody body, void* context) {
  std::atomic<int> next{0};
  const int wanted = threads < tasks ? threads : tasks;
  if (wanted <= 1) return takeTasks(next, tasks, body, context);
#if defined(SELFADAPT_PLAIN_THREADS)
  std::vector<std::thread> others;
  for (int i = 1; i < wanted; i++) others.emplace_back([&] { takeTasks(next, tasks, body, context); });
  takeTasks(next, tasks, body, context);
  for (std::thread& other : others) other.join();
#else
#pragma omp parallel num_threads(wanted)
  takeTasks(next, tasks, body, context);
#endif
}

}  // namespace selfadapt::kernels
