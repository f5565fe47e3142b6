// The most confused pairs of classes, as a table with bars.

import type { Findings } from "../../../issues/findings.js";
import { barCell } from "../../html/bars.js";
import { figure } from "../../html/figure.js";
import { type Html, html } from "../../html/html.js";
import { type ConfusedPair, confusedPairs } from "./confusion.js";

const MOST_ROWS = 12;

/** A card with the twelve most confused pairs; null without confusion. */
export function pairFigure({ noiseMatrix, classes }: Findings): Html | null {
  const pairs = confusedPairs(noiseMatrix, classes).slice(0, MOST_ROWS);
  const [first] = pairs;
  if (!first) return null;
  const row = ({ truth, given, fraction }: ConfusedPair) =>
    html`<tr><th scope="row">${truth}, labeled ${given}</th>${barCell(fraction, first.fraction, "var(--heat)")}</tr>\n`;
  return figure({
    title: "Most confused pairs",
    caption: "The estimated fraction of a class's samples that have the other label.",
    legend: null,
    content: html`<table class="pairs"><tbody>\n${pairs.map(row)}</tbody></table>`,
  });
}
