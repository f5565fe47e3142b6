// The label quality of each class: a table with bars.

import type { ClassHealth, Findings } from "../../../issues/findings.js";
import { unknownReason } from "../../../issues/labels/rate/noise-rate.js";
import { barCell } from "../../html/bars.js";
import { count } from "../../html/format.js";
import { type Html, html } from "../../html/html.js";
import type { LabelRecord } from "../../types.js";
import { knownLabels, trueErrorRates } from "./confusion.js";

const MOST_ROWS = 30;

interface Row extends ClassHealth {
  /** The estimated fraction of wrong labels; null where the noise rate is unknown. */
  readonly estimated: number | null;
  /** The true fraction of wrong labels; null if unknown. */
  readonly wrong: number | null;
}

/** A row for each class, ordered by the estimated fraction of wrong labels, descending; null without classes. */
export function classTable({ classHealth, classes, noiseRate }: Findings, labels: LabelRecord | null): Html | null {
  if (classHealth.length === 0) return null;
  const known = labels && knownLabels(labels);
  const wrong = known && trueErrorRates(known.given, known.clean, classes);
  const isKnown = unknownReason(noiseRate) === null;
  const all = classHealth.map(
    (health): Row => ({
      ...health,
      estimated: isKnown ? health.labelErrorRate : null,
      wrong: wrong?.get(health.name) ?? null,
    }),
  );
  const rows = all.toSorted((a, b) => b.labelErrorRate - a.labelErrorRate).slice(0, MOST_ROWS);
  const columns = COLUMNS.filter(({ read }) => rows.some((row) => read(row) !== null));
  return html`<div class="table"><table class="numbers bars">
<thead><tr><th scope="col">Given label</th><th scope="col">Samples</th>${columns.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr><th scope="row">${row.name}</th><td>${count(row.samples)}</td>${columns.map((column) => shareCell(column, row, rows))}</tr>\n`)}</tbody>
</table></div>
${rows.length < all.length ? html`<p class="note-below">The ${rows.length} classes with the most errors, of ${count(all.length)}.</p>\n` : null}`;
}

interface Column {
  readonly name: string;
  readonly read: (row: Row) => number | null;
  readonly color: string;
  /** What fills the bar: 100%, or the largest value of any class. */
  readonly full: "all" | "largest";
}

const COLUMNS: readonly Column[] = [
  { name: "Estimated wrong", read: ({ estimated }) => estimated, color: "var(--heat)", full: "largest" },
  { name: "Actually wrong", read: ({ wrong }) => wrong, color: "var(--given)", full: "largest" },
  { name: "Test accuracy", read: ({ testAccuracy }) => testAccuracy, color: "var(--soft)", full: "all" },
];

function shareCell({ read, color, full }: Column, row: Row, rows: readonly Row[]): Html {
  const value = read(row);
  const largest = Math.max(...rows.flatMap((one) => [one.estimated ?? 0, one.wrong ?? 0]));
  return value === null ? html`<td>\u2013</td>` : barCell(value, full === "all" ? 1 : largest, color);
}
