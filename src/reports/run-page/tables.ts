// The tables of recipes and of epochs.
import { duration, percent } from "../../format.js";
import type { EpochMetrics } from "../../runs/files/epoch-metrics.js";
import { count, nats, rate } from "../html/format.js";
import { type Html, html } from "../html/html.js";
import type { RunRecord } from "../types.js";
import { leaves } from "./headline-figures.js";

const LAST_EPOCHS = 10;

/** A column for each run; with several runs, the rows in which they differ come first and are highlighted. */
export function recipeTable(runs: readonly { readonly name: string; readonly recipe: object }[]): Html | null {
  const recipes = runs.map(({ recipe }) => new Map(leaves(recipe)));
  const rows = [...new Set(recipes.flatMap((recipe) => [...recipe.keys()]))].map((key) => {
    const values = recipes.map((recipe) => (recipe.has(key) ? recipeValue(recipe.get(key)) : "\u2013"));
    return { key, values, differs: new Set(values).size > 1 };
  });
  if (rows.length === 0) return null;
  const sorted = [...rows.filter(({ differs }) => differs), ...rows.filter(({ differs }) => !differs)];
  const head =
    runs.length > 1
      ? html`<thead><tr><th scope="col">Option</th>${runs.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>\n`
      : null;
  return html`<div class="table"><table class="recipe${head ? "" : " bare"}">
${head}<tbody>
${sorted.map(({ key, values, differs }) => html`<tr${differs ? html` class="differs"` : null}><th scope="row">${key}</th>${values.map((value) => html`<td>${value}</td>`)}</tr>\n`)}</tbody>
</table></div>
`;
}

function recipeValue(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "\u2013");
}

/** A row for each of the last ten epochs; columns without values are left out; null before the first epoch. */
export function epochTable({ metrics }: RunRecord): Html | null {
  const last = metrics.slice(-LAST_EPOCHS);
  const columns = COLUMNS.filter(({ read }) => last.some((epoch) => read(epoch) != null));
  if (last.length === 0) return null;
  return html`<div class="table"><table class="numbers">
<thead><tr>${columns.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${last.map((epoch) => html`<tr>${columns.map((column) => cell(column, epoch))}</tr>\n`)}</tbody>
</table></div>
${metrics.length > last.length ? html`<p class="note-below">The last ${last.length} of ${metrics.length} epochs, counted from 0; all of them are in metrics.jsonl.</p>\n` : null}`;
}

interface Column {
  readonly name: string;
  readonly read: (epoch: EpochMetrics) => number | null | undefined;
  readonly write: (value: number) => string;
}

const COLUMNS: readonly Column[] = [
  { name: "Epoch", read: ({ epoch }) => epoch, write: String },
  { name: "Learning rate", read: ({ lr }) => lr, write: rate },
  { name: "Training loss", read: ({ trainLoss }) => trainLoss, write: nats },
  { name: "Training, given labels", read: ({ trainAccuracy }) => trainAccuracy, write: percent },
  { name: "Training, true labels", read: ({ cleanTrainAccuracy }) => cleanTrainAccuracy, write: percent },
  { name: "Validation", read: ({ validationAccuracy }) => validationAccuracy, write: percent },
  { name: "Test", read: ({ testAccuracy }) => testAccuracy, write: percent },
  { name: "Linear", read: ({ linearAccuracy }) => linearAccuracy, write: percent },
  { name: "Under PGD-20", read: ({ robustAccuracy }) => robustAccuracy, write: percent },
  { name: "Neighbors", read: ({ knnAccuracy }) => knnAccuracy, write: percent },
  { name: "Deviation", read: ({ embeddingDeviation }) => embeddingDeviation, write: rate },
  { name: "Effective rank", read: ({ effectiveRank }) => effectiveRank, write: rate },
  { name: "Recovered", read: ({ recoveredLabels }) => recoveredLabels, write: percent },
  { name: "Memorized", read: ({ wrongLabelsMemorized }) => wrongLabelsMemorized, write: percent },
  { name: "Time", read: ({ seconds }) => seconds, write: duration },
  { name: "Images/s", read: ({ imagesPerSecond }) => imagesPerSecond, write: count },
];

function cell({ name, read, write }: Column, epoch: EpochMetrics): Html {
  const value = read(epoch);
  const text = value == null ? "\u2013" : write(value);
  return name === "Epoch" ? html`<th scope="row">${text}</th>` : html`<td>${text}</td>`;
}
