// Tasks on threads: each once.
#include "kernels/parallel.h"

#include "support.h"

namespace selfadapt::test {

void testParallel() {
  for (const int threads : {1, 2, 3, 8}) {
    for (const int tasks : {0, 1, 2, 7, 100}) {
      begin("%d tasks on %d threads", tasks, threads);
      std::vector<int> runs(tasks, 0);
      parallelFor(tasks, threads, [&](int task) { runs[task]++; });
      for (int task = 0; task < tasks; task++) check(runs[task] == 1, "runs", task, runs[task], 1);
    }
  }
}

}  // namespace selfadapt::test
