// A table of several runs side by side, for the page and for a terminal.

import { duration, percent } from "../../format.js";
import { type Html, html } from "../html/html.js";
import { finalFigure, labelNoise } from "../run-page/headline-figures.js";
import type { NamedRun } from "../types.js";

interface Row {
  readonly name: string;
  readonly read: (run: NamedRun) => number | null;
  readonly write: (value: number) => string;
  /** Which value is printed in bold; null where neither direction is better. */
  readonly best: "highest" | "lowest" | null;
}

const ROWS: readonly Row[] = [
  { name: "Training labels wrong", read: labelNoise, write: percent, best: null },
  { name: "Test accuracy", read: (run) => finalFigure(run, "testAccuracy"), write: percent, best: "highest" },
  {
    name: "Wrong labels memorized",
    read: (run) => finalFigure(run, "wrongLabelsMemorized"),
    write: percent,
    best: "lowest",
  },
  {
    name: "Training accuracy, true labels",
    read: (run) => finalFigure(run, "cleanTrainAccuracy"),
    write: percent,
    best: "highest",
  },
  {
    name: "True labels recovered",
    read: (run) => finalFigure(run, "recoveredLabels"),
    write: percent,
    best: "highest",
  },
  { name: "Time", read: ({ summary }) => summary.seconds, write: duration, best: null },
];

/** The final metrics of the runs as lines of text, one column for each run; rows without any value are left out. */
export function comparisonTable(runs: readonly NamedRun[]): string[] {
  const lines = [
    ["", ...runs.map(({ name }) => name)],
    ...knownRows(runs).map((row) => [row.name, ...texts(row, runs)]),
  ];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines.map(([name, ...values]) =>
    [name!.padEnd(widths[0]!), ...values.map((value, i) => value.padStart(widths[i + 1]!))].join("   ").trimEnd(),
  );
}

/** The same metrics as an HTML table, the best of each row in bold. */
export function comparisonFigures(runs: readonly NamedRun[]): Html {
  return html`<div class="table"><table class="numbers">
<thead><tr><th scope="col">At the end</th>${runs.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${knownRows(runs).map((row) => html`<tr><th scope="row">${row.name}</th>${cells(row, runs)}</tr>\n`)}</tbody>
</table></div>
`;
}

function knownRows(runs: readonly NamedRun[]): Row[] {
  return ROWS.filter(({ read }) => runs.some((run) => read(run) !== null));
}

function texts({ read, write }: Row, runs: readonly NamedRun[]): string[] {
  return runs.map((run) => {
    const value = read(run);
    return value === null ? "\u2013" : write(value);
  });
}

function cells(row: Row, runs: readonly NamedRun[]): Html[] {
  const winner = bestValue(row, runs);
  return texts(row, runs).map((text, i) =>
    winner !== null && row.read(runs[i]!) === winner ? html`<td><b>${text}</b></td>` : html`<td>${text}</td>`,
  );
}

function bestValue({ read, best }: Row, runs: readonly NamedRun[]): number | null {
  const values = runs.map(read).filter((value) => value !== null);
  if (best === null || new Set(values).size < 2) return null;
  return best === "highest" ? Math.max(...values) : Math.min(...values);
}
