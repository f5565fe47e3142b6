// The plan and the estimated time of a study as text.
import { counted, roughDuration } from "../../../format.js";
import { type PlannedRun, secondsOfAll } from "../../../studies/index.js";
import { alignedRows } from "../../shared/output.js";

interface Cost {
  /** Seconds of each remaining run. */
  readonly expected: readonly number[];
  readonly jobs: number;
  /** Runs that are finished. */
  readonly finished: number;
}

/** "36 runs of about 3 min each, 2 at a time: about 1 h". */
export function costLine({ expected, jobs, finished }: Cost): string {
  const before = finished === 0 ? "" : `${counted(finished, "run")} finished before; `;
  if (expected.length === 0) return `${before}nothing left to run`;
  const [least, most] = [Math.min(...expected), Math.max(...expected)].map(roughDuration);
  const each = least === most ? `about ${most}` : `about ${least} to ${most}`;
  const atOnce = Math.min(jobs, expected.length);
  const total = roughDuration(secondsOfAll(expected, jobs));
  return `${before}${counted(expected.length, "run")} of ${each} each, ${atOnce} at a time: about ${total}`;
}

/** The runs with the keys of their recipes. */
export function planLines(runs: readonly PlannedRun[]): string[] {
  const rows = runs.map(({ folder, recipe }): [string, string] => [folder, recipeText(recipe)]);
  return [...alignedRows(rows), "", "dry run: nothing was written"];
}

function recipeText(recipe: PlannedRun["recipe"]): string {
  const keys = Object.entries(recipe).filter(([key]) => key !== "data");
  return keys.map(([key, value]) => `${key}=${String(value)}`).join(" ");
}
