// Asynchronous work started ahead of its use.

/**
 * Yields the result of `make` for each item, in order; while one is in use, the next `ahead` are in progress. A failure is
 * thrown when it is that item's turn.
 */
export async function* prefetch<Item, Made>(
  items: readonly Item[],
  make: (item: Item) => Promise<Made>,
  ahead: number,
): AsyncGenerator<Made, void, undefined> {
  const started: Promise<Made>[] = [];
  for (let next = 0, taken = 0; taken < items.length; taken++) {
    for (; next < items.length && next <= taken + ahead; next++) {
      const made = make(items[next] as Item);
      // The consumer may stop before it comes to this item.
      made.catch(() => {});
      started.push(made);
    }
    yield await (started.shift() as Promise<Made>);
  }
}
