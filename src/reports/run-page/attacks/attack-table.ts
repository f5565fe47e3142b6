// Every attack on a run, as a table; with a row for each component of an ensemble.

import type { TriedAttack } from "../../../attacks/index.js";
import type { AttackResult } from "../../../evaluation/attack/result.js";
import { duration, percent, radiusText } from "../../../format.js";
import { count } from "../../html/format.js";
import { type Html, html } from "../../html/html.js";
import { attackName, attackTitle } from "./attack-names.js";

const HEAD = ["Attack", "Epsilon", "Weights", "Images", "Natural", "Robust", "95% interval", "Time"];

/** By radius, the strongest attack last; null without attacks. */
export function attackTable(results: readonly AttackResult[]): Html | null {
  if (results.length === 0) return null;
  const sorted = [...results].sort((a, b) => a.epsilon - b.epsilon || b.robustAccuracy - a.robustAccuracy);
  const warnings = [...new Set(sorted.flatMap((result) => result.warnings))];
  return html`<p class="lead">Robust accuracy: the fraction of images classified correctly both before and after the attack. It is an upper bound: a stronger attack may find more adversarial examples.</p>
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
${attacks.length < 2 ? null : attacks.map(componentRow)}`;
}

function componentRow({ name, tried, fooled, robustAccuracy, seconds }: TriedAttack): Html {
  const successes = `fooled on ${count(fooled)} of ${count(tried)}`;
  const cells = ["", "", "", "", percent(robustAccuracy), successes, duration(seconds)];
  return html`<tr class="component"><th scope="row">\u2013 ${attackName(name)}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`;
}
