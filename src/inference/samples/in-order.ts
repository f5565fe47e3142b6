// Runs a bounded number of tasks ahead and yields their results in order.

/** Runs at most `limit` tasks at a time, on demand, and yields the results in order. A task must not reject. */
export async function* inOrder<T>(tasks: AsyncIterable<() => Promise<T>>, limit: number): AsyncGenerator<T> {
  const running: Promise<T>[] = [];
  for await (const task of tasks) {
    running.push(task());
    if (running.length >= limit) yield await (running.shift() as Promise<T>);
  }
  for (const result of running) yield await result;
}
