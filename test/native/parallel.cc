// Tasks on threads: each once, by one of the workers.
#include "kernels/parallel.h"

#include <thread>

#include "support.h"

namespace selfadapt::test {

namespace {

// The tasks that did not run once, or ran by a worker that there is not.
int wrongTasks(int tasks, int threads) {
  std::vector<int> runs(tasks, 0), workers(tasks, 0);
  parallelWorkers(tasks, threads, [&](int task, int worker) {
    runs[task]++;
    workers[task] = worker;
    // Long enough for the others to come.
    for (volatile int i = 0; i < 500; i = i + 1) {
    }
  });
  int wrong = 0;
  for (int task = 0; task < tasks; task++) wrong += runs[task] != 1 || workers[task] < 0 || workers[task] >= threads;
  return wrong;
}

int wrongInARow(int jobs) {
  int wrong = 0;
  for (int job = 0; job < jobs; job++) wrong += wrongTasks(1 + job % 5, 1 + job % 3);
  return wrong;
}

void none(int wrong) { check(wrong == 0, "wrong tasks", 0, wrong, 0); }

}  // namespace

void testParallel() {
  for (const int threads : {1, 2, 3, 8}) {
    for (const int tasks : {0, 1, 2, 7, 100}) {
      begin("%d tasks on %d threads", tasks, threads);
      none(wrongTasks(tasks, threads));
    }
  }
  begin("short jobs in a row, on few and on many threads in turns");
  none(wrongInARow(3000));
  begin("callers side by side, each with threads of its own");
  int wrong[3] = {};
  std::vector<std::thread> callers;
  for (int& own : wrong) callers.emplace_back([&own] { own = wrongInARow(300); });
  for (std::thread& caller : callers) caller.join();
  for (const int own : wrong) none(own);
}

}  // namespace selfadapt::test
