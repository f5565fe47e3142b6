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
#elif defined(_OPENMP)
#include <omp.h>
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

void takeTasks(std::atomic<int>& next, int tasks, TaskBody body, void* context, int worker) {
  const FlushedDenormals flushed;
  for (int task = next++; task < tasks; task = next++) body(context, task, worker);
#if defined(__SSE__)
  // Streamed stores are seen by other threads from here on.
  _mm_sfence();
#endif
}

}  // namespace

void runTasks(int tasks, int threads, TaskBody body, void* context) {
  std::atomic<int> next{0};
  const int wanted = threads < tasks ? threads : tasks;
  if (wanted <= 1) return takeTasks(next, tasks, body, context, 0);
#if defined(SELFADAPT_PLAIN_THREADS)
  std::vector<std::thread> others;
  for (int i = 1; i < wanted; i++) others.emplace_back([&, i] { takeTasks(next, tasks, body, context, i); });
  takeTasks(next, tasks, body, context, 0);
  for (std::thread& other : others) other.join();
#else
#if !defined(_OPENMP)
  const auto omp_get_thread_num = [] { return 0; };
#endif
#pragma omp parallel num_threads(wanted)
  takeTasks(next, tasks, body, context, omp_get_thread_num());
#endif
}

}  // namespace selfadapt::kernels
