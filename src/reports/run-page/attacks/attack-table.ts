// Every attack on a run, as a table; those that try several in turn have a row for each.

import type { TriedAttack } from "../../../attacks/index.js";
import type { AttackResult } from "../../../evaluation/attack/result.js";
import { duration, percent, radiusText } from "../../../format.js";
import { count } from "../../html/format.js";
import { type Html, html } from "../../html/html.js";
import { attackName, attackTitle } from "./attack-names.js";

const HEAD = ["Attack", "Epsilon", "Weights", "Images", "Natural", "Robust", "95% interval", "Time"];

/** The strongest attack of each radius last, as it says the most; null where there are none. */
export function attackTable(results: readonly AttackResult[]): Html | null {
  if (results.length === 0) return null;
  const sorted = [...results].sort((a, b) => a.epsilon - b.epsilon || b.robustAccuracy - a.robustAccuracy);
  const warnings = [...new Set(sorted.flatMap((result) => result.warnings))];
  return html`<p class="lead">Robust accuracy: answers that are right as the images are, and stay right after the attack. It is an upper bound, for a stronger attack may find more.</p>
<div class="table"><table class="numbers attacks">
<thead><tr>${HEAD.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${sorted.map(rows)}</tbody>
</table></div>
${warnings.map((warning) => html`<p class="note-below">Warning: ${warning}</p>\n`)}`;
}

function rows(result: AttackResult): Html {
  const { checkpoint, epoch, samples, naturalAccuracy, robustAccuracy, intervals, attacks, seconds } = result;
  const [low, high] = intervals.robustAccuracy;
  const weights = typeof checkpoint === "number" ? `epoch ${epoch}` : `${checkpoint}, epoch ${epoch}`;
  const cells = [
    radiusText(result),
    weights,
    count(samples),
    percent(naturalAccuracy),
    html`<b>${percent(robustAccuracy)}</b>`,
    `${percent(low)} to ${percent(high)}`,
    duration(seconds),
  ];
  return html`<tr><th scope="row">${attackTitle(result)}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>
${attacks.length < 2 ? null : attacks.map(memberRow)}`;
}

function memberRow({ name, tried, broken, robustAccuracy, seconds }: TriedAttack): Html {
  const found = `${count(broken)} of ${count(tried)} fell`;
  const cells = ["", "", "", "", percent(robustAccuracy), found, duration(seconds)];
  return html`<tr class="member"><th scope="row">\u2013 ${attackName(name)}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`;
}
