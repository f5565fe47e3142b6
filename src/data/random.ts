// Random numbers keyed by their purpose, so that a resumed run draws the same as an uninterrupted one.
import { createHash } from "node:crypto";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

/** A stream of random draws; every method advances it. */
export interface Random {
  /** A float64 in [0, 1). */
  uniform(): number;
  /** A whole number in [0, n). */
  integer(n: number): number;
  /** A draw of N(0, 1). */
  normal(): number;
  /** The numbers 0 to n - 1 in random order. */
  permutation(n: number): Int32Array;
  /** `count` distinct numbers of 0 to n - 1, in random order. Throws `RangeError` where count > n. */
  sample(n: number, count: number): Int32Array;
}

/**
 * The stream that belongs to a tuple of keys, such as `(seed, epoch, "order")`: the same keys give the same draws on
 * every machine, and keys that differ anywhere give unrelated ones.
 *
 * state = the first 128 bits of sha256(JSON of the keys), driving xoroshiro128+
 * @throws RangeError for a key that is not finite.
 */
export function randomFrom(...keys: readonly (number | string)[]): Random {
  for (const key of keys) {
    if (typeof key === "number" && !Number.isFinite(key)) throw new RangeError(`random key ${key} is not finite`);
  }
  const digest = createHash("sha256").update(JSON.stringify(keys)).digest();
  const source = xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => digest.readInt32LE(offset)));
  const uniform = () => uniformFloat64(source);
  const integer = (n: number) => uniformInt(source, 0, n - 1);
  const sample = (n: number, count: number) => drawWithoutReplacement(integer, n, count);
  return { uniform, integer, normal: normalFrom(uniform), sample, permutation: (n) => sample(n, n) };
}

/** Marsaglia's polar method, which makes two draws at a time: the second is kept for the next call. */
function normalFrom(uniform: () => number): () => number {
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const kept = spare;
      spare = null;
      return kept;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square === 0 || square >= 1) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * scale;
      return x * scale;
    }
  };
}

/** The first `count` steps of a Fisher-Yates shuffle. */
function drawWithoutReplacement(integer: (n: number) => number, n: number, count: number): Int32Array {
  if (count > n) throw new RangeError(`cannot draw ${count} of ${n} without replacement`);
  const items = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < count; i++) {
    const j = i + integer(n - i);
    const item = items[i]!;
    items[i] = items[j]!;
    items[j] = item;
  }
  return count === n ? items : items.slice(0, count);
}
