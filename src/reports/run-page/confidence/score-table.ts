// A table of the error at each coverage for each confidence score.
import { areaUnderRiskCoverage, errorAtCoverage, type ScoreName } from "../../../metrics/index.js";
import type { ScoreFigures } from "../../../runs/files/run-summary.js";
import { figure } from "../../html/figure.js";
import { type Html, html } from "../../html/html.js";
import { COVERAGES } from "../../study-page/coverage/coverages.js";
import { type Abstention, SCORE_NAMES } from "./abstention.js";

/** One row per score, the run's first; MC dropout from the run's summary. */
export function scoreFigure(
  { confidences, correct, score: primary }: Abstention,
  dropout: ScoreFigures | undefined,
): Html {
  const measured = [...confidences].map(([score, confidence]): [ScoreName, ScoreFigures] => [
    score,
    { errorAtCoverage: errorAtCoverage(confidence, correct), aurc: areaUnderRiskCoverage(confidence, correct) },
  ]);
  const rows = dropout ? [...measured, ["mc-dropout", dropout] as const] : measured;
  return figure({
    title: "Error at coverage",
    caption: "Selective risk in percent for each confidence score; AURC is the area under the risk-coverage curve.",
    legend: null,
    content: html`<div class="plot"><table class="numbers scores">
<thead><tr><th scope="col">Coverage</th>${COVERAGES.map((coverage) => html`<th scope="col">${coverage}</th>`)}<th scope="col">AURC</th></tr></thead>
<tbody>
${rows.map(([score, figures]) => row(score, figures, score === primary))}</tbody>
</table></div>`,
  });
}

function row(score: ScoreName, { errorAtCoverage: errors, aurc }: ScoreFigures, isPrimary: boolean): Html {
  const cell = (value: number | undefined) => {
    const text = value === undefined ? "\u2013" : (100 * value).toFixed(2);
    return html`<td>${isPrimary ? html`<b>${text}</b>` : text}</td>`;
  };
  const cells = [...COVERAGES.map((coverage) => errors[coverage]), aurc].map(cell);
  return html`<tr><th scope="row">${isPrimary ? html`<b>${SCORE_NAMES[score]}</b>` : SCORE_NAMES[score]}</th>${cells}</tr>\n`;
}
