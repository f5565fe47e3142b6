// A queue of tasks, a few of which run at a time.

/**
 * Runs `work` for each item, at most `jobs` at once, in order; starts none after the signal.
 * @throws the first error of `work`, after which nothing more is started, when all running work has ended
 */
export async function eachOf<T>(
  items: readonly T[],
  { jobs, signal }: { readonly jobs: number; readonly signal: AbortSignal },
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    while (!signal.aborted) {
      const item = waiting.shift();
      if (item === undefined) return;
      try {
        await work(item);
      } catch (error) {
        waiting.length = 0;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: jobs }, worker));
  const failure = ends.find((end) => end.status === "rejected");
  if (failure !== undefined) throw failure.reason;
}
