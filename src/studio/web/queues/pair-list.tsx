// The largest cells of the noise matrix as a list.
import { runAddress } from "../app/address.js";
import { count } from "../ui/text.js";
import { type MatrixProps, SUSPECT } from "./noise-matrix.js";

const SHOWN = 40;

export function PairList({ run, classes, pairs, shared }: MatrixProps) {
  return (
    <ol class="pair-list">
      {largestPairs(classes, pairs, SHOWN).map(({ given, suggested, n }) => (
        <li key={`${given} ${suggested}`}>
          <a href={runAddress(run, "review", { ...shared, given, suggested, minWrong: SUSPECT })}>
            {given} → {suggested}
          </a>{" "}
          <span class="soft">{count(n)}</span>
        </li>
      ))}
    </ol>
  );
}

/** The pairs with the most suspects, largest first. */
export function largestPairs(classes: readonly string[], pairs: MatrixProps["pairs"], most: number) {
  const all = pairs.flatMap((row, i) =>
    row.map((n, j) => ({ given: classes[i] as string, suggested: classes[j] as string, n })),
  );
  return all
    .filter(({ n }) => n > 0)
    .sort((a, b) => b.n - a.n)
    .slice(0, most);
}
