// Work that is begun before its result is needed.

/**
 * Yields what `make` resolves to for each item, in order; while one is in use, the `ahead` that follow are being made. An
 * item that fails throws when it is its turn.
 */
export async function* prefetch<Item, Made>(
  items: readonly Item[],
  make: (item: Item) => Promise<Made>,
  ahead: number,
): AsyncGenerator<Made, void, undefined> {
  const begun: Promise<Made>[] = [];
  for (let next = 0, taken = 0; taken < items.length; taken++) {
    for (; next < items.length && next <= taken + ahead; next++) {
      const made = make(items[next] as Item);
      // The consumer may stop before it comes to this item.
      made.catch(() => {});
      begun.push(made);
    }
    yield await (begun.shift() as Promise<Made>);
  }
}
