// Who owns which row of (samples, ...) arrays: each rank a consecutive block, nearly as long as every other.

/** Consecutive rows. */
export interface Block {
  /** The first row. */
  readonly first: number;
  readonly count: number;
}

interface Rank {
  readonly rank: number;
  readonly world: number;
}

/** The rows of one rank: from floor(rank samples / world) up to the first of the next rank. */
export function blockBounds(samples: number, { rank, world }: Rank): Block {
  const boundary = (i: number) => Math.floor((i * samples) / world);
  return { first: boundary(rank), count: boundary(rank + 1) - boundary(rank) };
}

/** The rank whose block has the row. */
export const ownerOf = (row: number, samples: number, world: number): number =>
  Math.ceil(((row + 1) * world) / samples) - 1;
