// The pairs of classes most confused, as a table with bars.

import type { Findings } from "../../../issues/findings.js";
import { barCell } from "../../html/bars.js";
import { figure } from "../../html/figure.js";
import { type Html, html } from "../../html/html.js";
import { type ConfusedPair, confusedPairs } from "./confusion.js";

const MOST_ROWS = 12;

/** A card with the twelve pairs most confused; null where no class is taken for another. */
export function pairFigure({ noiseMatrix, classes }: Findings): Html | null {
  const pairs = confusedPairs(noiseMatrix, classes).slice(0, MOST_ROWS);
  const [first] = pairs;
  if (!first) return null;
  const row = ({ truth, given, share }: ConfusedPair) =>
    html`<tr><th scope="row">${truth}, labeled ${given}</th>${barCell(share, first.share, "var(--heat)")}</tr>\n`;
  return figure({
    title: "Pairs most confused",
    caption: "The estimated share of a class's samples that carry the other's label.",
    legend: null,
    content: html`<table class="pairs"><tbody>\n${pairs.map(row)}</tbody></table>`,
  });
}
