// Blocks of bytes kept in memory up to a limit; the one unused for longest goes first.

/** Buffers that were read together. */
export type Block = readonly (Uint8Array | string)[];

export interface BlockCache {
  /** The block of a name, read by `read` where it is not kept; at most `parallel` reads run at a time. */
  get(name: string, read: () => Promise<Block>): Promise<Block>;
}

const sizeOf = (block: Block) => block.reduce((sum, { length }) => sum + length, 0);

/** A cache of at most `limit` bytes, and of the blocks that are being read. */
export function blockCache(limit: number, parallel: number): BlockCache {
  const kept = new Map<string, { readonly block: Promise<Block>; bytes: number }>();
  const waiting: (() => void)[] = [];
  let [total, running] = [0, 0];

  async function inTurn(read: () => Promise<Block>): Promise<Block> {
    if (running >= parallel) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await read();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  }

  function evict(): void {
    for (const [name, { bytes }] of kept) {
      if (total <= limit) return;
      if (bytes === 0) continue;
      kept.delete(name);
      total -= bytes;
    }
  }

  function add(name: string, read: () => Promise<Block>): Promise<Block> {
    const entry = { block: inTurn(read), bytes: 0 };
    kept.set(name, entry);
    entry.block.then(
      (block) => {
        if (kept.get(name) !== entry) return;
        entry.bytes = sizeOf(block);
        total += entry.bytes;
        evict();
      },
      () => kept.delete(name),
    );
    return entry.block;
  }

  return {
    get(name, read) {
      const found = kept.get(name);
      if (found === undefined) return add(name, read);
      kept.delete(name);
      kept.set(name, found);
      return found.block;
    },
  };
}
