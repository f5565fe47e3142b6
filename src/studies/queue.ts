// Several things to do, a few at a time.

/** Does `work` for each item, at most `jobs` at once, in order; begins no more once the signal is given. */
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
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
}
