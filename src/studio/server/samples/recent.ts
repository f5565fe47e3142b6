// Keeps what was made last, up to a number of bytes.

export interface Recent<Value> {
  /** The kept value, or the one that `make` gives. */
  get(key: string, make: () => Promise<Value>): Promise<Value>;
}

export function keepRecent<Value>(mostBytes: number, bytesOf: (value: Value) => number): Recent<Value> {
  const kept = new Map<string, Value>();
  let total = 0;
  return {
    async get(key, make) {
      const known = kept.get(key);
      const value = known ?? (await make());
      if (kept.delete(key)) total -= bytesOf(value);
      kept.set(key, value);
      total += bytesOf(value);
      for (const [oldest, old] of kept) {
        if (total <= mostBytes) break;
        kept.delete(oldest);
        total -= bytesOf(old);
      }
      return value;
    },
  };
}
