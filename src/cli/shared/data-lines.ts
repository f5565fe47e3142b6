// The summary of a data set that `train` and `inspect` print.
import type { DataSummary, PartSummary } from "../../data/summary.js";

type Row = [string, string];

/** With more classes, only a summary is printed. */
const maxListed = 12;

/** A row for each part: the number of samples, their folder, and the samples of each class. */
export function partRows({ classes, ...parts }: DataSummary): Row[] {
  const row = (name: string, part: PartSummary | null): Row => [name, part === null ? "none" : partText(part, classes)];
  return [row("training", parts.training), row("validation", parts.validation), row("test", parts.test)];
}

function partText({ samples, counts, unlabeled, folder }: PartSummary, classes: readonly string[]): string {
  const without = unlabeled === 0 ? "" : `, ${unlabeled} without a label`;
  return `${samples}${folder === null ? "" : ` in ${folder}`}: ${countsText(counts, classes)}${without}`;
}

/** `cat 4, dog 4`; with many classes only the smallest and the largest. */
function countsText(counts: readonly number[], classes: readonly string[]): string {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  if (counts.every((count) => count === 0)) return "no labels";
  if (counts.length <= maxListed) return classes.map((name, i) => `${name} ${counts[i]}`).join(", ");
  if (least === most) return `${least} of each of ${counts.length} classes`;
  const named = (count: number) => `${count} (${classes[counts.indexOf(count)]})`;
  return `${counts.length} classes of ${named(least)} to ${named(most)}`;
}
