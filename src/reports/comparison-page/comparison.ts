// The comparison page: one plot for each metric, with a curve for each run.

import { curvesDrawing } from "../charts/curves.js";
import { figureGrid } from "../html/figure.js";
import { html } from "../html/html.js";
import { page, section } from "../html/page.js";
import { describeComparison } from "../run-page/run-description.js";
import { sharedSettings } from "../run-page/subtitle.js";
import { recipeTable } from "../run-page/tables.js";
import type { ComparisonInput } from "../types.js";
import { comparisonPlots } from "./comparison-plots.js";
import { comparisonFigures } from "./comparison-table.js";

/** The self-contained page of several runs; the first is the baseline of the others. */
export async function renderComparison({ title, runs }: ComparisonInput): Promise<string> {
  const description = describeComparison(runs);
  const body = html`${description === "" ? null : html`<p class="description">${description}</p>\n`}
${section("Side by side", comparisonFigures(runs))}
${section("Training curves", await figureGrid(comparisonPlots({ runs }).map(curvesDrawing)))}
${section("Recipes", recipeTable(runs))}`;
  return page({ title, facts: sharedSettings(runs), body });
}
