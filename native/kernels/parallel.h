// Parallel tasks. They run on threads in any order, so no two tasks write to the same memory. A task starts no tasks.
#pragma once

namespace selfadapt::kernels {

using TaskBody = void (*)(void* context, int task, int worker);

// Runs body(context, task, worker) for every task from 0 to tasks - 1, on at most so many threads, and waits for all of them.
// `worker`, from 0 to threads - 1, identifies the thread, for its scratch memory.
void runTasks(int tasks, int threads, TaskBody body, void* context);

template <class Body>
void parallelFor(int tasks, int threads, const Body& body) {
  const auto call = [](void* context, int task, int) { (*static_cast<const Body*>(context))(task); };
  runTasks(tasks, threads, call, const_cast<Body*>(&body));
}

// The same for body(task, worker).
template <class Body>
void parallelWorkers(int tasks, int threads, const Body& body) {
  const auto call = [](void* context, int task, int worker) { (*static_cast<const Body*>(context))(task, worker); };
  runTasks(tasks, threads, call, const_cast<Body*>(&body));
}

}  // namespace selfadapt::kernels
