// The results of a search: a table of its trials, the best one first, and its recipe.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { writeFileAtomic } from "../../atomic-files.js";
import { csvText } from "../../csv-text.js";
import { percent } from "../../format.js";
import type { Rung } from "./rungs.js";
import { recipeOfTrial, type Trial } from "./trials.js";

export interface TrialResult {
  readonly trial: string;
  /** What was drawn. */
  readonly drawn: Readonly<Record<string, unknown>>;
  /** Epochs of training when it was last compared. */
  readonly epochs: number;
  /** Accuracy on held-out samples against their given labels; null for a trial that failed. */
  readonly heldOutAccuracy: number | null;
  readonly runs: readonly string[];
}

export interface SearchResults {
  readonly title: string;
  readonly strategy: string;
  readonly rungs: readonly Rung[];
  /** The best first: those that trained longer before the others. */
  readonly trials: readonly TrialResult[];
  /** The best trial and its recipe; null until the search is finished. */
  readonly best: { readonly trial: string; readonly recipe: string } | null;
}

export function resultOf({ row, runs }: Trial, epochs: number, score: number | null): TrialResult {
  return {
    trial: row.name,
    drawn: row.drawn ?? {},
    epochs,
    heldOutAccuracy: score,
    runs: runs.map(({ folder }) => folder),
  };
}

/** The best first, those that failed last; of equals the earlier one. */
export function ranked(trials: readonly TrialResult[]): TrialResult[] {
  const failed = trials.filter(({ heldOutAccuracy }) => heldOutAccuracy === null);
  const scored = trials.filter(({ heldOutAccuracy }) => heldOutAccuracy !== null);
  const byScore = (a: TrialResult, b: TrialResult) => (b.heldOutAccuracy as number) - (a.heldOutAccuracy as number);
  return [...scored.sort((a, b) => b.epochs - a.epochs || byScore(a, b)), ...failed];
}

/** Writes the table, and the recipe of the best trial. */
export function writeSearch(out: string, results: SearchResults, best: Trial | null): void {
  mkdirSync(out, { recursive: true });
  const write = (name: string, text: string) => writeFileAtomic(join(out, name), text);
  write("search.json", `${JSON.stringify(results, null, 2)}\n`);
  write("search.csv", searchCsv(results));
  if (best !== null) write("best.yaml", stringify(recipeOfTrial(best), { lineWidth: 0 }));
}

export const recipeFileIn = (out: string) => join(out, "best.yaml");

/** The header and the rows of the table, as text. */
export function searchTable({ trials }: Pick<SearchResults, "trials">): {
  readonly header: string[];
  readonly rows: string[][];
} {
  const keys = Object.keys(trials[0]?.drawn ?? {});
  const rows = trials.map(({ trial, drawn, epochs, heldOutAccuracy }) => [
    trial,
    ...keys.map((key) => textOf(drawn[key])),
    String(epochs),
    heldOutAccuracy === null ? "failed" : percent(heldOutAccuracy, 2),
  ]);
  return { header: ["trial", ...keys, "epochs", "held-out accuracy"], rows };
}

function searchCsv({ trials }: SearchResults): string {
  const keys = Object.keys(trials[0]?.drawn ?? {});
  const rows = trials.map(({ trial, drawn, epochs, heldOutAccuracy }) => [
    trial,
    ...keys.map((key) => textOf(drawn[key])),
    epochs,
    heldOutAccuracy,
  ]);
  return csvText(["trial", ...keys, "epochs", "heldOutAccuracy"], rows);
}

const textOf = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));
