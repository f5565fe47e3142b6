// Methods compared under each condition of a study's matrix, run against run of the same seed.
import type { Spread } from "../../../metrics/index.js";
import { bySeed, lastEpoch, type PairedDifference, pairedDifference } from "../statistics.js";
import type { StudyResults, StudyRowResults } from "../types.js";

/** A part of the matrix: what its finished runs cover. */
export interface MatrixPart {
  readonly name: string;
  readonly title: string;
  readonly conditions: readonly string[];
  readonly methods: readonly string[];
  /** The row of a method under a condition. */
  readonly row: (method: string, condition: string) => StudyRowResults | undefined;
}

/** The parts with finished runs; conditions and methods in the study's order, those without runs left out. */
export function matrixParts({ matrix, rows }: StudyResults): MatrixPart[] {
  const parts = (matrix?.parts ?? []).map(({ name, title }) => {
    const all = rows.filter(({ cell }) => cell?.part === name);
    const own = all.filter(({ runs }) => runs.length > 0);
    const distinct = (key: "condition" | "method") => {
      const measured = new Set(own.map(({ cell }) => cell![key]));
      return [...new Set(all.map(({ cell }) => cell![key]))].filter((value) => measured.has(value));
    };
    const row = (method: string, condition: string) =>
      own.find(({ cell }) => cell?.method === method && cell.condition === condition);
    return { name, title, conditions: distinct("condition"), methods: distinct("method"), row };
  });
  return parts.filter(({ methods }) => methods.length > 0);
}

/** The difference in test accuracy, run against run of the same seed. */
export const accuracyDifference = (a: StudyRowResults, b: StudyRowResults): PairedDifference | null =>
  pairedDifference(accuraciesOf(a), accuraciesOf(b));

const accuraciesOf = ({ runs }: StudyRowResults) => bySeed(runs, ({ summary }) => summary.testAccuracy);

/** The methods of a condition, the best mean first, and those that are not reliably worse than it. */
export interface Ranking {
  readonly condition: string;
  readonly best: string;
  readonly accuracy: Spread;
  /** Methods whose 95% interval of the difference to the best includes zero; null where there is no interval, as for one seed. */
  readonly level: readonly string[] | null;
}

/** Which method is best under each condition with runs of two or more, and which cannot be told from it. */
export function rankings(part: MatrixPart): Ranking[] {
  return part.conditions.flatMap((condition) => {
    const measured = part.methods
      .flatMap((method) => {
        const row = part.row(method, condition);
        const accuracy = row === undefined ? null : lastEpoch(row);
        return row === undefined || accuracy === null ? [] : [{ method, row, accuracy }];
      })
      .sort((a, b) => b.accuracy.mean - a.accuracy.mean);
    const [best, ...others] = measured;
    if (best === undefined || others.length === 0) return [];
    const compared = others.flatMap(({ method, row }) => {
      const interval = accuracyDifference(row, best.row)?.interval ?? null;
      return interval === null ? [] : [{ method, isLevel: interval[1] >= 0 }];
    });
    const level = compared.filter(({ isLevel }) => isLevel).map(({ method }) => method);
    return [{ condition, best: best.method, accuracy: best.accuracy, level: compared.length === 0 ? null : level }];
  });
}
