// The lines of a coverage table: which row they are read from, by which score of confidence, and what they are set against.
import { z } from "zod";
import { didYouMean } from "../errors.js";
import { scoreNames } from "../metrics/index.js";
import { COVERAGES } from "../reports/index.js";

const fraction = () => z.number().min(0).max(1);

/** The mean, or the mean and its deviation. */
const published = z.union([
  fraction().transform((mean) => [mean] as const),
  z.tuple([fraction(), fraction()]).readonly(),
]);

export const lineSchema = z.strictObject({
  /** Lines of one name in a group are one line, as of a method that is trained again for every coverage. (Default: the row's name.) */
  name: z.string().min(1).optional(),
  /** Confidence score (default: the method's). */
  score: z.enum(scoreNames).optional(),
  /** The coverages, in per cent, of this row (default: all of them). */
  at: z.array(z.literal(COVERAGES)).min(1).optional(),
  /** Errors as fractions of 1, by coverage. */
  paper: z
    .strictObject({ source: z.string(), errorAtCoverage: z.partialRecord(z.enum(COVERAGES.map(String)), published) })
    .optional(),
});

type Line = z.output<typeof lineSchema>;

interface LinedRow {
  readonly name: string;
  readonly group?: string | undefined;
  readonly lines?: readonly Line[] | undefined;
}

interface LinedProfile {
  readonly rows?: readonly LinedRow[] | undefined;
  readonly draw: string;
  readonly baseline?: string | undefined;
}

const namesOf = ({ name, lines = [{}] }: LinedRow) => lines.map((line) => line.name ?? name);

/** What is wrong with the lines of a profile; null where all is well. */
export function linesProblem({ rows = [], draw, baseline }: LinedProfile): string | null {
  if (draw !== "coverage") {
    const stray = rows.find(({ lines }) => lines !== undefined)?.name;
    if (stray !== undefined) return `the lines of "${stray}" are for draw: coverage; received ${draw}`;
    return baseline === undefined || draw === "robust"
      ? null
      : `baseline is for draw: coverage or robust; received ${draw}`;
  }
  if (rows.length === 0) return "draw: coverage needs rows; received a grid";
  const names = rows.flatMap(namesOf);
  if (baseline !== undefined && !names.includes(baseline)) {
    return `baseline: received "${baseline}"; expected a line of the table${didYouMean(baseline, names)}`;
  }
  return cellTwice(rows);
}

function cellTwice(rows: readonly LinedRow[]): string | null {
  const seen = new Set<string>();
  for (const { name: row, group, lines = [{}] } of rows) {
    for (const { name = row, at = COVERAGES } of lines) {
      for (const coverage of at) {
        const cell = JSON.stringify([group, name, coverage]);
        if (seen.has(cell)) return `the line "${name}" has coverage ${coverage} twice; expected it of one row`;
        seen.add(cell);
      }
    }
  }
  return null;
}
