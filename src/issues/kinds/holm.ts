// Several tests at once.

/**
 * p corrected after Holm (1979), in the order given: of rank r (from 0) of m, the largest (m - rank) p of the ranks up to r, at
 * most 1.
 */
export function holm(ps: readonly number[]): number[] {
  const corrected = new Array<number>(ps.length);
  let least = 0;
  [...ps.keys()]
    .sort((a, b) => ps[a]! - ps[b]!)
    .forEach((i, rank) => {
      least = Math.max(least, Math.min(1, (ps.length - rank) * ps[i]!));
      corrected[i] = least;
    });
  return corrected;
}
