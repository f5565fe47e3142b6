// Tasks on threads. Which thread takes which task is left to chance, so tasks share nothing that they write.
#pragma once

namespace selfadapt::kernels {

using TaskBody = void (*)(void* context, int task);

// Runs body(context, task) for every task from 0 to tasks - 1, on at most so many threads, and waits for all of them.
void runTasks(int tasks, int threads, TaskBody body, void* context);

template <class Body>
void parallelFor(int tasks, int threads, const Body& body) {
  const auto call = [](void* context, int task) { (*static_cast<const Body*>(context))(task); };
  runTasks(tasks, threads, call, const_cast<Body*>(&body));
}

}  // namespace selfadapt::kernels
