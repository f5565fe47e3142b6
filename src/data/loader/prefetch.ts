// Batches made ready ahead of their use, so that whoever takes them seldom waits.

/** Gives what was made of `batches[at]` for an epoch; `batches` are the same arrays from one call to the next. */
export type Take<T> = (batches: readonly Int32Array[], at: number, epoch: number) => Promise<T>;

/**
 * Makes something of batches as they are taken in order: of the one asked for and of the `ahead` that follow it, never of
 * more, all at once. What was made of others, or for another epoch, is forgotten. A failure is that of its own batch.
 */
export function prefetch<T>(make: (batch: Int32Array, epoch: number) => Promise<T>, ahead: number): Take<T> {
  let begun = new Map<Int32Array, Promise<T>>();
  let begunFor = 0;
  const begin = (batch: Int32Array, epoch: number) => {
    const made = make(batch, epoch);
    // Who takes the batch hears of its failure; nobody may ever do so.
    made.catch(() => {});
    return made;
  };
  return (batches, at, epoch) => {
    if (epoch !== begunFor) begun.clear();
    begunFor = epoch;
    const wanted = batches.slice(at, at + 1 + ahead);
    begun = new Map(wanted.map((batch) => [batch, begun.get(batch) ?? begin(batch, epoch)]));
    return begun.get(batches[at] as Int32Array) as Promise<T>;
  };
}
