// Class imbalance: classes with too few samples to be learned.
import { countFlags, type IssueKind } from "./define-kind.js";

/** A class is rare below this share of an equal one. @see cleanlab's Datalab, whose default this is */
const rareFraction = 0.1;

/**
 * A class y of K with n_y of n labeled samples is rare where n_y / n < 0.1 / K. All of its samples are flagged.
 *
 *     score = 2^(-(n_y / n) / (0.1 / K))        over 0.5 for rare classes
 */
export const imbalance: IssueKind = {
  name: "imbalance",
  title: "class imbalance",
  needs: ["labels"],
  advice: "collect more of the rare classes, or train with class weights (--class-weights balanced)",
  find({ classes, part: { labels } }) {
    const counts = countLabels(labels, classes.length);
    const samples = counts.reduce((sum, count) => sum + count, 0);
    const bound = rareFraction / classes.length;
    const share = (label: number) => counts[label]! / samples;
    const scores = Float32Array.from(labels, (label) => (label < 0 ? Number.NaN : 2 ** (-share(label) / bound)));
    const flags = Uint8Array.from(labels, (label) => Number(label >= 0 && share(label) < bound));
    const rare = classes.flatMap((name, label) =>
      counts[label]! / samples < bound ? [{ name, count: counts[label]! }] : [],
    );
    const column = { name: "class_imbalance", scores, flags };
    return { columns: [column], groups: [], summary: summaryOf(rare, countFlags(column), counts) };
  },
};

function countLabels(labels: Int32Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) if (label >= 0) counts[label]! += 1;
  return counts;
}

function summaryOf(
  rare: readonly { name: string; count: number }[],
  samples: number,
  counts: readonly number[],
): string {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  if (rare.length === 0) return `none: classes have ${least} to ${most} samples`;
  const shown = rare.toSorted((a, b) => a.count - b.count).slice(0, 5);
  const more = rare.length > shown.length ? ` and ${rare.length - shown.length} more` : "";
  return `${rare.length} rare of ${counts.length} classes, ${samples} samples: ${shown.map(({ name, count }) => `${name} (${count})`).join(", ")}${more}`;
}
