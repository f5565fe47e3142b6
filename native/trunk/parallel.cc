// Tasks on threads of our own, one team for each thread that calls. OpenMP would wait at the end of every loop until each of
// its threads has had a turn, which beside another busy process takes milliseconds; here a thread that comes too late finds
// nothing to do, and the caller waits only for tasks that have begun.
#include "../kernels/parallel.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "../denormals.h"

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace selfadapt::kernels {

namespace {

struct Job {
  int tasks;
  int threads;
  TaskBody body;
  void* context;
};

void takeTasks(std::atomic<int>& next, const Job& job, int worker) {
  // On every thread alike, whichever task it happens to take.
  const FlushedDenormals flushed;
  for (int task = next++; task < job.tasks; task = next++) job.body(job.context, task, worker);
#if defined(__SSE__)
  // Streamed stores are seen by other threads from here on.
  _mm_sfence();
#endif
}

void pause() {
#if defined(__SSE__)
  _mm_pause();
#else
  std::this_thread::yield();
#endif
}

// Longer than the pauses between the jobs of a trunk, shorter than a thread's time on a processor that others want.
constexpr std::chrono::microseconds kSpin{50};

// Waits for a moment, awake; what follows must check again.
template <class Condition>
void spinUntil(const Condition& condition) {
  const auto end = std::chrono::steady_clock::now() + kSpin;
  while (!condition()) {
    for (int i = 0; i < 32 && !condition(); i++) pause();
    if (std::chrono::steady_clock::now() > end) return;
  }
}

class Team {
 public:
  ~Team() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      ending_ = true;
      jobs_++;
    }
    wake_.notify_all();
    for (std::thread& member : members_) member.join();
  }

  void run(const Job& job) {
    grow(job.threads - 1);
    open(job);
    takeTasks(next_, job, 0);
    close();
  }

 private:
  // Where the system gives no more threads, those that there are do the work.
  void grow(int members) {
    try {
      while (static_cast<int>(members_.size()) < members) {
        const int worker = static_cast<int>(members_.size()) + 1;
        members_.emplace_back([this, worker, seen = jobs_.load()] { serve(worker, seen); });
      }
    } catch (const std::system_error&) {
    }
  }

  void open(const Job& job) {
    bool asleep;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      job_ = job;
      next_ = 0;
      open_ = true;
      jobs_++;
      asleep = sleeping_ > 0;
    }
    if (asleep) wake_.notify_all();
  }

  // From here on nobody joins; those who have are waited for.
  void close() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      open_ = false;
    }
    spinUntil([&] { return active_ == 0; });
    std::unique_lock<std::mutex> lock(mutex_);
    done_.wait(lock, [&] { return active_ == 0; });
  }

  void serve(int worker, unsigned seen) {
    for (;;) {
      spinUntil([&] { return jobs_ != seen; });
      std::unique_lock<std::mutex> lock(mutex_);
      sleeping_++;
      wake_.wait(lock, [&] { return jobs_ != seen; });
      sleeping_--;
      seen = jobs_;
      if (ending_) return;
      if (!open_ || worker >= job_.threads) continue;
      const Job job = job_;
      active_++;
      lock.unlock();
      takeTasks(next_, job, worker);
      lock.lock();
      if (--active_ == 0) done_.notify_one();
    }
  }

  std::vector<std::thread> members_;
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  Job job_ = {};
  std::atomic<int> next_{0}, active_{0};
  // How many there have been; the members wait for it to change.
  std::atomic<unsigned> jobs_{0};
  int sleeping_ = 0;
  bool open_ = false, ending_ = false;
};

}  // namespace

void runTasks(int tasks, int threads, TaskBody body, void* context) {
  const Job job = {tasks, threads < tasks ? threads : tasks, body, context};
  if (job.threads <= 1) {
    std::atomic<int> next{0};
    return takeTasks(next, job, 0);
  }
  thread_local Team team;
  team.run(job);
}

}  // namespace selfadapt::kernels
